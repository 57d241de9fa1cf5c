"""The editor's form of a guide: the parts in the order in which people ask."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    Panel,
)

# The fields of the key groups stay open; what few guides need is folded away.
FOLDED = "collapsed"


def guide_panels() -> list[Any]:
    """All fields of a guide below its title."""
    return [
        CompletenessPanel(),
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("everyday_names"),
                FieldPanel("owner_unit"),
                FieldRowPanel([FieldPanel("level"), FieldPanel("item_type")]),
                FieldPanel("handling"),
                FieldPanel("served"),
                FieldPanel("terms"),
            ],
            heading=_("About the item"),
        ),
        FieldPanel("conditions"),
        MultiFieldPanel(
            [
                FieldPanel("needs_no_materials"),
                InlinePanel("materials", label=_("material")),
            ],
            heading=_("Materials"),
        ),
        InlinePanel("steps", label=_("step"), heading=_("Procedure")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("promised_limit"), FieldPanel("legal_limit")]),
                FieldRowPanel([FieldPanel("visits"), FieldPanel("visit_reason")]),
            ],
            heading=_("Time"),
        ),
        MultiFieldPanel(
            [FieldPanel("is_charged"), FieldPanel("fee_standard"), FieldPanel("fee_basis")],
            heading=_("Fees"),
        ),
        InlinePanel(
            "places", label=pgettext_lazy("services", "place"), heading=_("Where and when")
        ),
        MultiFieldPanel(
            [
                FieldPanel("online_level"),
                FieldRowPanel([FieldPanel("online_url"), FieldPanel("appointment_url")]),
                FieldRowPanel([FieldPanel("takes_payment_online"), FieldPanel("sends_by_post")]),
            ],
            heading=_("Online"),
        ),
        InlinePanel("basis", label=_("basis"), heading=_("Basis")),
        MultiFieldPanel(
            [FieldPanel("contact_phone"), FieldPanel("contact_ways"), FieldPanel("supervision")],
            heading=_("Questions and complaints"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("result_name"), FieldPanel("delivery")]),
                FieldPanel("result_sample"),
            ],
            heading=_("Result"),
            classname=FOLDED,
        ),
        MultiFieldPanel(
            [FieldPanel("promise"), FieldPanel("norms"), FieldPanel("discipline")],
            heading=_("Promise, norms, discipline"),
            classname=FOLDED,
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("main_item"), FieldPanel("sub_item")]),
                FieldRowPanel([FieldPanel("base_code"), FieldPanel("implementation_code")]),
            ],
            heading=_("Names and codes of the service platform"),
            classname=FOLDED,
        ),
        MultiFieldPanel(
            [FieldPanel("special_steps"), FieldPanel("intermediary"), FieldPanel("notes")],
            heading=_("Special steps, intermediaries, notes"),
            classname=FOLDED,
        ),
    ]


class CompletenessPanel(Panel):
    """How complete the guide is, what is missing, and what the counter said. No field."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "services/admin/completeness_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            from .completeness import completeness_of
            from .selectors.oversight import confirmation_of
            from .services.drafts import drafts_possible

            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            context.update(guide=page, completeness=completeness_of(page))
            if page.pk and page.live and not page.is_translation and page.alias_of_id is None:
                context["confirmation"] = confirmation_of(page, self.request.user)
                if drafts_possible(page):
                    context["drafts_url"] = reverse("services_drafts", args=[page.pk])
            return context
