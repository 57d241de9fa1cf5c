"""Interpretation products: what makes a document understood, tied to its clauses."""

from typing import Any, ClassVar

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
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
from portal.policy_interpretation.watch.panels import FindingsPanel

from .documents import PolicyPage


class ProductForm(models.TextChoices):
    """Forms of R-POL-04 and reference 7.6."""

    TEXT = "text", _("text")
    PICTURE = "picture", _("one picture")
    CHART = "chart", _("chart")
    AUDIO = "audio", _("audio")
    VIDEO = "video", _("video")
    ANIMATION = "animation", _("animation or H5")
    PRESS_CONFERENCE = "press_conference", _("press conference")
    INTERVIEW = "interview", _("interview")
    QUESTIONS = "questions", _("questions and answers")


class AuthorKind(models.TextChoices):
    """Authors of R-POL-05 and reference 7.6."""

    DRAFTER = "drafter", _("drafting unit")
    LEADER = "leader", _("leader in charge")
    EXPERT = "expert", _("expert")
    INSTITUTE = "institute", _("research institute")
    MEDIA = "media", _("media commentary")
    PUBLIC = "public", _("representative of the public")


class InterpretationPage(DetailPage):
    """A product that interprets one or several documents, whole or clause by clause."""

    page_description = _("Explains a policy: in words, one picture, a video, questions …")
    is_listed = True
    serve_select_related: ClassVar[tuple[str, ...]] = ("cover",)

    form = models.CharField(_("form"), max_length=20, choices=ProductForm, default=ProductForm.TEXT)
    author_kind = models.CharField(
        _("who explains"), max_length=12, choices=AuthorKind, default=AuthorKind.DRAFTER
    )
    author = models.CharField(_("author"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    source_url = models.URLField(_("address of the source"), blank=True)
    summary = models.TextField(_("summary"), max_length=300, blank=True)
    date = models.DateTimeField(_("publication time"), null=True, blank=True)
    cover = models.ForeignKey(
        "core.PortalImage",
        verbose_name=_("cover image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = BlocksField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        FindingsPanel("title"),
        InlinePanel("interprets", heading=_("Interprets"), label=_("document"), min_num=1),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("form"), FieldPanel("author_kind")]),
                FieldRowPanel([FieldPanel("author"), FieldPanel("source")]),
                FieldRowPanel([FieldPanel("date"), FieldPanel("source_url")]),
                FieldPanel("cover"),
                FieldPanel("summary"),
                FindingsPanel("summary"),
            ],
            heading=_("About the interpretation"),
        ),
        FieldPanel("body"),
        FindingsPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage", "pages.TopicPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "policy_interpretation/interpretation_page.html"

    class Meta:
        verbose_name = _("interpretation")
        verbose_name_plural = _("interpretations")
        default_permissions = ()

    def save(self, *args: Any, **kwargs: Any) -> Any:
        from portal.policy_interpretation.services import products

        with transaction.atomic():
            result = super().save(*args, **kwargs)
            products.follow_save(page=self)
        return result

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        problems: list[tuple[str | None, object]] = []
        if not self.interprets.all():
            problems.append((None, _("An interpretation names the document that it explains.")))
        if not self.source.strip():
            problems.append(("source", _("A published interpretation names its source.")))
        if not self.body:
            problems.append(("body", _("A published interpretation needs content.")))
        return problems

    def displayed_date(self) -> Any:
        return self.date or self.first_published_at

    def listing_values(self) -> dict[str, Any]:
        return {
            "date": self.displayed_date(),
            "title": self.title,
            "summary": self.summary[:300],
            "source": self.source,
            "kind": "interpretation",
            "image_id": self.cover_id,
            "image_alt": self.cover.description if self.cover else "",
        }

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
            ("Author", self.author),
            ("Description", self.search_description or self.summary),
            ("Url", portal.canonical_url),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.policy_interpretation.selectors.pages import product_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(product_context(self, request, context["portal"]))
        self.add_neighbours(context)
        return context


class InterpretationLink(Orderable):
    """From a product to a document, or to some of its clauses (by id; empty: all of it)."""

    page = ParentalKey(InterpretationPage, on_delete=models.CASCADE, related_name="interprets")
    policy = models.ForeignKey(
        PolicyPage,
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        related_name="interpretation_links",
    )
    clauses = models.JSONField(_("clauses"), default=list, blank=True)

    panels = [PageChooserPanel("policy", "policy_interpretation.PolicyPage")]

    class Meta(Orderable.Meta):
        verbose_name = _("interpreted document")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.policy)


class ClauseExplanation(models.Model):
    """Plain words for a clause, from a public product; the reading view's right-hand side.

    Written by services when a product is published, taken away when it is withdrawn.
    """

    product = models.ForeignKey(
        InterpretationPage, on_delete=models.CASCADE, related_name="explanations"
    )
    policy = models.ForeignKey(PolicyPage, on_delete=models.CASCADE, related_name="explanations")
    clause = models.CharField(max_length=40, help_text="The id of the clause.")
    position = models.PositiveIntegerField(default=0)
    text = models.TextField(help_text="Rich text.")

    class Meta:
        verbose_name = _("clause explanation")
        default_permissions = ()
        ordering = ["policy", "position", "pk"]
        indexes = [models.Index(fields=["policy", "clause"], name="policy_explained_clause")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.clause}"
