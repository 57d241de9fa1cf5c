"""Channels that public pages are sent to, and what was sent."""

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Signing keys are in the environment, under names that cannot mean another secret of the portal.
SECRET_PREFIX = "PORTAL_PUSH_"  # noqa: S105 - a name
_SECRET_NAME = re.compile(rf"{SECRET_PREFIX}[A-Z0-9_]{{1,60}}")
MOST_TRIES = 8


class Channel(models.Model):
    """Where a site sends what becomes public, and which of it."""

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind of channel"), max_length=80)
    address = models.CharField(_("address"), max_length=500, blank=True)
    secret_name = models.CharField(
        _("environment variable of the signing key"),
        max_length=80,
        blank=True,
        help_text=_("Begins with PORTAL_PUSH_. The key itself is not entered here."),
    )
    columns: Any = models.ManyToManyField(
        "pages.ColumnPage",
        verbose_name=_("only from these columns"),
        blank=True,
        related_name="+",
        help_text=_("With all that stands below them. None: from the whole site."),
    )
    page_kinds = models.JSONField(_("only these kinds of pages"), default=list, blank=True)
    pushes = models.BooleanField(
        _("sends what becomes public"),
        default=True,
        help_text=_("Without it the channel only carries submissions upward."),
    )
    is_active = models.BooleanField(_("active"), default=False)
    tested_at = models.DateTimeField(null=True, editable=False)
    test_note = models.CharField(max_length=300, blank=True, editable=False)
    test_is_well = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["site", "name"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["site", "name"], name="reposting_channel_name")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.secret_name and not _SECRET_NAME.fullmatch(self.secret_name):
            raise ValidationError(
                {
                    "secret_name": _(
                        "The name begins with %(prefix)s and goes on with capitals, figures and _."
                    )
                    % {"prefix": SECRET_PREFIX}
                }
            )


class DeliveryState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("delivery", "waits")
    DELIVERED = "delivered", pgettext_lazy("delivery", "delivered")
    GIVEN_UP = "given_up", pgettext_lazy("delivery", "given up")
    CALLED_OFF = "called_off", pgettext_lazy("delivery", "called off")


class Delivery(models.Model):
    """One message to one channel. ``key`` stays the same for each try: nothing is done twice."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    event = models.CharField(max_length=12)
    title = models.CharField(_("title"), max_length=255)
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submission = models.ForeignKey(
        "reposting.Submission", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    outbox_seq = models.BigIntegerField(null=True)
    content = models.JSONField()
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING
    )
    made_at = models.DateTimeField(_("made"))
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failure = models.CharField(_("why it did not arrive"), max_length=300, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    receipt_number = models.CharField(max_length=120, blank=True)
    receipt_url = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-made_at", "-pk"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["channel", "key"], name="reposting_delivery_key")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["site", "next_try_at"],
                name="reposting_delivery_due",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["site", "-made_at"], name="reposting_delivery_log"),
            models.Index(fields=["outbox_seq"], name="reposting_delivery_event"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.title}"
