"""How well the public search does, for the report of all functions."""

import datetime
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import Measure, MeasureUnit

from .selectors.figures import Period, totals

MOST_EMPTY = 0.10
LEAST_OPENED = 0.40
LAST_PLACE = 3.0


class SearchMeasured:
    """Entered in the registry ``measured_functions``."""

    title = gettext_lazy("Search")
    order = 20

    def measures(
        self, *, site: int | None, first: datetime.date, last: datetime.date
    ) -> Sequence[Measure]:
        numbers = totals(Period(first, last, None if site is None else [site]))
        if not numbers.searches:
            return []
        url = reverse("portal_search_figures")
        return [
            Measure(key="searches", label=_("Searches"), value=numbers.searches),
            Measure(
                key="empty",
                label=_("Searches that found nothing"),
                value=numbers.empty_share,
                unit=MeasureUnit.SHARE,
                of=numbers.searches,
                at_most=MOST_EMPTY,
                advice=_("Look at what was searched for in vain: synonyms, best bets, pages."),
                url=url,
            ),
            Measure(
                key="opened",
                label=_("Searches of which a result was opened"),
                value=numbers.opened_share,
                unit=MeasureUnit.SHARE,
                of=numbers.searches - numbers.empty,
                at_least=LEAST_OPENED,
                advice=_("Look at what is found and hardly opened: titles and summaries."),
                url=url,
            ),
            Measure(
                key="place",
                label=_("Mean place of the opened result"),
                value=numbers.place,
                unit=MeasureUnit.NUMBER,
                of=numbers.opened,
                at_most=LAST_PLACE,
                advice=_("What people want stands too low: pin it, or mend the titles."),
                url=url,
            ),
        ]
