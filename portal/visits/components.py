"""What the counter enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    dashboard_panels,
    demo_content,
    list_sources,
    scheduled_jobs,
)

from .demo_content import DemoVisits
from .jobs import FORGET_LOG, RANK, READ_LOG
from .lists import MOST_READ_MONTH, MOST_READ_WEEK
from .panels import VisitsThisWeek
from .services.ranking import rank
from .services.scheduled import forget_all, read_all

list_sources.register("most_read_week", MOST_READ_WEEK)
list_sources.register("most_read_month", MOST_READ_MONTH)
dashboard_panels.register("week", VisitsThisWeek())
demo_content.register("visits", DemoVisits())
scheduled_jobs.register(
    "read_log",
    ScheduledJob(label=READ_LOG, work=read_all, every=datetime.timedelta(minutes=1)),
)
scheduled_jobs.register(
    "rank", ScheduledJob(label=RANK, work=rank, every=datetime.timedelta(hours=1))
)
scheduled_jobs.register(
    "forget_log", ScheduledJob(label=FORGET_LOG, work=forget_all, at=datetime.time(4, 20))
)
