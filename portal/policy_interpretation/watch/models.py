"""What was compared and where it differs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class CheckedText(models.Model):
    """A watched text as it was when it was last compared. Written by services only.

    ``parts`` ([[name, text], …]) is kept while something differs, so that the marks stand where
    they belong whatever is edited meanwhile.
    """

    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.CASCADE, related_name="+"
    )
    source = models.CharField(max_length=80, help_text="Key of the entry in watched_texts.")
    key = models.CharField(max_length=80)
    title = models.CharField(_("title"), max_length=255)
    edit_url = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=12)
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.CASCADE, related_name="+"
    )
    parts = models.JSONField(default=list)
    digest = models.CharField(max_length=64, help_text="Of the text and of all that it cites.")
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("checked text")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["site", "source", "key"], name="policy_checked_text_once"
            ),
            models.UniqueConstraint(
                fields=["source", "key"],
                condition=models.Q(site__isnull=True),
                name="policy_checked_text_once_nowhere",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """A figure of a text that no cited clause bears out, with the clause that comes nearest.

    ``start`` and ``end`` are places in the part's text, ``clause_start`` and ``clause_end`` in
    ``clause_text``. ``digest`` stands for the sentence and everything that was cited: an acceptance
    holds for these words only.
    """

    class State(models.TextChoices):
        OPEN = "open", _("undecided")
        CORRECTED = "corrected", _("corrected")
        ACCEPTED = "accepted", _("accepted")

    text = models.ForeignKey(CheckedText, on_delete=models.CASCADE, related_name="findings")
    part = models.CharField(max_length=80)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    printed = models.CharField(_("figure"), max_length=200)
    statement = models.CharField(max_length=12, help_text="Kind of the figure: money, date …")
    is_missing = models.BooleanField(help_text="No clause has anything of the kind.")
    sentence = models.TextField()
    digest = models.CharField(max_length=64)

    policy = models.ForeignKey(
        "policy_interpretation.PolicyPage",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    clause = models.CharField(max_length=40, blank=True)
    clause_text = models.TextField(blank=True)
    clause_start = models.PositiveIntegerField(default=0)
    clause_end = models.PositiveIntegerField(default=0)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(_("found"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("differing figure")
        default_permissions = ()
        ordering = ["text", "part", "start", "pk"]
        indexes = [models.Index(fields=["state", "text"], name="policy_finding_state")]

    def __str__(self) -> str:
        return self.printed

    @property
    def verdict(self) -> str:
        """Whether a clause contradicts the figure, or none speaks of it."""
        return gettext("not in the clauses") if self.is_missing else gettext("differs")

    @property
    def clause_printed(self) -> str:
        """What the nearest clause prints; empty where there is none."""
        return self.clause_text[self.clause_start : self.clause_end]

    @property
    def clause_before(self) -> str:
        return self.clause_text[: self.clause_start]

    @property
    def clause_after(self) -> str:
        return self.clause_text[self.clause_end :]

    @property
    def was_reopened(self) -> bool:
        """Somebody accepted it for other words than those that stand there now."""
        return self.state == self.State.OPEN and self.decided_at is not None


class WatchSetting(models.Model):
    """What a site does about open differences when something is published."""

    site = models.OneToOneField(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    blocks = models.BooleanField(
        _("differing figures stop publishing"),
        default=False,
        help_text=_(
            "Off: they are shown as advice. Differences that were accepted never stop it, nor do"
            " figures of which the clauses do not speak."
        ),
    )

    class Meta:
        verbose_name = _("figures when publishing")
        verbose_name_plural = _("figures when publishing")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.site)
