"""What is remembered of a publication's way, since those who carry it out keep no times."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("not everywhere yet")
    FAILED = "failed", _("held up by an error")
    DONE = "done", _("everywhere")
    REPLACED = "replaced", _("replaced by a newer version")


class Receipt(models.Model):
    """One publication on its way.

    ``event`` is the sequence number of its outbox event. ``arrived`` holds when each part was first
    seen done ({key: time}); ``lines`` what the parts said when they were looked at last, in the
    source language: kept for when the publication is over and nobody can be asked any more.
    """

    publication = models.OneToOneField(
        "core.Publication", on_delete=models.CASCADE, related_name="+"
    )
    event = models.BigIntegerField(unique=True)
    # A plain number: the row tells of what was, whatever becomes of the site.
    site = models.BigIntegerField(null=True)
    since = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    arrived = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    tries = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("publishing receipt")
        indexes = [
            models.Index(
                fields=["site", "since"],
                condition=models.Q(state__in=["waiting", "failed"]),
                name="receipts_open",
            ),
            models.Index(fields=["since"], name="receipts_since"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.state}"
