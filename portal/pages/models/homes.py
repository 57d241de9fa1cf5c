import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from portal.core.base_page import BasePage, ProblemPair
from portal.core.media import HERO_FILTER, picture
from portal.core.messages import message
from portal.core.models import Basis
from portal.core.reviews.grounds import releasing_as
from portal.pages.blocks import SectionsBlock
from portal.pages.starters.panel import StarterPanel
from portal.pages.starters.placeholders import placeholder_problems


class HomePage(BasePage):
    """What homes of the portal, of sub-sites and of topics share."""

    is_container = True
    is_listing_boundary: ClassVar[bool] = True
    starter_kind: ClassVar[str] = ""
    serve_select_related: ClassVar[tuple[str, ...]] = ("hero_image",)

    hero_title = models.CharField(_("headline"), max_length=80, blank=True)
    hero_text = models.CharField(_("text below the headline"), max_length=160, blank=True)
    hero_image = models.ForeignKey(
        "core.PortalImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    sections = StreamField(SectionsBlock(), verbose_name=_("sections"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("hero_title"),
                FieldPanel("hero_text"),
                FieldPanel("hero_image"),
            ],
            heading=_("Head of the page"),
        ),
        StarterPanel(),
        FieldPanel("sections"),
    ]

    class Meta:
        abstract = True

    def publish_problems(self, parent: Page | None) -> list[ProblemPair]:
        return [*placeholder_problems(self, ("hero_title", "hero_text", "sections"))]

    def search_values(self) -> dict[str, Any]:
        """Its own words: what the sections show is found where it stands."""
        values = super().search_values()
        text = "\n".join(part for part in (self.hero_title, self.hero_text, self.keywords) if part)
        kind = "topic" if self.structure_kind == "topic" else "site"
        return values | {"kind": kind, "text": text}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        portal = context["portal"]
        context["hero"] = picture(self.hero_image, HERO_FILTER)
        context["archived_at"] = portal.archived_at
        return context


class PortalHomePage(HomePage):
    """The home of a portal, in one language."""

    structure_kind = "home"
    starter_kind = "home"
    is_creatable = False  # a portal is set up by command or demo, other languages by translation
    structure_fields: ClassVar[tuple[str, ...]] = (
        "column_type",
        "keywords",
        "search_description",
    )
    column_type = models.CharField(max_length=20, default="首页", editable=False)
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "pages.ColumnPage",
        "pages.SubSitePage",
        "pages.TopicPage",
        "pages.StandardPage",
        "pages.ExternalLinkPage",
    ]
    template = "pages/portal_home_page.html"

    class Meta:
        verbose_name = _("portal home")
        verbose_name_plural = _("portal homes")


class SubSitePage(HomePage):
    """The home of a district's or department's site, by path or by a host name of its own."""

    structure_kind = "sub_site"
    starter_kind = "sub_site"
    is_creatable = False  # made by "new sub-site", which brings groups, collection and workflow
    structure_fields: ClassVar[tuple[str, ...]] = (
        "column_type",
        "keywords",
        "search_description",
    )
    column_type = models.CharField(max_length=20, default="首页", editable=False)
    parent_page_types: ClassVar[list[str]] = [
        "pages.PortalHomePage",
        "pages.ColumnPage",
    ]
    subpage_types: ClassVar[list[str]] = [
        "pages.ColumnPage",
        "pages.TopicPage",
        "pages.StandardPage",
        "pages.ExternalLinkPage",
    ]
    template = "pages/sub_site_page.html"

    class Meta:
        verbose_name = _("sub-site")
        verbose_name_plural = _("sub-sites")


class TopicPage(HomePage):
    """A special topic (专栏专题) with a life: planned, open, maintained, closed, archived."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", _("open")
        MAINTAINED = "maintained", _("maintained")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")

    # From each state where it may go; archived topics stay archived.
    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        "planned": ("open",),
        "open": ("maintained", "closed"),
        "maintained": ("open", "closed"),
        "closed": ("open", "archived"),
        "archived": (),
    }

    page_description = _(
        "A page for an event or a campaign, built from blocks; begins with a starter."
    )
    structure_kind = "topic"
    starter_kind = "topic"
    structure_fields: ClassVar[tuple[str, ...]] = (
        "state",
        "archived_at",
        "search_description",
        "keywords",
        "owner_unit_id",
    )
    intro = models.TextField(_("introduction"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)
    owner_unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("owner unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="topics",
    )

    content_panels = [
        *HomePage.content_panels[:1],
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("state"),
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
                FieldPanel("owner_unit"),
            ],
            heading=_("Life of the topic"),
        ),
        *HomePage.content_panels[1:],
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]
    parent_page_types: ClassVar[list[str]] = [
        "pages.PortalHomePage",
        "pages.SubSitePage",
        "pages.ColumnPage",
    ]
    subpage_types: ClassVar[list[str]] = [
        "pages.ColumnPage",
        "pages.ArticlePage",
        "pages.StandardPage",
        "pages.ExternalLinkPage",
    ]
    template = "pages/topic_page.html"

    class Meta:
        verbose_name = _("special topic")
        verbose_name_plural = _("special topics")

    def clean(self) -> None:
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The end lies before the start.")})
        before = self._stored_state()
        if before and self.state != before and self.state not in self.MOVES[before]:
            raise ValidationError(
                {
                    "state": _("A topic that is %(before)s cannot become %(after)s.")
                    % {
                        "before": self.State(before).label,
                        "after": self.State(self.state).label,
                    }
                }
            )

    def _stored_state(self) -> str | None:
        """The state that the public knows (drafts may try any path and come back)."""
        if self.pk is None:
            return None
        return TopicPage.objects.filter(pk=self.pk).values_list("state", flat=True).first()

    def publish_problems(self, parent: Page | None) -> list[ProblemPair]:
        problems = super().publish_problems(parent)
        problems += placeholder_problems(self, ("title", "intro"))
        if self.owner_unit_id is None:
            problems.append(("owner_unit", _("A public topic has an owner unit.")))
        return problems

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if self.state == self.State.ARCHIVED and self.archived_at is None:
            self.archived_at = timezone.now()
        return super().save(*args, **kwargs)

    def archive(self, *, user: Any = None, at: datetime.datetime | None = None) -> None:
        """Close and archive in one step: out of menus and lists, still readable, marked.

        The way through ``closed`` is kept in the page's history.
        """
        for state in (self.State.CLOSED, self.State.ARCHIVED):
            if self.state == state or (self.state == self.State.ARCHIVED):
                continue
            self.state = state
            if state == self.State.ARCHIVED and at is not None:
                self.archived_at = at
            revision = self.save_revision(user=user, clean=True)
            with releasing_as(Basis.CONSEQUENCE, f"page:{self.pk}"):  # its text stays as it was
                revision.publish(user=user)
            self.refresh_from_db()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        portal = context["portal"]
        context["topic_state"] = self.state
        if self.state == self.State.ARCHIVED:
            context["archived_notice"] = message(
                "archived_notice", site_pk=portal.site_pk, language=portal.language
            )
        return context
