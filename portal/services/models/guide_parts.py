"""What guides are made of: materials, steps, places and what the item rests on.

Materials, steps and places are translated, one by one, with the guide. The basis is the original's:
the Chinese text prevails.
"""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField

from portal.plugin_api import ClauseIdsField
from portal.services.opening_hours_field import OpeningHoursField

from .guides import GuidePage


class GuidePart(TranslatableMixin, Orderable):
    """A row of a guide that each language words itself."""

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True


class GuideStep(GuidePart):
    """A step of the procedure."""

    page = ParentalKey(GuidePage, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(_("step"), max_length=60)
    text = models.TextField(_("what happens"), blank=True)
    duration = models.CharField(_("how long"), max_length=60, blank=True)

    panels: ClassVar[list[Any]] = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("duration")]),
        FieldPanel("text"),
    ]

    class Meta(GuidePart.Meta):
        verbose_name = _("step")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class MaterialForm(models.TextChoices):
    ORIGINAL = "original", _("original")
    COPY = "copy", _("copy")
    BOTH = "both", _("original and copy")
    ELECTRONIC = "electronic", _("electronic")


class Necessity(models.TextChoices):
    REQUIRED = "required", _("required")
    CASE = "case", _("in some cases")
    WAIVED = "waived", _("can be made up for later or waived")


def _file(label: Any) -> Any:
    return models.ForeignKey(
        "core.PortalDocument",
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )


class GuideMaterial(GuidePart):
    """A paper that one brings, with blank form, instruction and sample (R-SVC-06)."""

    page = ParentalKey(GuidePage, on_delete=models.CASCADE, related_name="materials")
    name = models.CharField(_("material"), max_length=160)
    necessity = models.CharField(
        _("needed"), max_length=10, choices=Necessity, default=Necessity.REQUIRED
    )
    form = models.CharField(
        _("form"), max_length=12, choices=MaterialForm, default=MaterialForm.ORIGINAL
    )
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)
    source = models.CharField(
        _("where it comes from"),
        max_length=120,
        blank=True,
        help_text=_("Such as: the applicant, 公安部门核发."),
    )
    case_note = models.CharField(_("in which case"), max_length=200, blank=True)
    instruction = models.TextField(_("filling instruction"), blank=True)
    blank_form = _file(_("blank form"))
    instruction_file = _file(_("filling instruction as a file"))
    sample = _file(_("sample"))
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("necessity"), FieldPanel("case_note")]),
        FieldRowPanel([FieldPanel("form"), FieldPanel("copies")]),
        FieldRowPanel([FieldPanel("source"), FieldPanel("basis")]),
        FieldPanel("instruction"),
        MultiFieldPanel(
            [FieldPanel("blank_form"), FieldPanel("instruction_file"), FieldPanel("sample")],
            heading=_("Files"),
            classname="collapsed",
        ),
    ]

    class Meta(GuidePart.Meta):
        verbose_name = _("material")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class GuidePlace(GuidePart):
    """A counter, with opening hours that follow the work calendar of the site where it says so.

    ``hours`` is a list of ``{"days": [1…7], "from": "09:00", "until": "12:00"}`` (ISO weekdays).
    """

    page = ParentalKey(GuidePage, on_delete=models.CASCADE, related_name="places")
    name = models.CharField(pgettext_lazy("services", "place"), max_length=80)
    counter = models.CharField(_("counter"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200)
    english_address = models.CharField(_("address in English"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Such as 30.27410. With both numbers phones offer to lead there."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    directions = models.CharField(_("how to get there"), max_length=200, blank=True)
    hours: Any = OpeningHoursField(
        _("opening hours"),
        default=list,
        blank=True,
        help_text=_("A line for each span: tick the days, then write from when until when."),
    )
    follows_calendar = models.BooleanField(
        _("closed on holidays, open on make-up working days"), default=True
    )
    hours_note = models.CharField(_("note on opening hours"), max_length=120, blank=True)

    override_translatable_fields: ClassVar[list[Any]] = [
        SynchronizedField("phone"),
        SynchronizedField("english_address"),
    ]
    panels: ClassVar[list[Any]] = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("counter")]),
        FieldRowPanel([FieldPanel("address"), FieldPanel("english_address")]),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("directions")]),
        FieldPanel("hours"),
        FieldPanel("follows_calendar"),
        FieldPanel("hours_note"),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
    ]

    class Meta(GuidePart.Meta):
        verbose_name = pgettext_lazy("services", "place")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            raise ValidationError({missing: _("A point needs both numbers.")})


class GuideBasis(Orderable):
    """What the item rests on: a document of the portal, down to the clause, or a law elsewhere."""

    page = ParentalKey(GuidePage, on_delete=models.CASCADE, related_name="basis")
    target = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("policy document"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    clauses = ClauseIdsField(
        _("clauses"),
        document="target",
        default=list,
        blank=True,
        help_text=_("None: the whole document."),
    )
    label = models.CharField(
        _("name"), max_length=255, blank=True, help_text=_("Of a law that is not in the portal.")
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    excerpt = models.TextField(
        _("words of the basis"),
        blank=True,
        help_text=_("Only of what is not in the portal: clauses of the portal are shown by it."),
    )

    panels: ClassVar[list[Any]] = [
        PageChooserPanel("target"),
        FieldPanel("clauses"),
        FieldRowPanel([FieldPanel("label"), FieldPanel("url")]),
        FieldPanel("excerpt"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("basis")
        default_permissions = ()

    def __str__(self) -> str:
        return self.label or str(self.target or "")

    def clean(self) -> None:
        super().clean()
        if self.target is None and not self.label.strip():
            raise ValidationError(
                {"label": _("Choose a document of the portal, or write what the law is called.")}
            )
