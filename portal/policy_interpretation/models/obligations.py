"""Who owes an explanation of which document: rules, plans, and what came of them."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from portal.plugin_api import ChoiceListField

from .documents import Audience, BodyLevel, Genre, PolicyPage
from .products import AuthorKind, InterpretationPage, ProductForm

MOST_DAYS = 250
MOST_PRODUCTS = 9


class Timing(models.TextChoices):
    WITH_DOCUMENT = "with_document", _("on the day of the document")
    WITHIN = "within", _("within working days after the document")


class ObligationRule(ClusterableModel):
    """Documents of a kind owe products: which, how many, by when.

    Without a site it is the platform's and holds wherever a site has not set it aside. Conditions
    that are left empty are none.
    """

    class Match(models.TextChoices):
        ALL = "all", _("all of them")
        ANY = "any", _("any of them")

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty: all sites that follow the platform's rules."),
    )
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("in use"), default=True)
    applies_from = models.DateField(
        _("for documents published from"),
        null=True,
        blank=True,
        help_text=_("Older documents owe nothing by this rule. Empty: all documents."),
    )
    match = models.CharField(
        _("conditions that must hold"), max_length=3, choices=Match, default=Match.ALL
    )
    only_major = models.BooleanField(_("major policies"), default=False)
    genres = ChoiceListField(_("genres"), choices_class=Genre, max_length=200, blank=True)
    levels = ChoiceListField(_("levels"), choices_class=BodyLevel, blank=True)
    themes = ParentalManyToManyField(
        "policy_interpretation.PolicyTheme",
        verbose_name=_("themes"),
        blank=True,
        related_name="+",
        help_text=_("A class stands for all that lies below it."),
    )
    audience = ChoiceListField(_("for whom"), choices_class=Audience, max_length=200, blank=True)
    units = ParentalManyToManyField(
        "core.Organisation", verbose_name=_("issuing units"), blank=True, related_name="+"
    )
    count = models.PositiveSmallIntegerField(
        _("how many products"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PRODUCTS)],
    )
    timing = models.CharField(_("due"), max_length=13, choices=Timing, default=Timing.WITHIN)
    working_days = models.PositiveSmallIntegerField(
        _("working days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_(
            "Empty: the site's limit for interpretations. For products that are due on the day of "
            "the document: after so many days they count as missing."
        ),
    )
    grace_days = models.PositiveSmallIntegerField(
        _("grace in working days"),
        default=0,
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text=_("So long after the due date a product counts as late, then as missing."),
    )

    class Meta:
        verbose_name = _("interpretation rule")
        verbose_name_plural = _("interpretation rules")
        ordering = ["site", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class AcceptedProduct(Orderable):
    """One kind of product that fulfils a rule; empty fields accept any."""

    rule = ParentalKey(ObligationRule, on_delete=models.CASCADE, related_name="accepted")
    form = models.CharField(_("form"), max_length=20, choices=ProductForm, blank=True)
    author_kind = models.CharField(_("who explains"), max_length=12, choices=AuthorKind, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("accepted product")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.get_author_kind_display()}".strip()


class InterpretationSettings(models.Model):
    """How a site holds it with interpretations; without a row the defaults hold."""

    class Unready(models.TextChoices):
        WARN = "warn", _("warn")
        BLOCK = "block", _("do not release")

    site = models.OneToOneField(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    follows_platform = models.BooleanField(_("the platform's rules hold"), default=True)
    unready = models.CharField(
        _("products due with the document are not ready"),
        max_length=5,
        choices=Unready,
        default=Unready.WARN,
        help_text=_("What happens when a document is to be released all the same."),
    )

    class Meta:
        verbose_name = _("interpretation settings")
        verbose_name_plural = _("interpretation settings")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.site)


class PlanItem(Orderable):
    """A line of the interpretation plan (解读方案), made and reviewed with the draft (R-POL-02)."""

    page = ParentalKey(PolicyPage, on_delete=models.CASCADE, related_name="plan_items")
    form = models.CharField(_("form"), max_length=20, choices=ProductForm, default=ProductForm.TEXT)
    author_kind = models.CharField(
        _("who explains"), max_length=12, choices=AuthorKind, default=AuthorKind.DRAFTER
    )
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit that makes it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: the unit in charge of the document."),
    )
    person = models.CharField(_("person in charge"), max_length=60, blank=True)
    timing = models.CharField(_("due"), max_length=13, choices=Timing, default=Timing.WITH_DOCUMENT)
    working_days = models.PositiveSmallIntegerField(
        _("working days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("Empty: the site's limit for interpretations."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("planned product")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_form_display()} ({self.get_author_kind_display()})"


class PolicyText(models.Model):
    """When the words of a public document last changed: products made before may be outdated."""

    policy = models.OneToOneField(
        PolicyPage, on_delete=models.CASCADE, primary_key=True, related_name="text_mark"
    )
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField(null=True, help_text="Empty: never since it is public.")

    class Meta:
        verbose_name = _("state of a text")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.policy_id} {self.changed_at or ''}"


class Obligation(models.Model):
    """One product that a document owes. Written by ``services.obligations`` only.

    Which of its states holds follows from these facts and the time: ``selectors.obligations``.

    ``key`` says where it comes from (``rule:3:0``, ``plan:text:expert:0``) and stays the same over
    republishing. ``accepted`` lists what fulfils it as [form, author kind] pairs, "" for any.
    ``due_at`` is the end of the publication day where the product is due with the document; else
    it repeats the clock's date, which prevails.
    """

    policy = models.ForeignKey(PolicyPage, on_delete=models.CASCADE, related_name="obligations")
    key = models.CharField(max_length=80)
    rule = models.ForeignKey(
        ObligationRule, null=True, on_delete=models.SET_NULL, related_name="obligations"
    )
    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    person = models.CharField(_("person in charge"), max_length=60, blank=True)
    accepted = models.JSONField(default=list)
    timing = models.CharField(max_length=13, choices=Timing)
    grace_days = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(_("document published"))
    due_at = models.DateTimeField(_("due"))
    clock = models.ForeignKey("core.Clock", null=True, on_delete=models.SET_NULL, related_name="+")
    missing_at = models.DateTimeField(_("missing from"))
    product = models.ForeignKey(
        InterpretationPage,
        verbose_name=_("product"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="fulfils",
    )
    fulfilled_at = models.DateTimeField(_("fulfilled"), null=True)
    waived_at = models.DateTimeField(null=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    waiver_reason = models.TextField(_("reason"), blank=True)
    is_exempt = models.BooleanField(
        default=False, help_text="Waived by the exemption that the document itself states."
    )
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["policy", "key"], name="policy_obligation_key")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "published_at"], name="policy_obligation_site")
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.product_text}"

    @property
    def product_text(self) -> str:
        """What is owed, in words: "text (expert) or interview"."""
        return accepted_text(self.accepted)

    @property
    def product_title(self) -> str:
        """The product that fulfils it, for lists."""
        return self.product.title if self.product else ""

    @property
    def unit_name(self) -> str:
        """The unit that owes it, for lists."""
        return str(self.unit) if self.unit else ""


def accepted_text(accepted: list[list[str]]) -> str:
    """Alternatives in words."""
    forms, kinds = dict(ProductForm.choices), dict(AuthorKind.choices)
    found = []
    for form, kind in accepted:
        name = str(forms.get(form, _("any product")))
        found.append(
            str(_("%(form)s (%(author)s)") % {"form": name, "author": kinds[kind]})
            if kind in kinds
            else name
        )
    return str(_(" or ")).join(found) or str(_("any product"))
