"""Online interviews: page, questions of the public, live entries."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.models import Page
from wagtail.search import index

from portal.participation.blocks import GuestsBlock
from portal.plugin_api import BasePage, BlocksField, BodyBlock

from .pages import ActivityPage
from .records import ActivityKind, Received, Sender


class InterviewPage(ActivityPage):
    """Officials answer the public's questions at an announced time, in writing and pictures."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ANNOUNCED = "announced", _("announced")
        LIVE = "live", _("live now")
        ENDED = "ended", _("ended")
        FOLLOWED_UP = "followed_up", _("followed up")

    page_description = _("Announces an interview, takes questions, and shows it live.")
    activity = ActivityKind.INTERVIEW
    opens_at = models.DateTimeField(_("begins"), null=True)
    closes_at = models.DateTimeField(_("ends"), null=True)
    questions_from = models.DateTimeField(_("questions from"), null=True, blank=True)
    questions_until = models.DateTimeField(
        _("questions until"), null=True, blank=True, help_text=_("Empty: until the end.")
    )
    shorter_reason = models.TextField(
        _("reason for a shorter notice"),
        blank=True,
        help_text=_("Demanded where it is announced less than the set days ahead."),
    )
    plan = models.TextField(
        _("plan"), blank=True, help_text=_("For the house only: course, questions, who does what.")
    )
    host = models.CharField(_("host"), max_length=80, blank=True)
    guests = BlocksField(GuestsBlock(), verbose_name=_("guests"), blank=True)
    video_url = models.URLField(_("address of the video"), blank=True)
    transcript = BlocksField(BodyBlock(), verbose_name=_("transcript"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("organiser"), FieldPanel("source")]),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldRowPanel([FieldPanel("questions_from"), FieldPanel("questions_until")]),
                FieldPanel("shorter_reason"),
                FieldRowPanel([FieldPanel("host"), FieldPanel("video_url")]),
                FieldPanel("summary"),
                FieldPanel("contact"),
                FieldPanel("date"),
            ],
            heading=_("About the interview"),
        ),
        FieldPanel("guests"),
        FieldPanel("plan"),
        FieldPanel("body", heading=_("Subject")),
        MultiFieldPanel(
            [
                FieldPanel("transcript"),
                FieldPanel("result_summary", heading=_("What came of it")),
                FieldPanel("result_body"),
            ],
            heading=_("Afterwards"),
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("transcript"),
        index.SearchField("result_summary"),
    ]
    template = "participation/interview_page.html"

    class Meta:
        verbose_name = _("online interview")
        verbose_name_plural = _("online interviews")
        default_permissions = ()

    def takes_questions(self, now: datetime.datetime) -> bool:
        since, until = self.questions_from, self.questions_until or self.closes_at
        return bool(until and now < until and (since is None or since <= now))

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        from portal.participation.selectors.settings import settings_for_path

        problems = super().publish_problems(parent)
        if not self.guests:
            problems.append(("guests", _("Say who answers.")))
        announced = self.announced_at()
        where = parent.path if parent is not None else self.path
        days = settings_for_path(where).interview_notice_days
        is_short = self.opens_at is not None and self.opens_at < announced + datetime.timedelta(
            days=days
        )
        if is_short and not self.has_result and not self.shorter_reason.strip():
            message = _(
                "An interview is announced at least %(days)d days ahead. Give the reason for less."
            ) % {"days": days}
            problems.append(("shorter_reason", message))
        return problems

    def media_values(self) -> list[Any]:
        return [*super().media_values(), self.transcript, self.guests]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.participation.selectors.interviews import public_view

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(public_view(self))
        return context


class InterviewQuestion(Received):
    """What somebody asks. Shown after somebody has read it."""

    class State(models.TextChoices):
        NEW = "new", _("not read yet")
        TAKEN = "taken", _("taken")
        ANSWERED = "answered", _("answered")
        REFUSED = "refused", _("not taken")

    interview = models.ForeignKey(InterviewPage, on_delete=models.PROTECT, related_name="asked")
    text = models.TextField(_("question"))
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_live = models.BooleanField(default=False)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("question to an interview")
        verbose_name_plural = _("questions to interviews")
        default_permissions = ()
        indexes = (
            models.Index(fields=["interview", "state"], name="participation_question_state"),
        )

    def __str__(self) -> str:
        return self.text[:40]


class QuestionSender(Sender):
    question = models.OneToOneField(
        InterviewQuestion, on_delete=models.CASCADE, primary_key=True, related_name="sender"
    )

    class Meta:
        verbose_name = _("sender of a question")
        verbose_name_plural = _("senders of questions")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.question_id)


class LiveEntry(models.Model):
    """What was said, while it is said. ``sequence`` grows with every change: readers ask for what
    is newer than what they have."""

    interview = models.ForeignKey(InterviewPage, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    speaker = models.CharField(_("who speaks"), max_length=80)
    text = models.TextField(_("text"), blank=True)
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    question = models.ForeignKey(
        InterviewQuestion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    corrected_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("live entry")
        verbose_name_plural = _("live entries")
        default_permissions = ()
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=["interview", "number"], name="participation_entry_number"
            ),
            models.UniqueConstraint(
                fields=["interview", "sequence"], name="participation_entry_sequence"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.speaker}"
