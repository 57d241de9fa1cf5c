"""What the store contributes: readiness, its lines in receipts."""

from portal.plugin_api import BackupPart, backup_parts, readiness_checks, receipt_parts

from .readiness import store_readiness
from .receipt import StoreLines
from .store.keeping import store
from .store.layout import FOLDER

readiness_checks.register("store", store_readiness)
receipt_parts.register("store", StoreLines())
# The numbers of changes begin at another place after a restore.
backup_parts.register(
    "store", BackupPart(derived=(FOLDER,), after_restore=lambda: store().remove_all())
)
