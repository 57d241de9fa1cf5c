"""What the public reads of a response: the time line of a topic, and refuted rumours."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.models import Orderable, Page
from wagtail.search import index

from portal.plugin_api import (
    BasePage,
    BlocksField,
    BodyBlock,
    DetailPage,
    PageTag,
    PortalContext,
)


class EntryBlock(blocks.StructBlock):
    """What happened or was done at a time."""

    time = blocks.DateTimeBlock(label=_("Time"))
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(
        label=_("Text"), required=False, features=["bold", "link", "ul", "ol"]
    )

    class Meta:
        icon = "time"
        label = _("Progress")
        preview_value = {
            "time": datetime.datetime(2026, 7, 2, 9, 30),  # noqa: DTZ001 - as a form gives it
            "title": "供水恢复",
            "text": "<p>湖滨区全部小区已恢复正常供水。</p>",
        }


class EntriesBlock(blocks.StreamBlock):
    entry = EntryBlock()

    class Meta:
        max_num = 300


class _Shown(DetailPage):
    """What both kinds have in common: source, time, summary, tags."""

    is_listed = True
    listed_as = ""
    source = models.CharField(_("source"), max_length=120, blank=True)
    date = models.DateTimeField(_("publication time"), null=True, blank=True)
    summary = models.TextField(_("summary"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def displayed_date(self) -> Any:
        return self.date or self.first_published_at

    def listing_values(self) -> dict[str, Any]:
        return {
            "date": self.displayed_date(),
            "title": self.title,
            "summary": self.summary[:300],
            "source": self.source,
            "kind": self.listed_as,
        }

    def search_values(self) -> dict[str, Any]:
        return super().search_values() | {
            "kind": "response",
            "date": self.displayed_date(),
            "summary": self.summary or self.search_description,
            "extra": {"source": self.source},
        }

    def library_values(self) -> dict[str, Any]:
        return {"record_type": "response", "genre": "回应"}

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        published = self.displayed_date()
        return [
            ("ArticleTitle", self.title),
            (
                "PubDate",
                timezone.localtime(published).strftime("%Y-%m-%d %H:%M") if published else "",
            ),
            ("ContentSource", self.source),
            ("Keywords", self.keywords),
            ("Description", self.search_description or self.summary),
            ("Url", portal.canonical_url),
        ]


class ResponseTopicPage(_Shown):
    """A response as a time line: facts first, then what is done, and the attitude."""

    page_description = _("Responds to an event: facts first, then progress with times.")
    listed_as = "response"
    topic = models.ForeignKey(
        "policy_interpretation.OpinionTopic",
        verbose_name=_("topic of public opinion"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Approved there before this page is released."),
    )
    is_closed = models.BooleanField(_("the response is closed"), default=False)
    body = BlocksField(BodyBlock(), verbose_name=_("facts"), blank=True)
    attitude = models.TextField(
        _("attitude"), blank=True, help_text=_("What the government thinks of it and will do.")
    )
    entries = BlocksField(EntriesBlock(), verbose_name=_("progress"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("topic"),
                FieldRowPanel([FieldPanel("source"), FieldPanel("date")]),
                FieldPanel("summary"),
                FieldPanel("is_closed"),
            ],
            heading=_("About the response"),
        ),
        FieldPanel("body"),
        FieldPanel("attitude"),
        FieldPanel("entries"),
        InlinePanel("documents", label=_("page"), heading=_("Documents and pages about it")),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("attitude"),
        index.SearchField("entries"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage", "pages.TopicPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "policy_interpretation/response_page.html"

    class Meta:
        verbose_name = _("response to public opinion")
        verbose_name_plural = _("responses to public opinion")
        default_permissions = ()

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        problems: list[tuple[str | None, object]] = []
        if not self.source.strip():
            problems.append(("source", _("A published response names its source.")))
        if not self.body:
            problems.append(("body", _("A response begins with the facts.")))
        if self.topic is None:
            problems.append(("topic", _("A response names the topic that it answers.")))
        elif self.topic.approved_at is None:
            problems.append(("topic", _("The response to this topic is not approved yet.")))
        return [*problems, *self.problems_of_date()]

    def timeline(self) -> list[Any]:
        """The entries, the latest first."""
        return sorted(
            (block.value for block in self.entries),
            key=lambda value: _aware(value["time"]),
            reverse=True,
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.policy_interpretation.selectors.opinion import documents_of, refutations_of

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(
            timeline=self.timeline(),
            documents=documents_of(self),
            refutations=refutations_of(self),
        )
        self.add_neighbours(context)
        return context


def _aware(moment: Any) -> Any:
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


class ResponseDocument(Orderable):
    """A policy, interpretation or other page that belongs to a response."""

    page = ParentalKey(ResponseTopicPage, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("document")]

    class Meta(Orderable.Meta):
        verbose_name = _("page about it")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.document)


class RumourRefutationPage(_Shown):
    """A rumour, what is true of it, and how one knows (R-POL-17)."""

    class Verdict(models.TextChoices):
        FALSE = "false", _("false")
        MISLEADING = "misleading", _("misleading")
        OUTDATED = "outdated", _("out of date")
        UNPROVEN = "unproven", _("without evidence")

    page_description = _("Refutes a rumour: claim, verdict, facts, sources.")
    listed_as = "refutation"
    response = models.ForeignKey(
        ResponseTopicPage,
        verbose_name=_("response that it belongs to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="refutations",
    )
    claim = models.TextField(_("claim"), help_text=_("As it is spread, without repeating names."))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, default=Verdict.FALSE)
    body = BlocksField(BodyBlock(), verbose_name=_("facts"), blank=True)
    evidence = models.TextField(
        _("sources of the facts"), blank=True, help_text=_("One on each line.")
    )

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("claim"),
                FieldPanel("verdict"),
                PageChooserPanel("response", "policy_interpretation.ResponseTopicPage"),
                FieldRowPanel([FieldPanel("source"), FieldPanel("date")]),
                FieldPanel("summary"),
            ],
            heading=_("About the rumour"),
        ),
        FieldPanel("body"),
        FieldPanel("evidence"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("claim"),
        index.SearchField("summary"),
        index.SearchField("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage", "pages.TopicPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "policy_interpretation/refutation_page.html"

    class Meta:
        verbose_name = _("rumour refutation")
        verbose_name_plural = _("rumour refutations")
        default_permissions = ()

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        problems: list[tuple[str | None, object]] = []
        if not self.source.strip():
            problems.append(("source", _("A published refutation names its source.")))
        if not self.body:
            problems.append(("body", _("A refutation needs the facts.")))
        if not self.evidence.strip():
            problems.append(("evidence", _("A refutation says how one knows.")))
        return [*problems, *self.problems_of_date()]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        response = self.response
        context.update(
            evidence=[line.strip() for line in self.evidence.splitlines() if line.strip()],
            response_page=response if response is not None and response.live else None,
        )
        self.add_neighbours(context)
        return context
