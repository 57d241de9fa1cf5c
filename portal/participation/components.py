"""What this plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    clock_kinds,
    dashboard_panels,
    scheduled_jobs,
)

from . import components_hub, components_interviews, measured  # noqa: F401
from .apps import FOLLOW
from .deadlines import INTERVIEW_QUESTIONS, RESULT
from .panels import OwedResults
from .services.activities import follow_site

clock_kinds.register("result", RESULT)
clock_kinds.register("interview_questions", INTERVIEW_QUESTIONS)
dashboard_panels.register("owed", OwedResults())
scheduled_jobs.register(
    "follow", ScheduledJob(label=FOLLOW, work=follow_site, every=datetime.timedelta(minutes=15))
)
