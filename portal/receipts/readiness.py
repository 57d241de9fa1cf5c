"""What ``/readyz`` says: whether publications arrive."""

from portal.plugin_api import Readiness

from .services.following import late_count

MANY = 20


def receipts_ready() -> Readiness:
    """Never critical: what is public can be read, whatever has not heard of it."""
    number = late_count()
    detail = f"{number} publications are not everywhere after ten minutes" if number else ""
    return Readiness(number < MANY, detail, critical=False)
