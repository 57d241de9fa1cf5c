"""What visitors asked and what they were answered. Nothing personal: questions are scrubbed before
they come here, addresses of visitors never do."""

import hashlib
import secrets
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .receipts import AnswerBasis, new_code


class Channel(models.TextChoices):
    """Where a question was asked."""

    PAGE = "page", _("answer page")
    WIDGET = "widget", _("widget")
    SEARCH = "search", _("search page")
    API = "api", _("API")
    COMMAND = "command", _("command line")


class AnswerStatus(models.TextChoices):
    """The closed list of ``assistant.dialogue.statuses``, with the words of the admin."""

    ANSWERED = "answered", _("answered")
    CLARIFY = "clarify", _("asked back")
    DECLINED_OUT_OF_SCOPE = "declined_out_of_scope", _("declined: no matter of the government")
    DECLINED_NO_SOURCE = "declined_no_source", _("declined: nothing approved")
    FORM = "form", _("form")
    HANDED_OVER = "handed_over", _("handed over to a person")
    SMALLTALK = "smalltalk", _("small talk")
    BLOCKED_PERSONAL_DATA = "blocked_personal_data", _("blocked: personal data")
    BLOCKED_INJECTION = "blocked_injection", _("blocked: a command")
    RATE_LIMITED = "rate_limited", _("too many questions")
    UNAVAILABLE = "unavailable", _("not available")


class FeedbackReason(models.TextChoices):
    """Why an answer was of no use."""

    WRONG_QUESTION = "wrong_question", _("It answers another question")
    INCOMPLETE = "incomplete", _("Something is missing")
    HARD_TO_UNDERSTAND = "hard_to_understand", _("Hard to understand")
    OUTDATED = "outdated", _("Seems out of date or wrong")
    OTHER = "other", _("Something else")


def new_answer_id() -> str:
    """An address that nobody guesses: 128 random bits."""
    return secrets.token_urlsafe(16)


class Conversation(models.Model):
    """Questions of one visitor that belong together, as long as the visitor hands the id back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(_("language"), max_length=12)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    last_at = models.DateTimeField(_("last question at"), default=timezone.now, db_index=True)
    # The message that is being answered: the id that its answer will have, and until when.
    open_answer = models.CharField(max_length=32, blank=True)
    open_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_at"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.id)


class AnswerRecord(models.Model):
    """One answer as it was given: the receipt.

    ``content`` holds what was shown beside the text, as the API gives it: citations, candidates,
    suggestions, related official text, actions. ``entry`` is the identifier of the entry whose
    text was given, ``page`` its page while there is one, ``version`` the revision that was public.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_answer_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="answers")
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    question = models.TextField(_("question"), blank=True, help_text="Scrubbed.")
    hidden = models.JSONField(default=list, help_text="Kinds of personal data that were masked.")
    asked_from = models.CharField(_("asked from the page"), max_length=255, blank=True)
    language = models.CharField(_("language"), max_length=12)
    as_of = models.DateTimeField(_("as of"), null=True)
    status = models.CharField(_("status"), max_length=24, choices=AnswerStatus)
    words = models.CharField(max_length=24, blank=True)
    entry = models.CharField(_("entry"), max_length=80, blank=True, db_index=True)
    page = models.ForeignKey(
        "assistant.QuestionPage", null=True, on_delete=models.SET_NULL, related_name="answers_given"
    )
    version = models.BigIntegerField(null=True)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True)
    text_language = models.CharField(max_length=12, blank=True)
    trust = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the text.")
    content = models.JSONField(default=dict)
    confidence = models.FloatField(default=0.0)
    mode = models.CharField(max_length=12, blank=True)
    took_ms = models.PositiveIntegerField(default=0)
    # --- the dialogue
    intent = models.CharField(max_length=60, blank=True)
    dialogue = models.CharField(max_length=12, default="single-turn")
    turn = models.CharField(
        max_length=64,
        blank=True,
        help_text="The client's own name of the message: sent twice, answered once.",
    )
    timings = models.JSONField(default=dict, help_text="Milliseconds of each part.")
    # --- afterwards
    basis = models.ForeignKey(
        AnswerBasis, null=True, on_delete=models.PROTECT, related_name="answers"
    )
    code = models.CharField(
        _("number"),
        max_length=10,
        default=new_code,
        db_index=True,
        help_text="What visitors read out to the hotline; no address.",
    )
    told_at = models.DateTimeField(
        null=True, help_text="When the visitor was told that it no longer holds."
    )

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-asked_at"]
        default_permissions = ()
        permissions = [("look_up_receipts", _("Can look up receipts by their number"))]
        indexes = [
            models.Index(fields=["status", "-asked_at"], name="assistant_answer_status"),
            models.Index(fields=["site", "-asked_at"], name="assistant_answer_site"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "turn"],
                condition=~models.Q(turn=""),
                name="assistant_one_answer_a_turn",
            )
        ]

    def __str__(self) -> str:
        return self.id


def digest_of(text: str) -> str:
    """The hash that proves on a receipt which text was given."""
    return hashlib.sha256(text.encode()).hexdigest()


class Feedback(models.Model):
    """What the visitor said of an answer; said again, the last word holds."""

    answer = models.OneToOneField(AnswerRecord, on_delete=models.CASCADE, related_name="feedback")
    useful = models.BooleanField(_("useful"))
    reason = models.CharField(_("reason"), max_length=24, choices=FeedbackReason, blank=True)
    comment = models.TextField(_("comment"), blank=True, help_text="Scrubbed.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.answer_id} {self.useful}"
