"""Leaders and institutions, each in one common form (R-COL-18, R-COL-19)."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from portal.core.base_page import BasePage, ProblemPair
from portal.core.context import PageTag, PortalContext
from portal.core.lists import Row, date_text, to_rows, units
from portal.core.media import PORTRAIT_FILTER, picture
from portal.core.models import ListingRow
from portal.pages.blocks import BodyBlock
from portal.pages.sections import Card
from portal.pages.sections.lists import unit_card

from .detail import DetailPage


class LeaderPage(DetailPage):
    """A leader: post (title), photo, résumé, duties, important speeches."""

    page_description = _("One leader: post, photo, résumé, duties, speeches.")
    is_listed = True
    serve_select_related: ClassVar[tuple[str, ...]] = ("photo",)
    search_related: ClassVar[tuple[str, ...]] = ("organisation", "photo")
    name = models.CharField(_("name"), max_length=60, blank=True)
    photo = models.ForeignKey(
        "core.PortalImage",
        verbose_name=_("photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    resume = models.TextField(_("résumé"), blank=True)
    duties = models.TextField(_("duties"), blank=True, help_text=_("Division of work."))
    organisation = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="leader_pages",
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("organisation")]),
                FieldPanel("photo"),
                FieldPanel("resume"),
                FieldPanel("duties"),
            ],
            heading=_("About the leader"),
        ),
        InlinePanel("speeches", heading=_("Important speeches"), label=_("Speech")),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("name"),
        index.SearchField("duties"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/leader_page.html"

    class Meta:
        verbose_name = _("leader")
        verbose_name_plural = _("leaders")

    def publish_problems(self, parent: Page | None) -> list[ProblemPair]:
        missing = _("Required for a leader's public page.")
        return [
            (field, missing) for field in ("resume", "duties") if not getattr(self, field).strip()
        ]

    def listing_values(self) -> dict[str, Any]:
        return super().listing_values() | {
            "summary": self.duties[:300],
            "kind": "leader",
            "image_id": self.photo_id,
            "image_alt": self.photo.description if self.photo else "",
        }

    def search_values(self) -> dict[str, Any]:
        unit = self.organisation
        return super().search_values() | {
            "kind": "leader",
            "date": None,
            "summary": self.duties,
            "aliases": [self.name],
            "agencies": [unit.pk] if unit else [],
            "extra": {
                "name": self.name,
                "unit": unit.full_name if unit else "",
                "photo": self.photo_id,
            },
        }

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        return [
            ("ArticleTitle", self.title),
            ("PubDate", date_text(self.displayed_date())),
            ("ContentSource", str(self.organisation or "")),
            ("Url", portal.canonical_url),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        portal: PortalContext = context["portal"]
        context["photo"] = picture(self.photo, PORTRAIT_FILTER)
        context["speeches"] = self._speeches(portal)
        return context

    def _speeches(self, portal: PortalContext) -> list[Row]:
        chosen = [speech.speech_id for speech in self.speeches.all()]
        if not chosen:
            return []
        rows = ListingRow.objects.filter(page_id__in=chosen, is_own=True)
        return to_rows(rows.order_by("-date", "-page"), portal.structure, portal.host)


class LeaderSpeech(Orderable):
    """A published text that the leader's page links to."""

    page = ParentalKey(LeaderPage, on_delete=models.CASCADE, related_name="speeches")
    speech = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("speech"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    panels = [PageChooserPanel("speech", "pages.ArticlePage")]

    class Meta(Orderable.Meta):
        verbose_name = _("speech")
        verbose_name_plural = _("speeches")


class OrganisationPage(DetailPage):
    """The page of one institution; names, duties and contacts come from the registry of units."""

    page_description = _("One institution, with what the register of units says of it.")
    is_listed = True
    serve_select_related: ClassVar[tuple[str, ...]] = (
        "organisation",
        "organisation__parent",
    )
    search_related: ClassVar[tuple[str, ...]] = ("organisation__persons",)
    organisation = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("organisation"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="pages",
    )
    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("organisation"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "pages/organisation_page.html"

    class Meta:
        verbose_name = _("organisation page")
        verbose_name_plural = _("organisation pages")

    def publish_problems(self, parent: Page | None) -> list[ProblemPair]:
        unit = self.organisation
        if unit is None:
            return [("organisation", _("Choose the organisation that the page presents."))]
        if not (unit.duties.strip() and unit.phone.strip()):
            return [
                (
                    "organisation",
                    _("The registry lacks duties or telephone of this organisation."),
                )
            ]
        return []

    def listing_values(self) -> dict[str, Any]:
        duties = self.organisation.duty_list if self.organisation else []
        return super().listing_values() | {
            "summary": "；".join(duties)[:300],
            "kind": "organisation",
        }

    def search_values(self) -> dict[str, Any]:
        values = super().search_values() | {"kind": "organisation", "date": None}
        unit = self.organisation
        if unit is None:
            return values
        persons = [f"{person.role} {person.name}".strip() for person in unit.persons.all()]
        said = (values["text"], unit.duties, unit.address, unit.phone, unit.email, *persons)
        return values | {
            "text": "\n".join(part for part in said if part),
            "summary": "；".join(unit.duty_list)[:300],
            "aliases": [unit.full_name, unit.short_name, unit.english_name],
            "agencies": [unit.pk],
            "extra": {
                "phone": unit.phone,
                "address": unit.address,
                "office_hours": unit.office_hours,
            },
        }

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        return [
            ("ArticleTitle", self.title),
            ("PubDate", date_text(self.displayed_date())),
            ("ContentSource", str(self.organisation or "")),
            ("Url", portal.canonical_url),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        unit = self.organisation
        context["organisation"] = unit
        context["persons"] = (
            [(person.role, person.name, person.phone) for person in unit.persons.all()]
            if unit
            else []
        )
        return context


def unit_cards(column: Page, portal: PortalContext) -> list[Card]:
    """Leaders or institutions of a column in the order of the tree, not of time. One query."""
    return [unit_card(row) for row in units(column.pk, portal.structure, portal.host)]
