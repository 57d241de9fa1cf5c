"""What names and vectors enter into the portal's registries."""

import datetime

from portal.plugin_api import ScheduledJob, readiness_checks, scheduled_jobs, web_starters

from .apps import FILL_VECTORS, FORGET_VECTORS
from .services import meaning
from .suggestions.readiness import names_ready
from .vectors.filling import forget_unused
from .vectors.readiness import vectors_ready
from .vectors.tasks import fill_soon

readiness_checks.register("search_names", names_ready)
readiness_checks.register("search_meaning", vectors_ready)
web_starters.register("search_meaning", meaning.warm)
scheduled_jobs.register(
    "fill_vectors",
    ScheduledJob(label=FILL_VECTORS, work=fill_soon, every=datetime.timedelta(minutes=1)),
)
scheduled_jobs.register(
    "forget_vectors",
    ScheduledJob(label=FORGET_VECTORS, work=forget_unused, at=datetime.time(3, 40)),
)
