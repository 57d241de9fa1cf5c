"""Publications: what was public, in which version, from when until when."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.page_reads import page_holds_until


class Standing(models.TextChoices):
    """How what a page says stands, as lists, the API and the admin tell it; no state of the page.

    The labels are the marks that stand before a title.
    """

    IN_FORCE = "in_force", _("In force")
    NOT_YET_EFFECTIVE = "not_yet_effective", _("Not yet in force")
    AMENDED = "amended", _("Amended")
    PARTLY_INVALID = "partly_invalid", _("Partly invalid")
    REPEALED = "repealed", _("Repealed")
    EXPIRED = "expired", _("No longer in force")
    OUTDATED = "outdated", _("Its basis is no longer in force")


# What no reader may take for a text that simply holds: a mark stands beside each mention.
MARKED = frozenset(Standing) - {Standing.IN_FORCE, Standing.AMENDED}


def mark_text(standing: str) -> str:
    """The mark in the language that is active; "" for what simply holds."""
    return str(Standing(standing).label) if standing in MARKED else ""


class Basis(models.TextChoices):
    """Why something may be public."""

    REVIEWED = "reviewed", _("three reviews")
    TRANSLATION = "translation", _("reviews of the translators' desk")
    REFERENCE = "reference", _("use of something public elsewhere")
    CONSEQUENCE = "consequence", _("follows from a decision that was reviewed")
    OPERATOR = "operator", _("action of the operator")
    NONE = "", _("not recorded")


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
    ``standing`` is how it stood when it was last looked at, ``changes_at`` when to look again: the
    next moment at which a date changes that (``core.validity``).
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
    standing = models.CharField(max_length=20, choices=Standing, default=Standing.IN_FORCE)
    changes_at = models.DateTimeField(null=True)
    # Why it may be public, and the record of it: the review, the operator's action, the source.
    basis = models.CharField(_("basis"), max_length=12, choices=Basis, blank=True, default="")
    basis_key = models.CharField(max_length=80, blank=True, default="")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-since", "-id"]
        indexes = [
            models.Index(fields=["item", "-since"], name="core_publication_item"),
            models.Index(
                fields=["changes_at"],
                condition=Q(closed=False, changes_at__isnull=False),
                name="core_publication_changes",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "language"],
                condition=Q(closed=False),
                name="core_publication_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.since:%Y-%m-%d %H:%M}"

    def is_in_force(self, at: datetime.datetime | None = None) -> bool:
        """The rule of ``current()`` for a row that is public."""
        if at is None:
            page_holds_until(self.valid_from, self.valid_until)
        at = at or timezone.now()
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_until is None or self.valid_until > at
        )

    def standing_now(self) -> Standing:
        """``standing``, where the dates have moved on since it was stored: what they say."""
        page_holds_until(self.valid_from, self.valid_until)
        now = timezone.now()
        stored = Standing(self.standing)
        if self.valid_until is not None and self.valid_until <= now:
            ended = {Standing.REPEALED, Standing.EXPIRED, Standing.OUTDATED}
            return stored if stored in ended else Standing.EXPIRED
        if self.valid_from is not None and self.valid_from > now:
            return Standing.NOT_YET_EFFECTIVE
        return Standing.IN_FORCE if stored == Standing.NOT_YET_EFFECTIVE else stored


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
