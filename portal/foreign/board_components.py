"""What the boards enter into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    clock_kinds,
    dashboard_panels,
    scheduled_jobs,
    web_starters,
)

from .board_panels import OwedTranslations, WatchedSections
from .deadlines import TRANSLATION, follow_sections
from .jobs import COUNT_READERS, FOLLOW_DEADLINES, WATCH_SECTIONS
from .readers import begin_writing
from .services.monitoring import watch_sections
from .services.readers import refresh_readers

clock_kinds.register("translation", TRANSLATION)
dashboard_panels.register("owed", OwedTranslations())
dashboard_panels.register("watched", WatchedSections())
scheduled_jobs.register(
    "follow_deadlines",
    ScheduledJob(
        label=FOLLOW_DEADLINES, work=follow_sections, every=datetime.timedelta(minutes=15)
    ),
)
scheduled_jobs.register(
    "count_readers",
    ScheduledJob(label=COUNT_READERS, work=refresh_readers, at=datetime.time(1, 10)),
)
scheduled_jobs.register(
    "watch_sections",
    ScheduledJob(label=WATCH_SECTIONS, work=watch_sections, at=datetime.time(1, 20)),
)
web_starters.register("readers", begin_writing)
