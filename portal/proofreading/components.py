"""What this plugin enters into the portal's registries."""

import datetime

from portal.plugin_api import ScheduledJob, scheduled_jobs

from .jobs import READ_FILES
from .services.files import waiting


def _read_files(_site: int | None) -> None:
    waiting(most=20)


scheduled_jobs.register(
    "read_files",
    ScheduledJob(label=READ_FILES, work=_read_files, every=datetime.timedelta(minutes=10)),
)
