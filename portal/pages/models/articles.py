from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from portal.core.base_page import BasePage, BasePageForm, ProblemPair
from portal.core.context import PageTag, PortalContext
from portal.core.lists import date_text
from portal.core.messages import message
from portal.core.units import unit_for
from portal.pages.blocks import BodyBlock

from .detail import DetailPage


class ArticlePageForm(BasePageForm):
    """Fills in source and author of a new article: as in the editor's last one in the column.

    Without one the source is the editor's own unit, else the site's owner.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "source" in self.fields and self.parent_page is not None:
            source, author = self._last_time()
            self.initial["source"] = source or source_of(self.for_user, self.parent_page.path)
            self.initial["author"] = author

    def _last_time(self) -> tuple[str, str]:
        """Source and author of the newest article that the same account wrote in the column."""
        mine = ArticlePage.objects.child_of(self.parent_page).filter(owner=self.for_user)
        last: tuple[str, str] | None = (
            mine.filter(alias_of__isnull=True)
            .order_by("-pk")
            .values_list("source", "author")
            .first()
        )
        return last or ("", "")


def source_of(user: Any, path: str) -> str:
    """Whom a new article comes from: the author's own unit, else the owner of the site."""
    return str(unit_for(user, path) or "")


class ArticlePage(DetailPage):
    """News, notices, documents without clauses: what most columns hold."""

    page_description = _("News, notices, documents: what visitors read.")
    is_listed = True
    base_form_class = ArticlePageForm
    subtitle = models.CharField(_("subtitle"), max_length=160, blank=True)
    summary = models.TextField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("Shown in lists and shared messages; empty: the beginning of the text."),
    )
    source = models.CharField(
        _("source"),
        max_length=120,
        blank=True,
        help_text=_("The unit that publishes, or where the text was taken from."),
    )
    source_url = models.URLField(_("address of the source"), blank=True)
    author = models.CharField(_("author or responsible editor"), max_length=80, blank=True)
    date = models.DateTimeField(
        _("publication time"),
        null=True,
        blank=True,
        help_text=_("Empty: the moment of publishing. For reposted items the source's time."),
    )
    cover = models.ForeignKey(
        "core.PortalImage",
        verbose_name=_("cover image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    pinned = models.BooleanField(_("on top of the column"), default=False)
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("subtitle"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("source"), FieldPanel("author")]),
                FieldRowPanel([FieldPanel("date"), FieldPanel("source_url")]),
                FieldRowPanel([FieldPanel("cover"), FieldPanel("pinned")]),
                FieldPanel("summary"),
            ],
            heading=_("About the article"),
        ),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("source"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage", "pages.TopicPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/article_page.html"

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def publish_problems(self, parent: Page | None) -> list[ProblemPair]:
        problems: list[ProblemPair] = []
        if not self.source.strip():
            problems.append(("source", _("A published article names its source.")))
        if not self.body:
            problems.append(("body", _("A published article needs a text.")))
        return [*problems, *self.problems_of_date()]

    def displayed_date(self) -> Any:
        return self.date or self.first_published_at

    @property
    def summary_text(self) -> str:
        """The summary, or the beginning of the first paragraph."""
        if self.summary:
            return self.summary
        for child in self.body:
            if child.block_type == "paragraph":
                return plain_beginning(child.value.source)
        return ""

    def listing_values(self) -> dict[str, Any]:
        return {
            "date": self.displayed_date(),
            "title": self.title,
            "summary": self.summary_text[:300],
            "source": self.source,
            "kind": "article",
            "image_id": self.cover_id,
            "image_alt": self.cover.description if self.cover else "",
            "is_pinned": self.pinned,
        }

    def search_values(self) -> dict[str, Any]:
        return super().search_values() | {
            "kind": "article",
            "date": self.displayed_date(),
            "summary": self.summary or self.search_description,
            "aliases": [self.subtitle],
            "extra": {"source": self.source},
        }

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        return [
            ("ArticleTitle", self.title),
            ("PubDate", date_text(self.displayed_date())),
            ("ContentSource", self.source),
            ("Keywords", self.keywords),
            ("Author", self.author),
            ("Description", self.search_description or self.summary),
            ("Url", portal.canonical_url),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        self.add_neighbours(context)
        return context


def plain_beginning(html: str, length: int = 120) -> str:
    """The first characters of a rich text without its tags, cut at a sentence where one ends."""
    from django.utils.html import strip_tags

    text = " ".join(strip_tags(html.replace("</p>", " ")).split())
    if len(text) <= length:
        return text
    cut = text[:length]
    end = max(cut.rfind(mark) for mark in "。！？；.!?")
    return cut[: end + 1] if end > length // 3 else cut + "…"


class StandardPage(DetailPage):
    """A page that stands by itself: contact, privacy, about the city."""

    page_description = _("A page that stands by itself, such as contact or privacy.")
    structure_kind = "standard"
    structure_fields: ClassVar[tuple[str, ...]] = ()
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    parent_page_types: ClassVar[list[str]] = [
        "pages.PortalHomePage",
        "pages.SubSitePage",
        "pages.TopicPage",
        "pages.ColumnPage",
        "pages.StandardPage",
    ]
    subpage_types: ClassVar[list[str]] = ["pages.StandardPage"]
    template = "pages/standard_page.html"

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        return [
            ("ArticleTitle", self.title),
            ("PubDate", date_text(self.displayed_date())),
            ("Description", self.search_description),
            ("Url", portal.canonical_url),
        ]


class ExternalLinkPage(BasePage):
    """A link out of the portal that stands in menus and lists; a notice comes before it."""

    page_description = _("Leads to another website, after a notice.")
    structure_kind = "external_link"
    show_in_menus_default = True
    target_url = models.URLField(_("address"), help_text=_("Begins with https:// or http://."))
    target_name = models.CharField(_("name of the other site"), max_length=120)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("target_url"),
        FieldPanel("target_name"),
    ]
    parent_page_types: ClassVar[list[str]] = [
        "pages.PortalHomePage",
        "pages.SubSitePage",
        "pages.TopicPage",
        "pages.ColumnPage",
    ]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/external_link_page.html"

    class Meta:
        verbose_name = _("external link")
        verbose_name_plural = _("external links")

    def search_values(self) -> dict[str, Any]:
        """Search leads to what is here."""
        return {"kind": ""}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        portal = context["portal"]
        context["leave_notice"] = message(
            "leave_notice", site_pk=portal.site_pk, language=portal.language
        )
        parent = portal.node.parent if portal.node else None
        context["back_url"] = portal.url_of(parent) if parent else "/"
        return context
