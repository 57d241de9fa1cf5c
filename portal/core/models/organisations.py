"""Units of the government: the registry that owners, sources and duties point to."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable
from wagtail.search import index


class Organisation(index.Indexed, ClusterableModel):
    """A unit with its name, place in the hierarchy, duties and contacts (R-COL-19)."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("government")
        OFFICE = "office", _("general office")
        DEPARTMENT = "department", _("department")
        DISTRICT = "district", _("district or county")
        SUBDISTRICT = "subdistrict", _("subdistrict or township")
        INSTITUTION = "institution", _("public institution")

    code = models.SlugField(_("code"), max_length=60, unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60)
    english_name = models.CharField(_("English name"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("superior unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("maintained by the site"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="organisations",
        help_text=_("Editors of this site may change the entry; empty: the portal's only."),
    )
    duties = models.TextField(_("duties"), blank=True, help_text=_("One duty a line."))
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    office_hours = models.CharField(_("office hours"), max_length=120, blank=True)
    sort_order = models.PositiveIntegerField(_("order"), default=100)

    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("full_name"), FieldPanel("short_name")]),
                FieldRowPanel([FieldPanel("english_name"), FieldPanel("code")]),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("sort_order")]),
                FieldRowPanel([FieldPanel("parent"), FieldPanel("site")]),
            ],
            heading=_("Identity"),
        ),
        FieldPanel("duties"),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldPanel("office_hours"),
            ],
            heading=_("Contact"),
        ),
        InlinePanel("persons", heading=_("Responsible persons"), label=_("Person")),
    ]
    search_fields = [
        index.SearchField("full_name", boost=2),
        index.AutocompleteField("full_name"),
        index.SearchField("short_name"),
        index.AutocompleteField("short_name"),
        index.SearchField("duties"),
        index.FilterField("site_id"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_order", "full_name"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def duty_list(self) -> list[str]:
        return [line.strip() for line in self.duties.splitlines() if line.strip()]

    def clean(self) -> None:
        super().clean()
        seen, unit = {self.pk} if self.pk else set(), self.parent
        while unit is not None:
            if unit.pk in seen:
                raise ValidationError({"parent": _("A unit cannot be its own superior.")})
            seen.add(unit.pk)
            unit = unit.parent


class ResponsiblePerson(Orderable):
    """Who answers for what in a unit: a post, not an account."""

    organisation = ParentalKey(Organisation, on_delete=models.CASCADE, related_name="persons")
    role = models.CharField(_("post"), max_length=80)
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("responsible person")
        verbose_name_plural = _("responsible persons")

    def __str__(self) -> str:
        return f"{self.role} {self.name}".strip()
