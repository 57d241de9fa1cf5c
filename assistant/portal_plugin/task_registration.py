"""What contradictions, phrasings and imports enter into the portal's registries."""

import datetime

from portal.plugin_api import ScheduledJob, dashboard_panels, scheduled_jobs

from .apps import COMPARE_ALL, COMPARE_CHANGED, GO_ON_BRINGING_IN
from .exchange.uploads import ENTRY_FILES
from .services.contradictions import compare_all, compare_changed
from .task_panels import EntryTasks


def register() -> None:
    dashboard_panels.register("entry_tasks", EntryTasks())
    # Entries of all sites are compared with each other, whichever site's turn it is.
    scheduled_jobs.register(
        "compare_changed",
        ScheduledJob(
            label=COMPARE_CHANGED,
            work=lambda site: compare_changed(),
            every=datetime.timedelta(minutes=1),
        ),
    )
    scheduled_jobs.register(
        "compare_all",
        ScheduledJob(label=COMPARE_ALL, work=lambda site: compare_all(), at=datetime.time(2, 40)),
    )
    scheduled_jobs.register(
        "go_on_bringing_in",
        ScheduledJob(
            label=GO_ON_BRINGING_IN,
            work=ENTRY_FILES.go_on_with_interrupted,
            every=datetime.timedelta(minutes=5),
        ),
    )
