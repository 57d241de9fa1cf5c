"""What this plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    clock_kinds,
    dashboard_panels,
    outbox_consumers,
    scheduled_jobs,
)

from .apps import FOLLOW_OBLIGATIONS
from .deadlines import INTERPRETATION
from .obligation_follower import ObligationFollower
from .obligation_panels import OwedInterpretations
from .services.obligations import recompute_site

clock_kinds.register("interpretation", INTERPRETATION)
dashboard_panels.register("owed_interpretations", OwedInterpretations())
outbox_consumers.register("obligations", ObligationFollower())
scheduled_jobs.register(
    "follow_obligations",
    ScheduledJob(label=FOLLOW_OBLIGATIONS, work=recompute_site, at=datetime.time(0, 40)),
)
