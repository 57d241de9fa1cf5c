"""What receipts enter into the portal's registries."""

import datetime

from portal.plugin_api import (
    ScheduledJob,
    dashboard_panels,
    outbox_consumers,
    readiness_checks,
    receipt_parts,
    scheduled_jobs,
)

from .apps import FOLLOW, FORGET
from .panels import LatePanel
from .parts import LivePart
from .readiness import receipts_ready
from .services.following import Begins, follow, forget

outbox_consumers.register("receipts", Begins())
receipt_parts.register("live", LivePart())
dashboard_panels.register("late", LatePanel())
readiness_checks.register("receipts", receipts_ready)
scheduled_jobs.register(
    "follow", ScheduledJob(label=FOLLOW, work=follow, every=datetime.timedelta(minutes=1))
)
scheduled_jobs.register("forget", ScheduledJob(label=FORGET, work=forget, at=datetime.time(3, 40)))
