"""What search results show of institutions and leaders: how to reach them, what they do."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.templatetags.static import static
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from portal.core.models import ListingRow
from portal.core.search_points import SearchCard, search_cards
from portal.pages.models import OrganisationPage

_DUTIES = 90


class OrganisationCards:
    """Telephone, address and office hours, from the register of units."""

    kinds: Sequence[str] = ("organisation",)

    def cards(
        self, pages: Mapping[str, int], *, site: int | None, language: str
    ) -> Mapping[str, SearchCard]:
        """One query."""
        found = OrganisationPage.objects.filter(pk__in=set(pages.values()))
        units = {page.pk: page.organisation for page in found.select_related("organisation")}
        return {
            key: _unit_card(units[pk]) for key, pk in pages.items() if units.get(pk) is not None
        }


class LeaderCards:
    """What a leader is in charge of, with the portrait."""

    kinds: Sequence[str] = ("leader",)

    def cards(
        self, pages: Mapping[str, int], *, site: int | None, language: str
    ) -> Mapping[str, SearchCard]:
        """One query, of the rows that lists read: their pictures are made already."""
        rows = ListingRow.objects.filter(page__in=set(pages.values()), is_own=True)
        told = {
            pk: _leader_card(duties, image)
            for pk, duties, image in rows.values_list("page_id", "summary", "image_url")
        }
        return {key: told[pk] for key, pk in pages.items() if pk in told}


def _unit_card(unit: Any) -> SearchCard:
    facts = [(_("Address"), unit.address), (_("Office hours"), unit.office_hours)]
    return SearchCard(facts=[fact for fact in facts if fact[1]], phone=unit.phone)


def _leader_card(duties: str, image_url: str) -> SearchCard:
    lines = " ".join(duties.split())
    return SearchCard(
        text=Truncator(lines).chars(_DUTIES), picture=image_url or static("portal/img/portrait.svg")
    )


search_cards.register("organisations", OrganisationCards())
search_cards.register("leaders", LeaderCards())
