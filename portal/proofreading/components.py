"""What the plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    Readiness,
    ScheduledJob,
    dashboard_panels,
    readiness_checks,
    scheduled_jobs,
)

from .apps import SWEEP
from .panels import OpenAlarms
from .selectors.alarms import overdue
from .services.sweeping import sweep_share


def sweep_readiness() -> Readiness:
    late = overdue()
    detail = f"{late} public pages wait for longer than the days that are set" if late else ""
    return Readiness(ok=not late, detail=detail, critical=False)


scheduled_jobs.register(
    "sweep",
    ScheduledJob(label=SWEEP, work=sweep_share, every=datetime.timedelta(minutes=10)),
)
dashboard_panels.register("alarms", OpenAlarms())
readiness_checks.register("sweep", sweep_readiness)
