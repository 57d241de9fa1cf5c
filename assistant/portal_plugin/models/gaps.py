"""What people ask for and do not find: single questions, and the gaps that they make up.

The words are without personal data. A question that came from a conversation is forgotten with it.
"""

import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Gap(models.Model):
    """Questions about one matter that nobody has answered well; the number stays over nights.

    ``title`` is the question in the middle of them. ``owner_is_guess``: nobody has said yet that
    the unit is the right one. ``recent`` and ``before`` are the questions of the last four weeks
    and of the four before them. ``nearest``: the entries that came closest, as ``{"page", "score",
    "share"}``. ``opened_at`` is when it opened last: from there to ``closed_at`` is what it took.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("gap", "open")
        ASSIGNED = "assigned", pgettext_lazy("gap", "assigned")
        IN_WORK = "in_work", _("in work")
        CLOSED = "closed", pgettext_lazy("gap", "closed")
        DISMISSED = "dismissed", _("dismissed")
        MERGED = "merged", _("merged into another one")

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    title = models.CharField(_("asked"), max_length=500)
    language = models.CharField(_("language"), max_length=12)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    owner_unit = models.ForeignKey(
        "core.Organisation", verbose_name=_("unit"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    owner_is_guess = models.BooleanField(default=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    topic = models.ForeignKey(
        "assistant.Topic", verbose_name=_("topic"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    column = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    size = models.PositiveIntegerField(_("questions"), default=0)
    askers = models.PositiveIntegerField(_("people"), default=0)
    recent = models.PositiveIntegerField(default=0)
    before = models.PositiveIntegerField(default=0)
    nearest = models.JSONField(default=list)
    examined_size = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(_("first asked"), null=True)
    last_at = models.DateTimeField(_("last asked"), null=True)
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        "assistant.QuestionPage", verbose_name=_("closed by"), null=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    draft = models.ForeignKey(
        "assistant.QuestionPage", verbose_name=_("draft"), null=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reopened = models.PositiveIntegerField(_("reopened"), default=0)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="merged_from"
    )

    ACTIVE = (State.OPEN, State.ASSIGNED, State.IN_WORK)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        default_permissions = ()
        ordering = ["-size", "-pk"]
        indexes = [
            models.Index(fields=["site", "state", "-size"], name="assistant_gap_state"),
            models.Index(fields=["draft"], name="assistant_gap_draft"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def took(self) -> datetime.timedelta | None:
        """How long it was open, once it is closed."""
        return self.closed_at - self.opened_at if self.closed_at else None


class GapQuestion(models.Model):
    """One thing that somebody asked or looked for in vain.

    ``source`` and ``key`` name it for good. ``asker`` tells people apart and nothing else.
    ``vectors``: one after another, of the models that ``embedded`` names. ``is_apart``: an editor
    took it out of a gap; it joins none by itself any more.
    """

    class Kind(models.TextChoices):
        UNANSWERED = "unanswered", _("not answered")
        UNCHOSEN = "unchosen", _("asked back, nothing chosen")
        RATED = "rated", _("the answer was of no use")
        SEARCH = "search", _("search without results")
        LETTER = "letter", _("letter")
        OTHER = "other", _("other")

    gap = models.ForeignKey(
        Gap, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    source = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.CharField(_("asked"), max_length=500)
    language = models.CharField(_("language"), max_length=12)
    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    asker = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(_("asked at"))
    url = models.CharField(max_length=500, blank=True)
    answer = models.ForeignKey(
        "assistant.AnswerRecord", null=True, on_delete=models.CASCADE, related_name="+"
    )
    vectors = models.BinaryField(null=True)
    embedded = models.CharField(max_length=200, blank=True)
    is_apart = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("question without an answer")
        verbose_name_plural = _("questions without an answer")
        default_permissions = ()
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="assistant_one_gap_question")
        ]
        indexes = [models.Index(fields=["site", "gap", "-at"], name="assistant_gap_question_at")]

    def __str__(self) -> str:
        return self.text


class GapSource(models.Model):
    """How far a source of questions has been read for a site."""

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    until = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="assistant_one_gap_source")
        ]

    def __str__(self) -> str:
        return self.name


class GapEvent(models.Model):
    """Something that was done about a gap, with what it takes to take it back.

    ``before``: ``{"gaps": {pk: {field: value}}, "questions": {pk: gap or null}}``; ``made``: a gap
    that did not exist before.
    """

    class Kind(models.TextChoices):
        FOUND = "found", _("found")
        ASSIGNED = "assigned", pgettext_lazy("gap", "assigned")
        STARTED = "started", _("taken up")
        DRAFTED = "drafted", _("draft begun")
        CLOSED = "closed", _("closed")
        DISMISSED = "dismissed", _("dismissed")
        REOPENED = "reopened", _("opened again")
        MERGED = "merged", _("merged")
        SPLIT = "split", _("split")
        TAKEN_OUT = "taken_out", _("questions taken out")
        UNDONE = "undone", _("taken back")

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=300, blank=True)
    before: Any = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.gap_id} {self.kind}"
