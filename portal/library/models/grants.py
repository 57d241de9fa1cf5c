"""Leave to show a record elsewhere."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .records import LibraryRecord


class Grant(models.Model):
    """A request to show a record in a column of another site, and the provider's decision."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("sharing request", "waiting")
        GRANTED = "granted", pgettext_lazy("sharing request", "granted")
        REFUSED = "refused", pgettext_lazy("sharing request", "refused")
        REVOKED = "revoked", pgettext_lazy("sharing request", "taken back")

    record = models.ForeignKey(LibraryRecord, on_delete=models.CASCADE, related_name="grants")
    column = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("column"), on_delete=models.CASCADE, related_name="+"
    )
    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    reason = models.TextField(_("reason"), max_length=500)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("sharing request")
        default_permissions = ()
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "column"],
                condition=Q(state__in=["waiting", "granted"]),
                name="library_grant_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.record} → {self.column_id}"
