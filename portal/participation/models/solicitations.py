"""Opinions on drafts: page, opinions, what became of them."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.models import Page
from wagtail.search import index

from portal.participation.blocks import DraftBlock
from portal.plugin_api import BasePage, BlocksField, ClauseIdsField

from .pages import ActivityForm, ActivityPage
from .records import Activity, ActivityKind, Received, Sender


class SolicitationForm(ActivityForm):
    """Takes pasted text apart into clauses: what is pasted replaces nothing that is there."""

    def clean(self) -> dict[str, Any]:
        from portal.participation.drafts import blocks_of

        cleaned = super().clean()
        pasted = (cleaned.get("pasted_text") or "").strip()
        if not pasted:
            return cleaned
        if cleaned.get("draft"):
            message = _("There are clauses already. Take them away, or leave this field empty.")
            self.add_error("pasted_text", message)
            return cleaned
        field = self._meta.model._meta.get_field("draft")
        cleaned["draft"] = field.stream_block.to_python(blocks_of(pasted))
        cleaned["pasted_text"] = ""
        return cleaned


class SolicitationPage(ActivityPage):
    """A draft on which everybody may say something, and what became of what was said."""

    class Form(models.TextChoices):
        OPINIONS = "opinions", _("Solicitation of opinions")
        DECISION = "decision", _("Major decision")
        HEARING = "hearing", _("Online hearing")
        SUGGESTIONS = "suggestions", _("Call for suggestions")
        EVALUATION = "evaluation", _("Public evaluation")

    class Display(models.TextChoices):
        NONE = "none", _("only the summary of the result")
        ADOPTED = "adopted", _("opinions that were adopted")
        DECIDED = "decided", _("all opinions that were looked at, with the decision")

    page_description = _("Asks for opinions on a draft, clause by clause.")
    activity = ActivityKind.SOLICITATION
    form = models.CharField(_("kind"), max_length=12, choices=Form, default=Form.OPINIONS)
    opens_at = models.DateTimeField(_("opinions from"), null=True)
    closes_at = models.DateTimeField(_("opinions until"), null=True)
    shorter_reason = models.TextField(
        _("reason for a shorter period"),
        blank=True,
        help_text=_("Public. Demanded where a major decision is open for less than the set days."),
    )
    draft = BlocksField(DraftBlock(), verbose_name=_("text of the draft"), blank=True)
    pasted_text = models.TextField(
        _("paste the text of the draft"),
        blank=True,
        help_text=_("Taken apart into clauses when the page is saved."),
    )
    draft_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("policy document as the draft"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("In place of the text above: a public document, whose clauses are shown."),
    )
    draft_clauses = ClauseIdsField(document="draft_page", default=list, blank=True)
    policy = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("document that came of it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Then each of the two pages leads to the other."),
    )
    display = models.CharField(
        _("opinions shown in public"), max_length=8, choices=Display, default=Display.ADOPTED
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("form"),
                FieldRowPanel([FieldPanel("organiser"), FieldPanel("source")]),
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldPanel("shorter_reason"),
                FieldPanel("summary"),
                FieldPanel("contact"),
                FieldPanel("date"),
            ],
            heading=_("About the solicitation"),
        ),
        FieldPanel("body", heading=_("Background")),
        MultiFieldPanel(
            [
                FieldPanel("pasted_text"),
                FieldPanel("draft"),
                PageChooserPanel("draft_page"),
                FieldPanel("draft_clauses"),
            ],
            heading=_("The draft"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("display"),
                FieldPanel("result_summary"),
                FieldPanel("result_body"),
                PageChooserPanel("policy"),
            ],
            heading=_("The result"),
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("draft"),
        index.SearchField("result_summary"),
    ]
    base_form_class = SolicitationForm
    template = "participation/solicitation_page.html"

    class Meta:
        verbose_name = _("solicitation of opinions")
        verbose_name_plural = _("solicitations of opinions")
        default_permissions = ()

    def activity_form(self) -> str:
        return self.form

    def result_policy(self) -> int | None:
        return self.policy_id

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        from portal.participation.selectors.settings import settings_for_path

        problems = super().publish_problems(parent)
        if not self.draft and not self.draft_page_id and self.form in ("opinions", "decision"):
            problems.append(("draft", _("Opinions need a text: clauses, or a document.")))
        if self.form == self.Form.DECISION and self.opens_at and self.closes_at:
            where = parent.path if parent is not None else self.path
            least = datetime.timedelta(days=settings_for_path(where).decision_days)
            if (
                self.closes_at - self._open_since(self.opens_at, self.closes_at) < least
                and not self.shorter_reason.strip()
            ):
                message = _(
                    "A major decision is open for at least %(days)d days. Give the reason for less."
                ) % {"days": least.days}
                problems.append(("shorter_reason", message))
        undecided = self._undecided()
        if undecided:
            message = ngettext(
                "%(n)d opinion has no decision yet. The result says of each what became of it.",
                "%(n)d opinions have no decision yet. The result says of each what became of it.",
                undecided,
            ) % {"n": undecided}
            problems.append(("result_summary", message))
        return problems

    def _open_since(self, opens: datetime.datetime, closes: datetime.datetime) -> datetime.datetime:
        """From when on the days count: those before it was announced do not. A solicitation that
        was over when it came here is a record of an earlier one, and has only its own word."""
        announced = self.announced_at()
        same_day = timezone.localdate(announced) <= timezone.localdate(opens)
        return opens if same_day or closes <= announced else announced

    def _undecided(self) -> int:
        """How many opinions still wait; asked once, when a result is about to be published."""
        if not self.pk or not self.has_result:
            return 0
        waiting = Opinion.objects.filter(solicitation=self.pk, verdict=Verdict.OPEN)
        is_closed = Activity.objects.filter(page=self.pk, result_at__isnull=False)
        return 0 if is_closed.exists() else waiting.count()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.participation.selectors.solicitations import public_view

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(public_view(self, context["portal"]))
        return context


class Verdict(models.TextChoices):
    """What became of an opinion. "": nobody has decided yet."""

    OPEN = "", _("not decided yet")
    ADOPTED = "adopted", _("adopted")
    PARTLY = "partly", _("partly adopted")
    NOT_ADOPTED = "not_adopted", _("not adopted")
    INVALID = "invalid", _("not an opinion on it")


class Opinion(Received):
    """One opinion on a clause, or on the whole (clause ""). No word of who said it."""

    solicitation = models.ForeignKey(
        SolicitationPage, on_delete=models.PROTECT, related_name="opinions"
    )
    clause = models.CharField(_("clause"), max_length=40, blank=True)
    text = models.TextField(_("opinion"))
    verdict = models.CharField(_("decision"), max_length=12, choices=Verdict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )
    is_shown = models.BooleanField(_("shown in public"), default=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        "core.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects: ClassVar[models.Manager["Opinion"]]

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        default_permissions = ()
        indexes = (
            models.Index(
                fields=["solicitation", "clause", "verdict"], name="participation_opinion_clause"
            ),
            models.Index(
                fields=["solicitation", "is_shown", "-sent_at", "-id"],
                name="participation_opinion_shown",
            ),
            # The orders in which staff read: a page of a hundred thousand costs what it shows.
            models.Index(
                fields=["solicitation", "clause", "sent_at", "id"],
                condition=models.Q(merged_into__isnull=True),
                name="participation_opinion_read",
            ),
            models.Index(
                fields=["solicitation", "verdict", "clause", "sent_at", "id"],
                condition=models.Q(merged_into__isnull=True),
                name="participation_opinion_state",
            ),
            models.Index(
                fields=["solicitation", "-decided_at", "-id"],
                condition=models.Q(decided_at__isnull=False),
                name="participation_opinion_done",
            ),
        )

    def __str__(self) -> str:
        return self.text[:40]


class OpinionSender(Sender):
    opinion = models.OneToOneField(
        Opinion, on_delete=models.CASCADE, primary_key=True, related_name="sender"
    )

    class Meta:
        verbose_name = _("sender of an opinion")
        verbose_name_plural = _("senders of opinions")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.opinion_id)


class ClauseTally(models.Model):
    """Kept counts of a clause, so that a page costs the same with a hundred thousand opinions."""

    solicitation = models.ForeignKey(
        SolicitationPage, on_delete=models.CASCADE, related_name="tallies"
    )
    clause = models.CharField(max_length=40, blank=True)
    received = models.PositiveIntegerField(default=0)
    adopted = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    not_adopted = models.PositiveIntegerField(default=0)
    invalid = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of a clause")
        verbose_name_plural = _("counts of clauses")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["solicitation", "clause"], name="participation_one_tally_a_clause"
            ),
        )

    def __str__(self) -> str:
        return self.clause
