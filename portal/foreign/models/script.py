"""Traditional characters: what a site offers, terms above the tables, reviewed corrections."""

import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Standard(models.TextChoices):
    """The forms of characters; never the words of a region."""

    TAIWAN = "s2tw", _("Taiwan's character forms")
    HONG_KONG = "s2hk", _("Hong Kong's character forms")


class ScriptSetting(models.Model):
    """What a site offers; without a row of its own it does as the platform's row says.

    Without that, too: traditional characters as in Taiwan.
    """

    class Choice(models.TextChoices):
        TAIWAN = Standard.TAIWAN.value, Standard.TAIWAN.label
        HONG_KONG = Standard.HONG_KONG.value, Standard.HONG_KONG.label
        OFF = "off", _("no traditional characters")

    site = models.OneToOneField(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="script_setting",
        help_text=_("Empty: all sites without a setting of their own."),
    )
    offered = models.CharField(
        _("traditional characters"), max_length=8, choices=Choice, default=Choice.TAIWAN
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("setting of traditional characters")
        verbose_name_plural = _("settings of traditional characters")
        constraints = [
            models.UniqueConstraint(
                models.Case(models.When(site__isnull=True, then=1)),
                name="foreign_script_one_platform",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site or _('all sites')}: {self.get_offered_display()}"


class ScriptTerm(models.Model):
    """A word, and what becomes of it in traditional characters; above the portal's own terms."""

    standard = models.CharField(
        _("character forms"),
        max_length=8,
        choices=Standard,
        blank=True,
        help_text=_("Empty: for all."),
    )
    simplified = models.CharField(_("simplified"), max_length=60)
    traditional = models.CharField(
        _("traditional"),
        max_length=60,
        blank=True,
        help_text=_("Characters only, no words of a region: the text says what was approved."),
    )
    protect = models.BooleanField(
        _("protected name"),
        default=False,
        help_text=_("Nothing in it is converted."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["simplified", "standard"]
        verbose_name = _("term of conversion")
        verbose_name_plural = _("terms of conversion")
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "simplified"], name="foreign_script_term_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.simplified} → {self.becomes}"

    @property
    def becomes(self) -> str:
        return self.simplified if self.protect else self.traditional

    def clean(self) -> None:
        self.simplified, self.traditional = self.simplified.strip(), self.traditional.strip()
        if not self.simplified or any(sign.isspace() for sign in self.simplified):
            raise ValidationError({"simplified": _("Give one word without spaces.")})
        if self.protect:
            self.traditional = ""
        elif not self.traditional:
            raise ValidationError(
                {"traditional": _("Say what it becomes, or mark it as a protected name.")}
            )


class ScriptCorrection(models.Model):
    """A paragraph as a person put it right, by its simplified text; in force when confirmed.

    Another person confirms. It holds wherever the paragraph stands; once no page has it any more,
    it is listed as orphaned.
    """

    standard = models.CharField(_("character forms"), max_length=8, choices=Standard)
    source_hash = models.CharField(max_length=64, editable=False)
    source_text = models.TextField(_("simplified"))
    text = models.TextField(_("traditional"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="script_corrections",
    )
    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        on_delete=models.CASCADE,
        related_name="script_corrections",
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("confirmed"), null=True)
    orphaned_at = models.DateTimeField(_("orphaned"), null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("correction of a paragraph")
        verbose_name_plural = _("corrections of paragraphs")
        constraints = [
            models.UniqueConstraint(
                fields=["standard", "source_hash"], name="foreign_script_correction_once"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @staticmethod
    def hash_of(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()
