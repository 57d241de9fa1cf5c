"""A section in a foreign language: its gate, its team, its columns and what feeds them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ForeignSection(models.Model):
    """One language of one site. Its tree begins at the page that translates the site's home.

    Only an open section is public; opening asks for a team and for coverage (R-FOR-02). A closed
    one answers with a notice at all its addresses.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("preparing")
        OPEN = "open", pgettext_lazy("section in a language", "open")
        CLOSED = "closed", _("closed")

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        on_delete=models.CASCADE,
        related_name="foreign_sections",
    )
    locale = models.ForeignKey(
        "wagtailcore.Locale",
        verbose_name=_("language"),
        on_delete=models.PROTECT,
        related_name="foreign_sections",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.PREPARING, editable=False
    )
    minimum_coverage = models.PositiveSmallIntegerField(
        _("minimum coverage, per cent"),
        default=80,
        validators=[MaxValueValidator(100)],
        help_text=_("How much of the core content must be up to date before the section opens."),
    )
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closing_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    closing_notice = models.TextField(
        _("notice to visitors"),
        blank=True,
        help_text=_("In the language of the section; without one, the portal's own words."),
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("foreign-language section")
        verbose_name_plural = _("foreign-language sections")
        constraints = [
            models.UniqueConstraint(fields=["site", "locale"], name="foreign_section_one_each")
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.locale}"


class Need(models.TextChoices):
    """What brings a foreign reader to a column (R-FOR-04)."""

    LIVING = "living", _("Living here")
    BUSINESS = "business", _("Doing business")
    VISITING = "visiting", _("Visiting")
    NEWS = "news", _("News")
    SERVICES = "services", _("Services for foreigners")
    POLICIES = "policies", _("Policies for foreigners")
    EMERGENCY = "emergency", _("Emergency")
    OTHER = "other", _("Other")


class ForeignColumn(models.Model):
    """A column of a section: what brings readers there, and which Chinese columns feed it.

    The page is an ordinary column page in the language's tree, not a translation of one.
    """

    section = models.ForeignKey(ForeignSection, on_delete=models.CASCADE, related_name="columns")
    page = models.OneToOneField(
        "wagtailcore.Page",
        verbose_name=_("column"),
        on_delete=models.CASCADE,
        related_name="foreign_column",
    )
    need = models.CharField(_("need"), max_length=12, choices=Need, default=Need.OTHER)

    class Meta:
        default_permissions = ()
        verbose_name = _("foreign column")
        verbose_name_plural = _("foreign columns")

    def __str__(self) -> str:
        return str(self.page)


class ColumnFeed(models.Model):
    """Core pages at or below ``source`` (a Chinese column) are placed in ``column``.

    The nearest feed above a page counts.
    """

    column = models.ForeignKey(ForeignColumn, on_delete=models.CASCADE, related_name="feeds")
    source = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Chinese column"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("feed")
        constraints = [
            models.UniqueConstraint(fields=["column", "source"], name="foreign_feed_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.column}"


class TeamRole(models.TextChoices):
    TRANSLATOR = "translator", _("Translator")
    LANGUAGE_REVIEWER = "language_reviewer", _("Language reviewer")
    CONTENT_REVIEWER = "content_reviewer", _("Secrecy and content reviewer")
    LEAD = "lead", _("Head of the language team")


class TeamMember(models.Model):
    """Somebody who works in a section, with proof of qualification. No columns: all of them."""

    section = models.ForeignKey(ForeignSection, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="language_teams",
    )
    role = models.CharField(_("role"), max_length=20, choices=TeamRole)
    qualification = models.CharField(_("qualification"), max_length=200, blank=True)
    columns = models.ManyToManyField(
        ForeignColumn, verbose_name=_("columns"), blank=True, related_name="members"
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [
            models.UniqueConstraint(fields=["section", "user", "role"], name="foreign_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
