"""What the store contributes: readiness, its lines in receipts."""

from portal.plugin_api import readiness_checks, receipt_parts

from .readiness import store_readiness
from .receipt import StoreLines

readiness_checks.register("store", store_readiness)
receipt_parts.register("store", StoreLines())
