"""What people looked for in vain, and what many look for: for others who work with it."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from portal.plugin_api import GapSignal, HotTopic

from .models import LoggedSearch
from .selectors.figures import Period, popular, threshold

_DAYS = 30
_MOST = 50


class EmptySearches:
    """Searches without results; entered in the registry ``gap_signals``."""

    def gap_signals(
        self, *, site: int, since: datetime.datetime, until: datetime.datetime
    ) -> Iterator[GapSignal]:
        rows = LoggedSearch.objects.filter(site=site, total=0, at__gte=since, at__lt=until)
        url = f"{reverse('portal_search_figures')}?site={site}"
        for row in rows.order_by("at", "token").iterator(chunk_size=500):
            yield GapSignal(
                key=f"search:{row.token}",
                text=row.text,
                language=row.language,
                at=row.at,
                kind="search",
                # Of a day that is over nobody can be told apart: its searches count as one's.
                asker=row.visitor or f"{row.day:%Y%m%d}",
                url=url,
            )


class PopularSearches:
    """What many look for; entered in the registry ``hot_topics``."""

    def hot_topics(self, *, site: int) -> Iterator[HotTopic]:
        today = timezone.localdate()
        period = Period(today - datetime.timedelta(days=_DAYS - 1), today, [site])
        url = f"{reverse('portal_search_figures')}?site={site}"
        for row in popular(period, _MOST):
            if row.askers >= threshold():
                yield HotTopic(
                    key=f"{row.language}:{row.query}",
                    text=row.text,
                    kind="search",
                    count=row.askers,
                    url=url,
                )
