"""Service guides as pages: reviewed, translated, shared and searched as every page is.

The fields are those of R-SVC-04…06 and of reference 9. Codes are kept as the service platform
gives them: opaque text.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from portal.plugin_api import (
    BasePage,
    ChoiceListField,
    DetailPage,
    PageTag,
    PortalContext,
    date_text,
    plain_text,
)
from portal.services.forms import GuidePageForm
from portal.services.panels import guide_panels

PLAIN = ["bold", "ol", "ul", "link", "document-link"]


# The rank of the level of online handling at which nobody needs to come.
WHOLLY_ONLINE = 4
# What of the parts people search by.
SEARCHED_PARTS = {
    "materials": ("name", "source"),
    "steps": ("name", "text"),
    "places": ("name", "counter", "address"),
}


class ServedPerson(models.TextChoices):
    """服务对象."""

    NATURAL = "natural", _("persons")
    LEGAL = "legal", _("companies and organisations")


class HandlingKind(models.TextChoices):
    """办件类型."""

    AT_ONCE = "at_once", _("done at once")
    PROMISED = "promised", _("done within the promised time")


class ExerciseLevel(models.TextChoices):
    """行使层级."""

    NATIONAL = "national", _("national")
    PROVINCIAL = "provincial", _("province")
    MUNICIPAL = "municipal", _("city")
    DISTRICT = "district", _("district or county")
    TOWN = "town", _("subdistrict or township")


class GuidePage(DetailPage):
    """How a thing is done. The title is the name of the item (事项名称)."""

    page_description = _("A service guide: conditions, materials, procedure, place, time, fees.")
    is_listed = True
    base_form_class = GuidePageForm
    serve_select_related: ClassVar[tuple[str, ...]] = ("owner_unit", "item_type", "online_level")
    search_related: ClassVar[tuple[str, ...]] = ("owner_unit", "online_level", "terms")

    override_translatable_fields: ClassVar[list[Any]] = [
        *BasePage.override_translatable_fields,
        SynchronizedField("base_code", overridable=False),
        SynchronizedField("implementation_code", overridable=False),
        SynchronizedField("served", overridable=False),
        SynchronizedField("terms", overridable=False),
        SynchronizedField("contact_phone"),
    ]

    # --- what it is
    summary = models.TextField(
        _("in one sentence"), max_length=200, help_text=_("What one gets done, in everyday words.")
    )
    everyday_names = models.CharField(
        _("everyday names"),
        max_length=200,
        blank=True,
        help_text=_("As people call it, separated by spaces: 上户口 入户."),
    )
    main_item = models.CharField(_("main item"), max_length=120, blank=True)
    sub_item = models.CharField(_("sub-item"), max_length=120, blank=True)
    item_type = models.ForeignKey(
        "services.ServiceTerm",
        verbose_name=_("kind of item"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"dimension": "item_type"},
    )
    base_code = models.CharField(
        _("base code"),
        max_length=100,
        blank=True,
        help_text=_("Exactly as the service platform gives it: nothing is changed."),
    )
    implementation_code = models.CharField(
        _("implementation code"),
        max_length=100,
        blank=True,
        help_text=_("Of this item at this office: no other guide has it."),
    )
    level = models.CharField(
        pgettext_lazy("services", "level"),
        max_length=12,
        choices=ExerciseLevel,
        default=ExerciseLevel.MUNICIPAL,
    )
    owner_unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("handling office"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    served = ChoiceListField(
        pgettext_lazy("services", "for whom"), choices_class=ServedPerson, blank=True
    )
    terms = ParentalManyToManyField(
        "services.ServiceTerm",
        verbose_name=_("life events, persons and subjects"),
        blank=True,
        related_name="+",
        limit_choices_to={"dimension__in": ["life_event", "person", "subject"]},
    )
    handling = models.CharField(
        _("kind of handling"), max_length=10, choices=HandlingKind, blank=True
    )

    # --- may I, how, how long
    needs_no_materials = models.BooleanField(
        _("no materials are needed"), default=False, help_text=_("Then the list may stay empty.")
    )
    conditions = RichTextField(_("conditions"), features=PLAIN, blank=True)
    legal_limit = models.CharField(_("time limit by law"), max_length=60, blank=True)
    promised_limit = models.CharField(_("promised time limit"), max_length=60, blank=True)
    visits = models.PositiveSmallIntegerField(_("visits to the counter"), null=True, blank=True)
    visit_reason = models.CharField(_("why one must come"), max_length=200, blank=True)
    special_steps = models.TextField(_("special steps"), blank=True)
    intermediary = models.TextField(_("services of intermediaries"), blank=True)

    # --- fees and result
    is_charged = models.BooleanField(_("costs a fee"), default=False)
    fee_standard = models.TextField(_("fee"), blank=True)
    fee_basis = models.CharField(_("basis of the fee"), max_length=200, blank=True)
    result_name = models.CharField(_("what one gets"), max_length=120, blank=True)
    result_sample = models.ForeignKey(
        "core.PortalDocument",
        verbose_name=_("sample of the result"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    delivery = models.CharField(_("how it is handed over"), max_length=200, blank=True)

    # --- online
    online_level = models.ForeignKey(
        "services.ServiceTerm",
        verbose_name=_("level of online handling"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"dimension": "online_level"},
    )
    online_url = models.URLField(_("address for handling online"), blank=True, max_length=500)
    appointment_url = models.URLField(_("address for appointments"), blank=True, max_length=500)
    takes_payment_online = models.BooleanField(_("paid online"), default=False)
    sends_by_post = models.BooleanField(_("sent by post"), default=False)

    # --- contact, promise, supervision
    contact_phone = models.CharField(_("telephone for questions"), max_length=60, blank=True)
    contact_ways = models.TextField(_("other ways to ask"), blank=True)
    promise = models.TextField(_("service promise"), blank=True)
    norms = models.TextField(_("working norms"), blank=True)
    discipline = models.TextField(_("discipline"), blank=True)
    supervision = models.TextField(_("supervision channel"), blank=True)
    notes = RichTextField(_("notes"), features=PLAIN, blank=True)

    content_panels = [*BasePage.content_panels, *guide_panels()]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("everyday_names"),
        index.SearchField("base_code"),
        index.SearchField("implementation_code"),
        index.AutocompleteField("everyday_names"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage", "pages.TopicPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "services/guide_page.html"
    print_template = "services/guide_print.html"

    class Meta:
        verbose_name = _("service guide")
        verbose_name_plural = _("service guides")
        default_permissions = ()

    # --- publishing ------------------------------------------------------------------------------
    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        from portal.services.publishing import problems_of

        return problems_of(self)

    # --- reading ---------------------------------------------------------------------------------
    @property
    def is_translation(self) -> bool:
        """Codes, confirmations and completeness are the original's."""
        return bool(self.locale.language_code != settings.LANGUAGE_CODE)

    @property
    def limit_text(self) -> str:
        """How long it takes: what is promised, else what the law allows."""
        return self.promised_limit or self.legal_limit

    @property
    def is_wholly_online(self) -> bool:
        """Nobody needs to come to a counter."""
        level = self.online_level
        return bool(self.online_url and level is not None and level.rank >= WHOLLY_ONLINE)

    def media_values(self) -> list[Any]:
        """Files of materials are read with the materials."""
        return []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.services.selectors.pages import guide_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(guide_context(self, request, context["portal"]))
        return context

    # --- told to others --------------------------------------------------------------------------
    def listing_values(self) -> dict[str, Any]:
        return {
            "date": self.displayed_date(),
            "title": self.title,
            "summary": self.summary[:300],
            "source": str(self.owner_unit or "")[:120],
            "kind": "service",
        }

    def library_values(self) -> dict[str, Any]:
        return {"record_type": "service", "summary": self.summary}

    @classmethod
    def prepare_for_search(cls, pages: Sequence[Any]) -> None:
        """Materials, steps and places of all of them at once: clusters cannot be prefetched."""
        super().prepare_for_search(pages)
        rows: dict[int, list[str]] = {page.pk: [] for page in pages}
        for name, fields in SEARCHED_PARTS.items():
            model = cls._meta.get_field(name).related_model
            found = model._default_manager.filter(page__in=rows).order_by("page", "sort_order")
            for pk, *texts in found.values_list("page", *fields):
                rows[pk].append(" ".join(text for text in texts if text))
        for page in pages:
            page.__dict__["found_parts"] = rows[page.pk]

    def search_values(self) -> dict[str, Any]:
        parts: list[str] = self.__dict__.get("found_parts", [])
        terms = list(self.terms.all())
        texts = [
            self.summary,
            self.served_text,
            plain_text(self.conditions),
            self.result_name,
            self.fee_standard,
            *parts,
            plain_text(self.notes),
            self.keywords,
            " ".join(term.label for term in terms),
        ]
        return super().search_values() | {
            "kind": "service",
            "text": "\n".join(text for text in texts if text),
            "summary": self.summary,
            "date": self.displayed_date(),
            # Found by every name that people have for it.
            "aliases": [*self.everyday_names.split(), self.main_item, self.sub_item],
            "number": self.implementation_code or self.base_code,
            "agencies": [self.owner_unit_id] if self.owner_unit_id else [],
            "extra": {
                "office": str(self.owner_unit or ""),
                "limit": self.limit_text,
                "is_charged": self.is_charged,
                "fee": self.fee_standard[:200],
                "visits": self.visits,
                "online_level": self.online_level.rank if self.online_level else None,
                "online_url": self.online_url,
                "phone": self.contact_phone,
                "terms": [f"{term.dimension}:{term.key}" for term in terms],
                "served": self.served,
            },
        }

    @property
    def served_text(self) -> str:
        """For whom, in the words of the list."""
        labels = dict(ServedPerson.choices)
        keys = [key for key in (self.served or "").split(",") if key in labels]
        return gettext(", ").join(str(labels[key]) for key in keys)

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        return [
            ("ArticleTitle", self.title),
            ("PubDate", date_text(self.displayed_date())),
            ("ContentSource", str(self.owner_unit or "")),
            ("Keywords", self.keywords),
            ("Description", self.search_description or self.summary),
            ("Url", portal.canonical_url),
        ]
