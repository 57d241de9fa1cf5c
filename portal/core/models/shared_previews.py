"""Links by which people without an account read a draft, for a while."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SharedPreviewQuerySet(models.QuerySet["SharedPreview"]):
    def active(self, at: datetime.datetime | None = None) -> "SharedPreviewQuerySet":
        """Neither expired nor revoked."""
        return self.filter(Q(revoked_at__isnull=True), expires_at__gt=at or timezone.now())


class SharedPreview(models.Model):
    """One link. Only the hash of its token is kept: who reads the database cannot open it.

    It shows a page or a set of pages. ``revision`` is the version of a page that it shows; empty:
    always the newest draft. ``shown_set`` is the key in ``preview_sets``, ``set_number`` the set.
    """

    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.CASCADE, related_name="shared_previews"
    )
    shown_set = models.CharField(max_length=80, blank=True)
    set_number = models.PositiveBigIntegerField(null=True)
    revision = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.CASCADE, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(_("for whom"), max_length=80, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True)

    objects = SharedPreviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared preview")
        verbose_name_plural = _("shared previews")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page__isnull=False, shown_set="", set_number=None)
                | Q(page=None, set_number__isnull=False) & ~Q(shown_set=""),
                name="core_preview_of_page_or_set",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id or self.shown_set} {self.expires_at:%Y-%m-%d %H:%M}"

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
