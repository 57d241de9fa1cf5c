"""Golden questions: what owners want certain questions to be answered with, and how they were."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


class Expects(models.TextChoices):
    ANSWER = "answer", _("an answer")
    DECLINED = "declined", _("to be declined")


class GoldenQuestion(ClusterableModel):
    """A question that must go on being answered as its owner wants it.

    ``expectations``: any of these entries will do, or a translation of one. ``source``: the entry
    that is given must rest on this page. ``site`` is where the question is asked; none: at the
    portal, which answers with entries of all sites.
    """

    key = models.CharField(
        _("identifier"), max_length=80, unique=True, help_text=_("A short name that stays.")
    )
    question = models.TextField(
        _("question"), max_length=500, help_text=_("In the words of the people who ask.")
    )
    language = models.CharField(_("language"), max_length=12, default="zh-hans")
    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("asked at the site"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="+",
    )  # fmt: skip
    expects = models.CharField(
        _("expected"), max_length=10, choices=Expects, default=Expects.ANSWER
    )
    source = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("expected source"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
        help_text=_("The answer must rest on this document or page. Empty: on any."),
    )  # fmt: skip
    topic = models.ForeignKey(
        "assistant.Topic", verbose_name=_("topic"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    owner_unit = models.ForeignKey(
        "core.Organisation", verbose_name=_("kept by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("golden question")
        verbose_name_plural = _("golden questions")
        default_permissions = ()
        ordering = ["key"]

    def __str__(self) -> str:
        return self.question[:80]

    def clean(self) -> None:
        self.question = " ".join(self.question.split())
        if not any(sign.isalnum() for sign in self.question):
            raise ValidationError({"question": _("Write the question.")})


class GoldenExpectation(models.Model):
    """An entry that answers a golden question; none: it was deleted, and nothing does any more."""

    question = ParentalKey(GoldenQuestion, on_delete=models.CASCADE, related_name="expectations")
    page = models.ForeignKey(
        "assistant.QuestionPage", verbose_name=_("entry"), null=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("expected entry")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.page or "")


class GoldenRun(models.Model):
    """All golden questions asked at one moment. ``models`` and ``gates`` say by what they were
    answered; ``complete`` ones only are compared with."""

    class Cause(models.TextChoices):
        NIGHT = "night", _("nightly")
        HAND = "hand", _("asked for")
        COMMAND = "command", _("command")

    began_at = models.DateTimeField(_("began"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause)
    models_used = models.CharField(_("models"), max_length=200, blank=True)
    gates = models.CharField(_("gates"), max_length=64, blank=True)
    seq = models.BigIntegerField(default=0, help_text="The index's newest change.")
    asked = models.PositiveIntegerField(_("asked"), default=0)
    right = models.PositiveIntegerField(_("right"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("run of golden questions")
        verbose_name_plural = _("runs of golden questions")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.began_at)


class GoldenResult(models.Model):
    """How one question was answered in a run. ``shown`` are primary keys of entries."""

    run = models.ForeignKey(GoldenRun, on_delete=models.CASCADE, related_name="results")
    question = models.ForeignKey(GoldenQuestion, on_delete=models.CASCADE, related_name="results")
    status = models.CharField(_("status"), max_length=24)
    shown = models.JSONField(default=list)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True)
    right = models.BooleanField(_("right"))
    confidence = models.FloatField(_("confidence"), default=0.0)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run", "question"], name="assistant_one_golden_result")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.question_id}"
