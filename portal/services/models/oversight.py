"""Whether guides are right and liked: what the counter confirmed, how people rate services."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class GuideRecord(models.Model):
    """What oversight knows of a public guide; written with each publication of an original.

    ``missing`` are the keys of ``completeness.GROUPS`` that say nothing, ``key_missing`` counts
    those of them that a guide must have (R-SVC-16). ``digest`` is that of the text that is public.
    """

    page = models.OneToOneField(
        "services.GuidePage", on_delete=models.CASCADE, related_name="guide_record"
    )
    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("completeness"))
    missing = models.JSONField(default=list)
    key_missing = models.PositiveSmallIntegerField(_("key groups missing"))
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField(_("text changed"))

    class Meta:
        verbose_name = _("service guide")
        verbose_name_plural = _("service guides")
        default_permissions = ()
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "score", "page"], name="services_record_score"),
            models.Index(fields=["score", "page"], name="services_record_worst"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.score}"


class CounterConfirmation(models.Model):
    """Somebody of the counter compared the text with what the counter uses (R-SVC-07).

    ``digest`` is that of the text that was compared: once the page says something else, the
    confirmation holds no more. ``agrees`` is False for a report that they differ.
    """

    page = models.ForeignKey(
        "services.GuidePage", on_delete=models.CASCADE, related_name="confirmations"
    )
    digest = models.CharField(max_length=64)
    agrees = models.BooleanField(_("agrees"))
    note = models.TextField(_("what differs"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("confirmation by the counter")
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.page_id} {self.at:%Y-%m-%d}"


class GuideRating(models.Model):
    """What somebody thinks of a service, and what the unit replied (R-SVC-23).

    ``voter`` is a hash that is another one each day; nothing says who it was. Words are public
    after a look (``shown``), each bad rating wants a reply.
    """

    page = models.ForeignKey("services.GuidePage", on_delete=models.CASCADE, related_name="ratings")
    site = models.ForeignKey("core.SiteRecord", on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(
        _("score"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    reasons = models.JSONField(_("reasons"), default=list)
    text = models.TextField(_("in words"), max_length=500, blank=True)
    language = models.CharField(max_length=12)
    voter = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    shown = models.BooleanField(_("shown to the public"), null=True)
    reply = models.TextField(_("reply"), blank=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("rating of a service")
        verbose_name_plural = _("ratings of services")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["page", "-at"], name="services_rating_page"),
            models.Index(fields=["site", "-at"], name="services_rating_site"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.score}"
