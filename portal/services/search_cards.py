"""What a search result shows of a guide: how long, how much, how far online, whom to call."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import SearchCard

from .models import GuidePage
from .selectors.lists import fee_words


class GuideCards:
    """One query."""

    kinds: Sequence[str] = ("service",)

    def cards(
        self, pages: Mapping[str, int], *, site: int | None, language: str
    ) -> Mapping[str, SearchCard]:
        guides = {
            guide.pk: guide
            for guide in GuidePage.objects.filter(pk__in=set(pages.values()), live=True)
            .select_related("online_level", "owner_unit")
            .only(
                "promised_limit", "legal_limit", "is_charged", "fee_standard", "contact_phone",
                "online_level", "owner_unit",
            )
        }  # fmt: skip
        return {key: _card(guides[pk]) for key, pk in pages.items() if pk in guides}


def _card(guide: GuidePage) -> SearchCard:
    facts = [
        (_("Time limit"), guide.promised_limit or guide.legal_limit),
        (_("Fee"), fee_words(is_charged=guide.is_charged, standard=guide.fee_standard)),
        (_("Online level"), guide.online_level.shown_label if guide.online_level else ""),
    ]
    return SearchCard(
        facts=[(label, value) for label, value in facts if value], phone=guide.contact_phone
    )
