"""What the indexing part enters into the portal's registries."""

import datetime

from portal.plugin_api import (
    BackupPart,
    ScheduledJob,
    SearchKind,
    backup_parts,
    index_rebuilders,
    outbox_consumers,
    readiness_checks,
    receipt_parts,
    scheduled_jobs,
    search_kinds,
    search_sources,
)

from .apps import LOOK_AFTER
from .indexing.consumer import Documents
from .indexing.readiness import index_ready
from .indexing.rebuilding import rebuild
from .indexing.reconciling import look_after
from .kinds import KINDS
from .receipts import SearchPart
from .sources.files import FileSource
from .sources.pages import PageSource

outbox_consumers.register("search", Documents())  # type: ignore[arg-type]  # kinds are read
search_sources.register("pages", PageSource())
search_sources.register("files", FileSource())
for order, (name, label) in enumerate(KINDS.items()):
    search_kinds.register(name, SearchKind(label, order * 10))
backup_parts.register("search", BackupPart(derived=("search",)))
index_rebuilders.register("search", rebuild)
readiness_checks.register("search", index_ready)
receipt_parts.register("search", SearchPart())
scheduled_jobs.register(
    "look_after", ScheduledJob(label=LOOK_AFTER, work=look_after, at=datetime.time(2, 30))
)
