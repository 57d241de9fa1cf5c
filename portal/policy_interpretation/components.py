"""What this plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    clock_kinds,
    dashboard_panels,
    list_sources,
    outbox_consumers,
    scheduled_jobs,
)

from .apps import COLLECT_HOT_QUESTIONS, FOLLOW_OBLIGATIONS
from .deadlines import INTERPRETATION, OPINION_KINDS
from .lists import Refutations, Responses
from .obligation_follower import ObligationFollower
from .obligation_panels import OwedInterpretations
from .services import opinion
from .services.obligations import recompute_site

clock_kinds.register("interpretation", INTERPRETATION)
for _name, _kind in OPINION_KINDS.items():
    clock_kinds.register(_name, _kind)
list_sources.register("responses", Responses())
list_sources.register("refutations", Refutations())
dashboard_panels.register("owed_interpretations", OwedInterpretations())
outbox_consumers.register("obligations", ObligationFollower())
scheduled_jobs.register(
    "follow_obligations",
    ScheduledJob(label=FOLLOW_OBLIGATIONS, work=recompute_site, at=datetime.time(0, 40)),
)
scheduled_jobs.register(
    "collect_hot_questions",
    ScheduledJob(label=COLLECT_HOT_QUESTIONS, work=opinion.collect, at=datetime.time(0, 50)),
)
