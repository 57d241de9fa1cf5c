"""Reposts beside their sources: how they compared, and when they are compared again."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WatchState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("repost", "not compared yet")
    FAITHFUL = "faithful", pgettext_lazy("repost", "as the source")
    DIFFERS = "differs", pgettext_lazy("repost", "differs from the source")
    SOURCE_CHANGED = "source_changed", _("the source has changed since")
    SOURCE_GONE = "source_gone", _("the source is gone")
    UNREADABLE = "unreadable", _("the source could not be read")


class RepostWatch(models.Model):
    """A page with the address of its source elsewhere; ``public_at`` None: a draft so far.

    ``score`` is the share of the text that is the same on both sides, in thousandths.
    ``first_digest`` is that of the source when it was first read. ``rest`` are the days after
    release at which it is still to be compared. ``settled_at``: a person looked at the difference.
    """

    ALARMING = (WatchState.DIFFERS, WatchState.SOURCE_CHANGED, WatchState.SOURCE_GONE)

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    source_url = models.CharField(_("address of the source"), max_length=1000)
    public_at = models.DateTimeField(_("public here"), null=True)
    state = models.CharField(
        _("state"), max_length=16, choices=WatchState, default=WatchState.WAITING
    )
    score = models.PositiveSmallIntegerField(null=True)
    source_text = models.TextField(blank=True)
    first_digest = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(_("compared"), null=True)
    next_check_at = models.DateTimeField(null=True, db_index=True)
    rest = models.JSONField(default=list)
    tries = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=150, blank=True)
    settled_note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("repost beside its source")
        verbose_name_plural = _("reposts beside their sources")
        ordering = ["-public_at", "-pk"]
        default_permissions = ()
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "state", "-public_at"], name="reposting_watch_list")
        ]

    def __str__(self) -> str:
        return self.source_url

    @property
    def percent(self) -> str:
        """Never 100 for a text that is not the same."""
        return "" if self.score is None else f"{self.score / 10:.1f}"

    @property
    def is_alarming(self) -> bool:
        return self.state in self.ALARMING and self.settled_at is None
