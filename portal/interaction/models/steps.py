"""The history of letters: one line for each move, with who had it from when. Only added to."""

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Verb(models.TextChoices):
    RECEIVE = "receive", _("received")
    TRANSLATE = "translate", _("translated")
    ACCEPT = "accept", pgettext_lazy("letter", "accepted")
    ASSIGN = "assign", _("assigned")
    TAKE = "take", _("taken into hand")
    RETURN = "return", _("returned")
    TRANSFER = "transfer", _("handed over to another unit")
    CONFIRM = "confirm", _("receipt confirmed")
    ASK_ADVICE = "ask_advice", _("another unit asked for its opinion")
    ADVISE = "advise", _("opinion given")
    DECLINE = "decline", _("handover declined")
    DRAFT = "draft", _("reply drafted")
    HAND_IN = "hand_in", _("reply handed in for review")
    REWORK = "rework", _("reply sent back")
    APPROVE = "approve", _("reply approved")
    RELEASE = "release", _("reply released")
    PUBLISH = "publish", _("result published")
    WITHHOLD = "withhold", _("result not published")
    DEFER = "defer", _("time extended")
    PAUSE = "pause", _("clock paused")
    RESUME = "resume", _("clock resumed")
    REFUSE = "refuse", _("not taken on")
    INVALIDATE = "invalidate", _("marked invalid")
    MERGE = "merge", _("joined with another letter")
    SPLIT = "split", _("taken out of the joint letter")
    DIRECT = "direct", _("directed to its own channel")
    FORWARD = "forward", _("forwarded to another level")
    RECALL = "recall", _("taken back from the other level")
    FOLLOW_UP = "follow_up", _("asked again")
    REOPEN = "reopen", _("reopened")
    RATE = "rate", _("rated")
    WITHDRAW = "withdraw", _("taken back by the writer")
    REMIND = "remind", _("reminded")
    ESCALATE = "escalate", _("shown to the head")
    NOTE = "note", _("note")
    ERASE = "erase", _("personal data erased")


class StepsQuerySet(models.QuerySet["LetterStep"]):
    """For a record that grows: what is in it stays as it is."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the history of letters is not changed")

    def delete(self) -> NoReturn:
        raise TypeError("the history of letters is not deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the history of letters is not changed")

    def cleaned(self, clean: Callable[[str], str]) -> None:
        """The one change there is, for writers whose data are erased: what the desk noted is
        cleaned of them. Who did what when stays."""
        for step in self.iterator():
            kept = {
                "reason": clean(step.reason),
                "public_note": clean(step.public_note),
                "data": {
                    name: clean(value) if isinstance(value, str) else value
                    for name, value in step.data.items()
                },
            }
            if any(getattr(step, name) != value for name, value in kept.items()):
                models.QuerySet(self.model, using=self.db).filter(pk=step.pk).update(**kept)


class LetterStep(models.Model):
    """One move. ``unit`` and ``holder`` have the letter after it; ``by`` made it (None: the writer
    of the letter, or the portal itself). ``public_note`` is told to the writer."""

    letter = models.ForeignKey("interaction.Letter", on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=12, choices=Verb)
    at = models.DateTimeField()
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    unit = models.ForeignKey(
        "core.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    holder_name = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)
    public_note = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    objects = StepsQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a letter")
        verbose_name_plural = _("steps of letters")
        ordering = ["letter", "seq"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["letter", "seq"], name="interaction_step_once")
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["at"], name="interaction_step_at")]

    def __str__(self) -> str:
        return f"{self.letter_id}#{self.seq} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the history of letters is not changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the history of letters is not deleted")


class Transfer(models.Model):
    """A letter on its way from one unit to another, or to another level: number and receipt.

    Until the other side confirms, the unit that gave it still answers for it: no letter is
    between two chairs. ``to_unit`` is None for bodies that do not work on this portal.
    """

    letter = models.ForeignKey(
        "interaction.Letter", on_delete=models.PROTECT, related_name="transfers"
    )
    number = models.CharField(_("transfer number"), max_length=32, unique=True)
    from_unit = models.ForeignKey(
        "core.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_unit = models.ForeignKey(
        "core.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    to_name = models.CharField(_("to"), max_length=120, blank=True)
    reason = models.TextField(_("reason"))
    sent_at = models.DateTimeField()
    sent_by_name = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_name = models.CharField(max_length=150, blank=True)
    their_number = models.CharField(_("number there"), max_length=60, blank=True)
    declined_at = models.DateTimeField(null=True)
    declined_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("transfer of a letter")
        ordering = ["-sent_at", "-pk"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["letter"],
                condition=models.Q(confirmed_at__isnull=True, declined_at__isnull=True),
                name="interaction_one_transfer",
            )
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["to_unit", "letter"],
                condition=models.Q(confirmed_at__isnull=True, declined_at__isnull=True),
                name="interaction_coming",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Advice(models.Model):
    """Another unit is asked for its opinion while the letter stays where it is (R-INT-06)."""

    letter = models.ForeignKey(
        "interaction.Letter", on_delete=models.PROTECT, related_name="advice"
    )
    unit = models.ForeignKey("core.Organisation", on_delete=models.PROTECT, related_name="+")
    request = models.TextField(_("what is asked"))
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=150)
    opinion = models.TextField(_("opinion"), blank=True)
    given_at = models.DateTimeField(null=True)
    given_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("opinion of another unit")
        ordering = ["-asked_at", "-pk"]
        default_permissions = ()
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["unit", "letter"],
                condition=models.Q(given_at__isnull=True),
                name="interaction_advice_asked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.unit_id}"
