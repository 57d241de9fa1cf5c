"""Replies with their reviews and what they rest on; what the writer says of them."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.plugin_api import ClauseIdsField


class ReplyState(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", pgettext_lazy("reply", "sent back")
    APPROVED = "approved", pgettext_lazy("reply", "approved")
    RELEASED = "released", pgettext_lazy("reply", "released")


class Reply(models.Model):
    """A reply: plain paragraphs. A letter has several where it was reopened; one is not final.

    ``translation`` is what a writer in another language reads beside the Chinese. ``guard`` are
    the findings of the reply guard when it was handed in, ``guard_reason`` why it goes on
    nevertheless. A released reply is not changed. ``masked_*`` are what the public may read, and
    do so since ``published_at``: when somebody of the office had looked them over.
    """

    letter = models.ForeignKey(
        "interaction.Letter", on_delete=models.PROTECT, related_name="replies"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReplyState, default=ReplyState.DRAFT
    )
    text = models.TextField(_("reply"), blank=True)
    translation = models.TextField(_("reply in the writer's language"), blank=True)
    masked_text = models.TextField(_("reply, as published"), blank=True)
    masked_translation = models.TextField(_("translation, as published"), blank=True)
    published_at = models.DateTimeField(null=True)
    unit = models.ForeignKey(
        "core.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    template = models.ForeignKey(
        "interaction.ReplyTemplate", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    guard = models.JSONField(default=list)
    guard_reason = models.CharField(max_length=300, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    drafted_by_name = models.CharField(max_length=150, blank=True)
    drafted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_by_name = models.CharField(max_length=150, blank=True)
    approved_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    released_by_name = models.CharField(max_length=150, blank=True)
    released_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["letter", "pk"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~models.Q(state="released")
                | (models.Q(released_at__isnull=False) & ~models.Q(text="")),
                name="interaction_released_has_text",
            ),
            models.UniqueConstraint(
                fields=["letter"],
                condition=~models.Q(state="released"),
                name="interaction_one_open_reply",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["unit", "-released_at"], name="interaction_reply_unit"),
            models.Index(
                fields=["drafted_by", "letter"],
                condition=models.Q(released_at__isnull=True),
                name="interaction_reply_coming",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.state}"


class ReplyBasis(models.Model):
    """A page, or clauses of a document, that a reply rests on."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="basis")
    target = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    clauses = ClauseIdsField(_("clauses"), document="target", default=list, blank=True)
    label = models.CharField(max_length=255, blank=True)

    class Meta:
        verbose_name = _("basis of a reply")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label or str(self.target_id or "")


class FollowUp(models.Model):
    """The one question that a writer may add to a reply (R-INT-33). Public, masked, since
    ``published_at``."""

    letter = models.OneToOneField(
        "interaction.Letter", on_delete=models.PROTECT, related_name="follow_up"
    )
    text = models.TextField(_("question"))
    masked_text = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("question added by the writer")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.letter_id}"


class LetterRating(models.Model):
    """How content the writer is; once for a letter, changed until the site's time is over."""

    letter = models.OneToOneField(
        "interaction.Letter", on_delete=models.PROTECT, related_name="rating"
    )
    score = models.PositiveSmallIntegerField(
        _("score"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    is_solved = models.BooleanField(_("solved"), null=True)
    text = models.TextField(_("in words"), max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("rating of an answer")
        default_permissions = ()
        indexes: ClassVar[list[Any]] = [models.Index(fields=["at"], name="interaction_rating_at")]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.score}"
