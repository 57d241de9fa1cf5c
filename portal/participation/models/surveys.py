"""Surveys: page, sheets that came in, kept counts."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from portal.participation.blocks import QuestionsBlock
from portal.plugin_api import BasePage, BlocksField

from .pages import ActivityPage
from .records import Activity, ActivityKind, Received


class SurveyPage(ActivityPage):
    """Questions that everybody may answer once, and what was answered."""

    class Form(models.TextChoices):
        SURVEY = "survey", _("Survey")
        EVALUATION = "evaluation", _("Public evaluation")

    class Strictness(models.TextChoices):
        BROWSER = "browser", _("one sheet for each browser")
        DEVICE = "device", _("one sheet for each browser, and each kind of browser at a connection")

    page_description = _("Asks the public questions, and shows what was answered.")
    activity = ActivityKind.SURVEY
    form = models.CharField(_("kind"), max_length=12, choices=Form, default=Form.SURVEY)
    opens_at = models.DateTimeField(_("answers from"), null=True)
    closes_at = models.DateTimeField(_("answers until"), null=True)
    questions = BlocksField(QuestionsBlock(), verbose_name=_("questions"), blank=True)
    strictness = models.CharField(
        _("how often one may answer"),
        max_length=8,
        choices=Strictness,
        default=Strictness.DEVICE,
        help_text=_("The first, where many people share a connection and the same computers."),
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("form"),
                FieldRowPanel([FieldPanel("organiser"), FieldPanel("source")]),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldPanel("strictness"),
                FieldPanel("summary"),
                FieldPanel("contact"),
                FieldPanel("date"),
            ],
            heading=_("About the survey"),
        ),
        FieldPanel("body", heading=_("Introduction")),
        FieldPanel("questions"),
        MultiFieldPanel(
            [FieldPanel("result_summary"), FieldPanel("result_body")], heading=_("The result")
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("result_summary"),
    ]
    template = "participation/survey_page.html"

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        default_permissions = ()

    def activity_form(self) -> str:
        return self.form

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        from portal.participation.questions import faults_of, questions_of
        from portal.participation.selectors.surveys import changes_what_was_answered

        problems = super().publish_problems(parent)
        found = questions_of(self.questions)
        if not found:
            problems.append(("questions", _("A survey needs a question.")))
        problems.extend(("questions", fault) for fault in faults_of(found))
        if self.pk and changes_what_was_answered(self, found):
            message = _(
                "People have answered already: questions and options that they saw cannot be taken "
                "away or changed in kind."
            )
            problems.append(("questions", message))
        if self._would_count_people_twice():
            message = _(
                "It has ended, and the marks of who answered are deleted: it cannot be opened "
                "again. Make a new survey."
            )
            problems.append(("closes_at", message))
        return problems

    def _would_count_people_twice(self) -> bool:
        """Without marks nobody can tell who has answered already (``forget_voters``)."""
        now = timezone.now()
        if not self.pk or self.closes_at is None or self.closes_at <= now:
            return False
        ended = Activity.objects.filter(page=self.pk, closes_at__lte=now, received__gt=0, salt="")
        return ended.exists()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.participation.selectors.surveys import public_view

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(public_view(self))
        return context


class AnswerSheet(Received):
    """What one person answered: {question: answer}. Nothing says who; the time is the day."""

    survey = models.ForeignKey(SurveyPage, on_delete=models.PROTECT, related_name="sheets")
    answers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("answer sheet")
        verbose_name_plural = _("answer sheets")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class Voter(models.Model):
    """A mark that somebody has answered. It leads to no sheet, and goes with the survey's salt."""

    # The key, so that no order of arrival is stored beside the sheets.
    mark = models.CharField(max_length=64, primary_key=True)
    survey = models.ForeignKey(SurveyPage, on_delete=models.CASCADE, related_name="voters")

    class Meta:
        verbose_name = _("mark of an answer")
        verbose_name_plural = _("marks of answers")
        default_permissions = ()

    def __str__(self) -> str:
        return self.mark[:8]


class AnswerTally(models.Model):
    """How often an option was chosen, or a number given. Option "" counts who answered at all."""

    survey = models.ForeignKey(SurveyPage, on_delete=models.CASCADE, related_name="tallies")
    question = models.CharField(max_length=80)
    option = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of an option")
        verbose_name_plural = _("counts of options")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["survey", "question", "option"], name="participation_one_tally_an_option"
            ),
        )

    def __str__(self) -> str:
        return f"{self.question} {self.option}"


class FreeText(models.Model):
    """An answer in words: shown only after somebody has read it."""

    class State(models.TextChoices):
        NEW = "new", _("not read yet")
        SHOWN = "shown", _("shown in public")
        HIDDEN = "hidden", _("not shown")

    survey = models.ForeignKey(SurveyPage, on_delete=models.PROTECT, related_name="texts")
    question = models.CharField(max_length=40)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.NEW)

    class Meta:
        verbose_name = _("answer in words")
        verbose_name_plural = _("answers in words")
        default_permissions = ()
        indexes = (
            models.Index(
                fields=["survey", "state", "question", "id"], name="participation_text_state"
            ),
        )

    def __str__(self) -> str:
        return self.text[:40]


class CrossTable(models.Model):
    """Two questions against each other, counted when somebody asked for it. Small cells hidden."""

    survey = models.ForeignKey(SurveyPage, on_delete=models.CASCADE, related_name="crosses")
    rows = models.CharField(max_length=40)
    columns = models.CharField(max_length=40)
    cells = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("cross table")
        verbose_name_plural = _("cross tables")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["survey", "rows", "columns"], name="participation_one_cross"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rows} × {self.columns}"
