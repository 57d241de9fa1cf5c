"""What search results show of institutions and leaders: how to reach them, what they do."""

from collections.abc import Mapping, Sequence

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
        rows = OrganisationPage.objects.filter(
            pk__in=set(pages.values()), organisation__isnull=False
        ).values_list(
            "pk", "organisation__phone", "organisation__address", "organisation__office_hours"
        )
        told = {pk: _unit_card(*facts) for pk, *facts in rows}
        return {key: told[pk] for key, pk in pages.items() if pk in told}


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


def _unit_card(phone: str, address: str, office_hours: str) -> SearchCard:
    facts = [(_("Address"), address), (_("Office hours"), office_hours)]
    return SearchCard(facts=[fact for fact in facts if fact[1]], phone=phone)


def _leader_card(duties: str, image_url: str) -> SearchCard:
    lines = " ".join(duties.split())
    return SearchCard(
        text=Truncator(lines).chars(_DUTIES), picture=image_url or static("portal/img/portrait.svg")
    )


search_cards.register("organisations", OrganisationCards())
search_cards.register("leaders", LeaderCards())
