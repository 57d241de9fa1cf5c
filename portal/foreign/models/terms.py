"""Official names: what agencies, titles, places and laws are called in other languages."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


class Term(ClusterableModel):
    """A Chinese name that every translation writes in one way. No site: it holds everywhere."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("agency")
        TITLE = "title", _("post or title")
        PLACE = "place", _("place")
        LAW = "law", _("law or document")
        OTHER = "other", _("other")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        RETIRED = "retired", _("retired")

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("maintained by the site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("It holds in all sections. Empty: the portal's own administrators change it."),
    )
    source = models.CharField(_("Chinese name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.OTHER)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PROPOSED)
    note = models.TextField(_("note"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("official name")
        verbose_name_plural = _("official names")
        ordering = ["source"]

    def __str__(self) -> str:
        return self.source


class TermName(models.Model):
    """What a term is called in one language, and how it must not be called."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")

    term = ParentalKey(Term, on_delete=models.CASCADE, related_name="names")
    locale = models.ForeignKey(
        "wagtailcore.Locale",
        verbose_name=_("language"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    name = models.CharField(_("name"), max_length=300)
    variants_forbidden = models.TextField(
        _("not to be used"), blank=True, help_text=_("One wrong or former form a line.")
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PROPOSED)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("name in a language")
        verbose_name_plural = _("names in languages")
        constraints = [
            models.UniqueConstraint(fields=["term", "locale"], name="foreign_term_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    def forbidden(self) -> list[str]:
        return [line.strip() for line in self.variants_forbidden.splitlines() if line.strip()]


class NameRule(models.Model):
    """Of which kinds a missing official name stops the release. No site: for all without own."""

    site = models.OneToOneField(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty: all sites without a rule of their own."),
    )
    stops_agency = models.BooleanField(_("agencies stop the release"), default=True)
    stops_law = models.BooleanField(_("laws and documents stop the release"), default=True)
    stops_place = models.BooleanField(_("places stop the release"), default=False)
    stops_title = models.BooleanField(_("posts and titles stop the release"), default=False)

    class Meta:
        default_permissions = ()
        verbose_name = _("rule for official names")
        verbose_name_plural = _("rules for official names")

    def __str__(self) -> str:
        return str(self.site) if self.site_id else str(_("all sites"))


class TermChange(models.Model):
    """A name was changed; the edits that follow from it were prepared as drafts."""

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="changes")
    locale = models.ForeignKey(
        "wagtailcore.Locale",
        verbose_name=_("language"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    old_name = models.CharField(_("former name"), max_length=300)
    new_name = models.CharField(_("new name"), max_length=300)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    prepared_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("changed name")
        verbose_name_plural = _("changed names")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.old_name} → {self.new_name}"


class TermEdit(models.Model):
    """One paragraph that a changed name was prepared in: its draft before and after."""

    change = models.ForeignKey(TermChange, on_delete=models.CASCADE, related_name="edits")
    translation = models.ForeignKey(
        "foreign.PageTranslation", on_delete=models.CASCADE, related_name="+"
    )
    path = models.TextField()
    position = models.PositiveIntegerField()
    source_hash = models.CharField(max_length=64)
    before = models.TextField()
    after = models.TextField()
    made_by = models.CharField(max_length=20)
    undone = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.path} {self.position}"
