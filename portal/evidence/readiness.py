"""What ``/readyz`` says of the log."""

import datetime

from django.utils import timezone

from portal.plugin_api import Readiness

from .models import Finding, Root, Run

LATE = datetime.timedelta(hours=50)


def evidence() -> Readiness:
    """Not well with open findings, or where nobody has checked or signed for two days."""
    number = Finding.objects.filter(status=Finding.Status.OPEN).count()
    if number:
        return Readiness(ok=False, detail=f"{number} findings are open", critical=False)
    finished = Run.objects.filter(finished_at__isnull=False).order_by("-pk").first()
    signed = Root.objects.first()
    now = timezone.now()
    if finished is None:
        return Readiness(ok=True, detail="not checked yet", critical=False)
    if finished.finished_at is not None and now - finished.finished_at > LATE:
        return Readiness(
            ok=False, detail=f"last checked {finished.finished_at:%Y-%m-%d}", critical=False
        )
    if signed is not None and now - signed.signed_at > LATE:
        return Readiness(ok=False, detail=f"last signed {signed.day}", critical=False)
    return Readiness(ok=True, detail=f"checked {finished.began_at:%Y-%m-%d}", critical=False)
