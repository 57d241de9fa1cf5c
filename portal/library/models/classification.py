"""Themes and genres in versions, rules of completeness and of index numbers: rules as data."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.library.numbers import PATTERN, pattern_problem

from .records import RecordType


class Scheme(models.TextChoices):
    THEME = "theme", _("themes")
    GENRE = "genre", _("genres")


class Classification(models.Model):
    """One version of a table. One of each scheme is in force; it is not changed any more."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("classification", "being prepared")
        IN_FORCE = "in_force", pgettext_lazy("classification", "in force")
        RETIRED = "retired", pgettext_lazy("classification", "replaced")

    scheme = models.CharField(_("table"), max_length=8, choices=Scheme)
    version = models.CharField(
        _("version"), max_length=20, validators=[RegexValidator(r"^[0-9A-Za-z.\-]+$")]
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    note = models.CharField(_("note"), max_length=200, blank=True)
    since = models.DateTimeField(_("in force since"), null=True)

    class Meta:
        default_permissions = ()
        ordering = ["scheme", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "version"], name="library_classes_version"),
            models.UniqueConstraint(
                fields=["scheme"], condition=Q(state="in_force"), name="library_classes_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.version}"


class Term(models.Model):
    """A code of one version. ``replaced_by``: its code in the version that came after."""

    classification = models.ForeignKey(
        Classification, on_delete=models.CASCADE, related_name="terms"
    )
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    parent = models.CharField(max_length=20, blank=True)
    replaced_by = models.CharField(max_length=20, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["classification", "code"], name="library_term_code")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ColumnDefaults(models.Model):
    """What records of a column begin with; those of columns inside inherit it."""

    column = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    theme = models.CharField(_("theme"), max_length=8, blank=True)
    genre = models.CharField(_("genre"), max_length=20, blank=True)
    five_open = models.CharField(_("five kinds of openness"), max_length=60, blank=True)
    sharing = models.CharField(_("sharing"), max_length=14, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.column_id)


# What rules can ask for.
DEMANDABLE = {
    "summary": _("summary"),
    "keywords": _("keywords"),
    "provider": _("provider unit"),
    "producer": _("producer"),
    "source_name": _("source"),
    "source_url": _("address of the source"),
    "made_on": _("made on"),
    "theme": _("theme"),
    "genre": _("genre"),
    "five_open": _("five kinds of openness"),
    "audience": _("for whom"),
    "region": _("region"),
    "doc_no": _("document number"),
    "rights": _("rights"),
    "update_period_days": _("update period (days)"),
}


class CompletenessRule(models.Model):
    """Which fields a record of a type must have before its item is public.

    Identity (number, type, title, language, provider, theme, sharing) is always demanded; a repost
    always names its source with the address. Rules add to that; empty type: all types.
    """

    record_type = models.CharField(
        _("type"), max_length=20, choices=RecordType, blank=True, help_text=_("Empty: all types.")
    )
    field = models.CharField(_("field"), max_length=30, choices=list(DEMANDABLE.items()))
    blocking = models.BooleanField(
        _("stops publishing"),
        default=True,
        help_text=_("Otherwise it is only told in the quality report."),
    )

    class Meta:
        verbose_name = _("rule of completeness")
        verbose_name_plural = _("rules of completeness")
        default_permissions = ()
        ordering = ["record_type", "field"]
        constraints = [
            models.UniqueConstraint(fields=["record_type", "field"], name="library_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_record_type_display() or _('all types')}: {self.get_field_display()}"


class NumberRule(models.Model):
    """How index numbers are made; of the site, else of all sites."""

    site = models.OneToOneField(
        "core.SiteRecord", verbose_name=_("site"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="+",
        help_text=_("Empty: all sites without a rule of their own."),
    )  # fmt: skip
    pattern = models.CharField(
        _("pattern"),
        max_length=60,
        default=PATTERN,
        help_text=_(
            "With {site}, {category}, {year} and {serial}; the serial counts by site and year."
        ),
    )
    code = models.CharField(
        _("code of the site"),
        max_length=18,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Za-z]+$", _("Letters and digits only."))],
        help_text=_("Stands for {site}; empty: the short code of the site."),
    )

    class Meta:
        verbose_name = _("rule of index numbers")
        verbose_name_plural = _("rules of index numbers")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.site or _('all sites')}: {self.pattern}"

    def clean(self) -> None:
        super().clean()
        problem = pattern_problem(self.pattern)
        if problem:
            raise ValidationError({"pattern": problem})
        same = NumberRule.objects.filter(site=None).exclude(pk=self.pk)
        if self.site_id is None and same.exists():
            raise ValidationError({"site": _("There is a rule for all sites already.")})


class NumberSeries(models.Model):
    """The last serial of a site (0: none) in a year."""

    site_key = models.BigIntegerField()
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["site_key", "year"], name="library_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.site_key}/{self.year}: {self.last}"
