"""The disclosure platform of a body: its parts, its catalogue, what the law wants published."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from portal.policy_interpretation.index_numbers import NATIONAL, number_problem

from .documents import Disclosure, Genre


class PlatformPart(models.TextChoices):
    """The parts in the order and with the names that the ministries' notice fixes."""

    GUIDE = "guide", "政府信息公开指南"
    RULES = "rules", "政府信息公开制度"
    CONTENT = "content", "法定主动公开内容"
    REPORTS = "reports", "政府信息公开年报"
    REQUEST = "request", "依申请公开"


class StatutoryCategory(models.Model):
    """Something that the regulation wants published without being asked (articles 20 and 21)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    requirement = models.TextField(_("what belongs to it"), blank=True)
    basis = models.CharField(_("basis"), max_length=120, blank=True)
    update_months = models.PositiveSmallIntegerField(
        _("update period in months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("The longest time without something new; empty: as it occurs."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("statutory category")
        verbose_name_plural = _("statutory categories")
        ordering = ["sort_order", "code"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class DisclosurePlatform(ClusterableModel):
    """The one disclosure platform of a body: the site's own, or a unit's without a site."""

    offers_files = True  # the request form is for everybody

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("A unit whose information the site keeps apart. Empty: the site's own body."),
    )
    is_government = models.BooleanField(
        _("a people's government"),
        default=False,
        help_text=_("Its annual report is due by 31 March; a department's by 31 January."),
    )
    # --- guide and rules
    guide = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("guide"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The page with the guide. It is written and reviewed like any other page."),
    )
    guide_person = models.CharField(_("responsible for the guide"), max_length=80, blank=True)
    rules = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("column of the rules"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    rules_person = models.CharField(_("responsible for the rules"), max_length=80, blank=True)
    confirm_months = models.PositiveSmallIntegerField(
        _("confirm guide and rules every … months"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    # --- catalogue
    unified_code = models.CharField(
        _("unified social credit code"),
        max_length=18,
        blank=True,
        help_text=_("18 characters, or the older organisation code of 9 digits."),
    )
    gives_numbers = models.BooleanField(
        _("give index numbers to what has none"),
        default=False,
        help_text=_("A number once given stays, also when the pattern changes."),
    )
    number_pattern = models.CharField(
        _("pattern of index numbers"),
        max_length=80,
        default=NATIONAL,
        help_text=_("With {code}, {year} and {serial}; the serial has five digits."),
    )
    is_regional_pattern = models.BooleanField(
        _("a pattern by the region's own rule"),
        default=False,
        help_text=_("Otherwise numbers must have the national form: code/year-serial."),
    )
    # --- annual reports
    reports = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("column of the annual reports"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Drafts are begun here."),
    )
    first_report_year = models.PositiveSmallIntegerField(
        _("first year with a report"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2008), MaxValueValidator(2100)],
        help_text=_("Reports of this and later years are expected. Empty: of last year only."),
    )
    # --- requests
    office = models.CharField(_("office that takes requests"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    office_hours = models.CharField(_("office hours"), max_length=120, blank=True)
    request_form = models.ForeignKey(
        "core.PortalDocument",
        verbose_name=_("request form"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("disclosure platform")
        verbose_name_plural = _("disclosure platforms")
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["site", "unit"],
                name="policy_disclosure_platform_unit",
                violation_error_message=_("This unit has its disclosure platform already."),
            ),
            models.UniqueConstraint(
                fields=["site"],
                condition=models.Q(unit=None),
                name="policy_disclosure_platform_site",
                violation_error_message=_("This site has its disclosure platform already."),
            ),
        ]

    def __str__(self) -> str:
        return self.body_name

    @property
    def body_name(self) -> str:
        """The body in full, as headings print it."""
        return self.unit.full_name if self.unit is not None else self.site.name

    def clean(self) -> None:
        super().clean()
        if self.gives_numbers or self.unified_code:
            problem = number_problem(
                self.number_pattern, self.unified_code, is_regional=self.is_regional_pattern
            )
            if problem is not None:
                field, message = problem
                name = "unified_code" if field == "code" else "number_pattern"
                raise ValidationError({name: message})

    def due_on(self, year: int) -> datetime.date:
        """The last day for the report about a year."""
        return (
            datetime.date(year + 1, 3, 31) if self.is_government else datetime.date(year + 1, 1, 31)
        )


class DisclosureColumn(Orderable):
    """A column that belongs to the catalogue, or kinds of documents; what the law calls it.

    Without a column the row stands for the policy documents of a theme or a genre.
    """

    platform = ParentalKey(DisclosurePlatform, on_delete=models.CASCADE, related_name="columns")
    category = models.ForeignKey(
        StatutoryCategory,
        verbose_name=_("statutory category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: in the catalogue, and nothing that the law lists."),
    )
    column = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("column"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    theme = models.ForeignKey(
        "policy_interpretation.PolicyTheme",
        verbose_name=_("theme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    genre = models.CharField(_("genre"), max_length=12, choices=Genre, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("disclosure column")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.column or self.theme or self.get_genre_display())

    def clean(self) -> None:
        super().clean()
        if self.column_id is None and self.theme_id is None and not self.genre:
            raise ValidationError(_("Choose a column, a theme or a genre."))


class AnnualReport(Orderable):
    """The annual report of a year: a page, begun as a draft with the year's figures."""

    platform = ParentalKey(
        DisclosurePlatform, on_delete=models.CASCADE, related_name="annual_reports"
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2008), MaxValueValidator(2100)]
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("report"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    figures = models.JSONField(default=dict, help_text="What the draft was filled in with.")

    class Meta(Orderable.Meta):
        verbose_name = _("annual report")
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["platform", "year"], name="policy_disclosure_report_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.year}"


class DisclosureConfirmation(models.Model):
    """Somebody read the guide or the rules and found them right. Rows are never changed."""

    class Part(models.TextChoices):
        GUIDE = PlatformPart.GUIDE.value, PlatformPart.GUIDE.label
        RULES = PlatformPart.RULES.value, PlatformPart.RULES.label

    platform = models.ForeignKey(
        DisclosurePlatform, on_delete=models.CASCADE, related_name="confirmations"
    )
    part = models.CharField(max_length=8, choices=Part)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("confirmation")
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.at:%Y-%m-%d}"


class CatalogueEntry(models.Model):
    """A line of the catalogue. Written by ``services.catalogue`` only; repeats its page.

    A row is made when its page becomes public and stays while the page exists, so that its number
    comes back with it. Whether it is shown is the page's ``live``.
    """

    page = models.OneToOneField(
        "wagtailcore.Page",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="disclosure_entry",
    )
    platform = models.ForeignKey(
        DisclosurePlatform, on_delete=models.CASCADE, related_name="entries"
    )
    index_number = models.CharField(_("index number"), max_length=60, blank=True, db_index=True)
    is_given = models.BooleanField(default=False, help_text="The number was given by us.")
    title = models.CharField(_("name"), max_length=255)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    created_on = models.DateField(_("date of creation"), null=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    body = models.CharField(_("issuing body"), max_length=120, blank=True)
    published_at = models.DateTimeField(_("published"), null=True)
    disclosure = models.CharField(
        _("disclosure"), max_length=12, choices=Disclosure, default=Disclosure.ACTIVE
    )
    theme = models.ForeignKey(
        "policy_interpretation.PolicyTheme", null=True, on_delete=models.PROTECT, related_name="+"
    )
    theme_class = models.CharField(max_length=2, blank=True)
    genre = models.CharField(_("genre"), max_length=12, choices=Genre, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True)

    class Meta:
        verbose_name = _("catalogue entry")
        verbose_name_plural = _("catalogue entries")
        default_permissions = ()
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["platform", "-published_at", "-page"], name="policy_catalogue_new"
            ),
            models.Index(fields=["platform", "theme_class"], name="policy_catalogue_theme"),
            models.Index(fields=["platform", "genre"], name="policy_catalogue_genre"),
            models.Index(fields=["platform", "year"], name="policy_catalogue_year"),
            models.Index(fields=["platform", "body"], name="policy_catalogue_body"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def missing(self) -> list[str]:
        """The fields that every entry must have and this one has not, by their names."""
        return [name for name in REQUIRED if not getattr(self, name)]


# What no entry may lack (reference 10).
REQUIRED = ("index_number", "title", "summary", "created_on")


class NumberSeries(models.Model):
    """The last serial of a platform's year: a number that was given is never given again."""

    platform = models.ForeignKey(DisclosurePlatform, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("series of index numbers")
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["platform", "year"], name="policy_number_series")
        ]

    def __str__(self) -> str:
        return f"{self.platform_id}/{self.year}: {self.last}"
