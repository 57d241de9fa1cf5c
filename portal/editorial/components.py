"""What the plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    clock_kinds,
    dashboard_panels,
    demo_content,
    outbox_consumers,
    scheduled_jobs,
)

from .deadlines import DELIVERY_KIND, RECEIPT_KIND
from .demo_content import DemoOffice
from .follower import AcceptanceFollower
from .jobs import ISSUE_RECURRING
from .panels import ReturnedContributions, UnitTasks
from .services.recurring import issue_due

clock_kinds.register("delivery", DELIVERY_KIND)
clock_kinds.register("receipt", RECEIPT_KIND)
dashboard_panels.register("unit_tasks", UnitTasks())
dashboard_panels.register("returned", ReturnedContributions())
demo_content.register("office", DemoOffice())
outbox_consumers.register("acceptance", AcceptanceFollower())
scheduled_jobs.register(
    "issue_recurring",
    ScheduledJob(label=ISSUE_RECURRING, work=issue_due, at=datetime.time(7, 0)),
)
