"""Stopping the assistant: rows are never deleted, they are the record of who did it and why."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PauseQuerySet(models.QuerySet["AssistantPause"]):
    def holding(self, now: datetime.datetime | None = None) -> Self:
        """Those that hold at a moment (default: now)."""
        now = now or timezone.now()
        return self.filter(
            Q(until__isnull=True) | Q(until__gt=now), ended_at__isnull=True, starts_at__lte=now
        )


class AssistantPause(models.Model):
    """The assistant gives no answers: at a site, or (``site`` empty) anywhere.

    ``until`` is the planned end, ``ended_at`` when somebody ended it. ``sentence`` is what visitors
    read instead of the portal's own words; ``sentence_en`` those who read no Chinese.
    """

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    starts_at = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    sentence = models.CharField(_("what visitors read"), max_length=300, blank=True)
    sentence_en = models.CharField(_("the same in English"), max_length=300, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    end_reason = models.CharField(max_length=300, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of the assistant")
        verbose_name_plural = _("pauses of the assistant")
        ordering = ["-starts_at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["site"],
                condition=Q(ended_at__isnull=True),
                name="assistant_pause_open",
            )
        ]

    def __str__(self) -> str:
        return self.reason

    def holds(self, now: datetime.datetime | None = None) -> bool:
        now = now or timezone.now()
        return (
            self.ended_at is None
            and self.starts_at <= now
            and (self.until is None or self.until > now)
        )
