"""Publications: what was public, in which version, from when until when."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PublicationQuerySet(models.QuerySet["Publication"]):
    def public(self, at: datetime.datetime | None = None) -> "PublicationQuerySet":
        """Shown to everybody at a moment (default: now), in force or not."""
        at = at or timezone.now()
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)

    def current(self, at: datetime.datetime | None = None) -> "PublicationQuerySet":
        """Public at a moment (default: now). The one definition of "public and in force"."""
        at = at or timezone.now()
        return self.public(at).filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=at),
            Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        )


class Publication(models.Model):
    """One version of one item in one language, while it is public.

    ``until`` is the planned end (expiry) while the row is open, the real end afterwards.
    ``valid_from`` and ``valid_until`` say when what it says is in force (empty: open): a document
    that was repealed stays public, and is in force no longer.
    ``page`` is emptied when the page is deleted; the history stays.
    """

    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        on_delete=models.SET_NULL,
        related_name="publications",
    )
    item = models.CharField(max_length=80)
    title = models.CharField(_("title"), max_length=255)
    site = models.ForeignKey(
        "core.SiteRecord",
        null=True,
        on_delete=models.SET_NULL,
        related_name="publications",
    )
    language = models.CharField(max_length=12)
    version = models.BigIntegerField(null=True, help_text="The revision that was published.")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    since = models.DateTimeField(_("public since"))
    until = models.DateTimeField(_("public until"), null=True)
    closed = models.BooleanField(default=False)
    valid_from = models.DateTimeField(_("in force from"), null=True)
    valid_until = models.DateTimeField(_("in force until"), null=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-since", "-id"]
        indexes = [models.Index(fields=["item", "-since"], name="core_publication_item")]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "language"],
                condition=Q(closed=False),
                name="core_publication_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.since:%Y-%m-%d %H:%M}"


class RefusedPublication(models.Model):
    """A publication that the gate refused when nobody was looking (schedule, command, alias)."""

    page = models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.CASCADE,
        related_name="refused_publications",
    )
    revision_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    refused_at = models.DateTimeField(auto_now_add=True)
    resolved = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("refused publication")
        ordering = ["-refused_at"]

    def __str__(self) -> str:
        return self.reason
