"""What is to be done about the knowledge base, and what was brought into it from files.

Contradictions between two entries, phrasings that visitors used, their votes, and imports.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


# --- contradictions -------------------------------------------------------------------------------
class Contradiction(models.Model):
    """Two entries that answer nearly the same question; ``first`` has the smaller key.

    ``similarity`` is that of the questions, 0 to 1. The two digests are those of the texts that
    were compared: when one of them changes, what was decided no longer counts.
    """

    class Kind(models.TextChoices):
        SAME = "same", _("the same answer twice")
        FIGURES = "figures", _("different figures")
        TEXTS = "texts", _("different answers")

    class State(models.TextChoices):
        OPEN = "open", _("to be settled")
        SETTLED = "settled", _("settled")
        GONE = "gone", _("no longer so")

    class Decision(models.TextChoices):
        AGREED = "agreed", _("they say the same now")
        BOTH = "both", _("both are right")
        REPLACED = "replaced", _("one replaces the other")

    first = models.ForeignKey("assistant.QuestionPage", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("assistant.QuestionPage", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    similarity = models.FloatField(_("likeness of the questions"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    first_digest = models.CharField(max_length=64)
    second_digest = models.CharField(max_length=64)
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    reopened_at = models.DateTimeField(_("reopened"), null=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("contradiction")
        verbose_name_plural = _("contradictions")
        default_permissions = ()
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="assistant_one_contradiction"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="assistant_contradiction_order"
            ),
        ]
        indexes = [models.Index(fields=["state", "-found_at"], name="assistant_contra_state")]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"


class ComparedEntry(models.Model):
    """Which text of an entry was compared with all others last: those need no second look."""

    page = models.OneToOneField(
        "assistant.QuestionPage",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="compared",
    )
    digest = models.CharField(max_length=64)
    compared_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.page_id)


# --- phrasings ------------------------------------------------------------------------------------
class PhrasingProposal(models.Model):
    """What visitors asked before they confirmed an entry as the right one; without personal data.

    ``same_as`` is the text as it is compared: ``same_as`` and entry occur once.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waiting for you")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("turned down")

    page = models.ForeignKey(
        "assistant.QuestionPage",
        verbose_name=_("question"),
        on_delete=models.CASCADE,
        related_name="proposals",
    )
    text = models.CharField(_("asked"), max_length=500)
    same_as = models.CharField(max_length=500)
    language = models.CharField(_("language"), max_length=12)
    count = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first asked"), auto_now_add=True)
    last_at = models.DateTimeField(_("last asked"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("phrasing of visitors")
        verbose_name_plural = _("phrasings of visitors")
        default_permissions = ()
        ordering = ["-count", "-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["page", "same_as"], name="assistant_one_proposal")
        ]
        indexes = [models.Index(fields=["state", "-count"], name="assistant_proposal_state")]

    def __str__(self) -> str:
        return self.text


# --- votes ----------------------------------------------------------------------------------------
class Vote(models.Model):
    """Whether an entry was of use to somebody. ``visitor`` tells people of one day apart only."""

    class Reason(models.TextChoices):
        UNCLEAR = "unclear", _("I do not understand it")
        INCOMPLETE = "incomplete", _("something is missing")
        WRONG = "wrong", _("something is wrong or out of date")
        OTHER = "other", _("I was looking for something else")

    page = models.ForeignKey(
        "assistant.QuestionPage", on_delete=models.CASCADE, related_name="votes"
    )
    day = models.DateField(_("day"))
    visitor = models.CharField(max_length=64)
    useful = models.BooleanField(_("useful"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)

    class Meta:
        verbose_name = _("vote")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["page", "day", "visitor"], name="assistant_one_vote_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.day}"


# --- imports --------------------------------------------------------------------------------------
class ImportedEntry(models.Model):
    """An entry that came from a file, with the digest of the row that it was made from last."""

    page = models.OneToOneField(
        "assistant.QuestionPage",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="imported",
    )
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.page_id)


class PrivateFiles(FileSystemStorage):
    """Uploads beside the media that have no address."""

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no URL.")


def uploaded_files() -> PrivateFiles:
    return PrivateFiles(
        location=Path(settings.DATA_DIR) / "imports",
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


class EntryImport(models.Model):
    """One file that an editor brings: checked, confirmed, then stored in the background.

    ``outcome`` is the report as the command writes it. ``beat_at`` is when the work last moved.
    """

    class State(models.TextChoices):
        CHECKED = "checked", _("waits for your confirmation")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("interrupted")

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    column = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("file"), max_length=255)
    file = models.FileField(
        storage=uploaded_files, upload_to="questions/%Y/%m", blank=True, max_length=200
    )
    replace = models.BooleanField(default=False)
    create_topics = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    outcome: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    failure = models.CharField(max_length=300, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import of questions")
        verbose_name_plural = _("imports of questions")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
