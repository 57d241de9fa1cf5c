from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from portal.core import lists
from portal.core.base_page import BasePage, ProblemPair
from portal.core.messages import message
from portal.pages.blocks import SectionsBlock
from portal.pages.pagination import Pagination, part
from portal.pages.starters.panel import StarterPanel
from portal.pages.starters.placeholders import placeholder_problems

from .column_types import ColumnType, ColumnTypesField

PER_PAGE = 20


class ColumnPage(RoutablePageMixin, BasePage):
    """A column (栏目), or a channel (频道) that is kept for another unit.

    A channel has a home of sections and a menu of its own; a column is a list.
    """

    class Display(models.TextChoices):
        LIST = "list", _("List with dates")
        CARDS = "cards", _("Cards")
        LEADERS = "leaders", _("Leaders")
        ORGANISATIONS = "organisations", _("Organisations")
        CHANNEL = "channel", _("Channel")

    class PublicationClass(models.TextChoices):
        DAILY = "daily", _("daily")
        PERIODIC = "periodic", _("periodic")
        ON_OCCURRENCE = "on_occurrence", _("on occurrence")

    page_description = _("Holds articles as a list; as a channel it has a home of its own.")
    structure_kind = "column"
    starter_kind: ClassVar[str] = "channel"
    structure_fields: ClassVar[tuple[str, ...]] = (
        "column_type",
        "keywords",
        "search_description",
        "display",
        "owner_unit_id",
    )
    is_container = True
    hidden_when_blank = True
    show_in_menus_default = True

    intro = models.TextField(_("introduction"), blank=True)
    column_type = ColumnTypesField(
        _("column type"),
        default=ColumnType.OTHER,
        help_text=_("From the national list; a column may be of several types."),
    )
    display = models.CharField(_("display"), max_length=16, choices=Display, default=Display.LIST)
    owner_unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("owner unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="columns",
        help_text=_("Who answers for the content."),
    )
    hosted_for = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("hosted for"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="hosted_columns",
        help_text=_("The unit for which the site keeps this channel or column."),
    )
    responsible_person = models.CharField(_("responsible person"), max_length=80, blank=True)
    publication_class = models.CharField(
        _("publication"),
        max_length=16,
        choices=PublicationClass,
        default=PublicationClass.ON_OCCURRENCE,
    )
    update_period_days = models.PositiveIntegerField(
        _("update period (days)"),
        null=True,
        blank=True,
        help_text=_("The longest time without a new item; empty: no limit."),
    )
    sections = StreamField(
        SectionsBlock(),
        verbose_name=_("sections"),
        blank=True,
        help_text=_("For channels."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel([FieldPanel("column_type"), FieldPanel("display")]),
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("owner_unit"), FieldPanel("responsible_person")]),
                FieldPanel("hosted_for"),
                FieldRowPanel([FieldPanel("publication_class"), FieldPanel("update_period_days")]),
            ],
            heading=_("Responsibility and publication"),
        ),
        StarterPanel(),
        FieldPanel("sections"),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]
    parent_page_types: ClassVar[list[str]] = [
        "pages.PortalHomePage",
        "pages.SubSitePage",
        "pages.TopicPage",
        "pages.ColumnPage",
    ]
    subpage_types: ClassVar[list[str]] = [
        "pages.ArticlePage",
        "pages.ColumnPage",
        "pages.StandardPage",
        "pages.ExternalLinkPage",
        "pages.LeaderPage",
        "pages.OrganisationPage",
        "pages.TopicPage",
    ]
    template = "pages/column_page.html"

    class Meta:
        verbose_name = _("column")
        verbose_name_plural = _("columns")

    def search_values(self) -> dict[str, Any]:
        return super().search_values() | {
            "kind": "column",
            "text": "\n".join(part for part in (self.intro, self.keywords) if part),
        }

    def clean(self) -> None:
        super().clean()
        if self.publication_class == self.PublicationClass.PERIODIC and not self.update_period_days:
            raise ValidationError(
                {"update_period_days": _("A periodic column needs an update period.")}
            )

    def publish_problems(self, parent: Page | None) -> list[ProblemPair]:
        problems: list[ProblemPair] = [*placeholder_problems(self, ("intro", "sections"))]
        if self.owner_unit_id is None:
            problems.append(("owner_unit", _("A public column has an owner unit.")))
        if not self.responsible_person.strip():
            problems.append(
                (
                    "responsible_person",
                    _("A public column names the person who answers for it."),
                )
            )
        return problems

    def preferred_child_type(self) -> str | None:
        """What editors most likely add to a column that has nothing yet."""
        return {
            self.Display.LEADERS: "pages.LeaderPage",
            self.Display.ORGANISATIONS: "pages.OrganisationPage",
            self.Display.CHANNEL: "pages.ColumnPage",
        }.get(self.Display(self.display))

    @path("")
    def first_page(self, request: HttpRequest) -> HttpResponse:
        return self._list(request, 1)

    @path("page/<int:number>/")
    def later_page(self, request: HttpRequest, number: int) -> HttpResponse:
        if number < 2:
            raise Http404
        return self._list(request, number)

    def _list(self, request: HttpRequest, number: int) -> HttpResponse:
        return self.render(request, context_overrides=self._list_context(request, number))

    def _list_context(self, request: HttpRequest, number: int) -> dict[str, Any]:
        from portal.core.context import context_for_page

        portal = context_for_page(request, self, part(number))
        node = portal.structure.nodes.get(self.pk)
        context: dict[str, Any] = {
            "portal": portal,
            "children": portal.local_menu(node) if node else [],
            "archived_at": portal.archived_at,
        }
        if self.display in (self.Display.LEADERS, self.Display.ORGANISATIONS):
            from .units import unit_cards

            return context | {"cards": unit_cards(self, portal)}
        if self.display == self.Display.CHANNEL:
            return context
        count = lists.count(self.pk)
        pagination = Pagination(number, count, PER_PAGE, portal.structure.url(self.url_path))
        if number > pagination.pages:
            raise Http404
        wanted = lists.Wanted(self.pk, PER_PAGE, (number - 1) * PER_PAGE)
        rows = lists.read_list(wanted, portal.structure, portal.host)
        if not rows:
            context["empty_text"] = message(
                "empty_column", site_pk=portal.site_pk, language=portal.language
            )
        return context | {"rows": rows, "pagination": pagination}
