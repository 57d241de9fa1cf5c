"""How a site sets its texts: which rules one-click typesetting follows there."""

from dataclasses import fields

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.text.typesetting import HouseStyle


class SiteHouseStyle(models.Model):
    """One row for each site that changed a rule; the others follow all rules.

    The fields are those of ``portal.text.typesetting.HouseStyle``.
    """

    class LatinSpacing(models.TextChoices):
        KEEP = "keep", _("as they were typed")
        ADD = "add", _("with a space between")
        REMOVE = "remove", _("without a space")

    site = models.OneToOneField(
        "core.SiteRecord",
        verbose_name=_("site"),
        on_delete=models.CASCADE,
        related_name="house_style",
    )
    headings = models.BooleanField(
        _("headings by their number"),
        default=True,
        help_text=_("一、 becomes a section, （一） and 1. the levels below; lists stay lists."),
    )
    punctuation = models.BooleanField(
        _("Chinese punctuation"),
        default=True,
        help_text=_("In Chinese sentences only: marks, quotes, …… and ——, 〔2026〕 in numbers."),
    )
    spaces = models.BooleanField(
        _("no spaces for indents"),
        default=True,
        help_text=_("The style of the site indents; typed spaces at the beginning go."),
    )
    empty = models.BooleanField(_("no empty paragraphs"), default=True)
    breaks = models.BooleanField(
        _("no line breaks inside sentences"),
        default=True,
        help_text=_("Short lines, as in addresses, stay."),
    )
    widths = models.BooleanField(_("digits and letters in half width"), default=True)
    places = models.BooleanField(
        _("places of official documents"),
        default=True,
        help_text=_("The document number in the middle, signature and date at the right."),
    )
    tables = models.BooleanField(
        _("tidy tables"),
        default=True,
        help_text=_("Empty rows and columns go, the header is found, numbers stand at the right."),
    )
    latin_spacing = models.CharField(
        _("Chinese beside letters and digits"),
        max_length=8,
        choices=LatinSpacing,
        default=LatinSpacing.KEEP,
    )

    class Meta:
        verbose_name = _("house style")
        verbose_name_plural = _("house styles")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.site}"

    def rules(self) -> HouseStyle:
        return HouseStyle(**{rule.name: getattr(self, rule.name) for rule in fields(HouseStyle)})


def house_style_of(site_pk: int | None) -> HouseStyle:
    """The rules of a site."""
    own = SiteHouseStyle.objects.filter(site_id=site_pk).first()
    return own.rules() if own is not None else HouseStyle()
