"""What many people asked in vain: for the list from which units are invited to answer."""

from collections.abc import Iterator

from django.urls import reverse

from portal.plugin_api import HotTopic

from .models import Gap

MOST = 50
# Fewer people than that are no talk of the town.
FEWEST = 5


class AskedInVain:
    """Entered in the registry ``hot_topics``."""

    def hot_topics(self, *, site: int) -> Iterator[HotTopic]:
        rows = Gap.objects.filter(site=site, state__in=Gap.ACTIVE, askers__gte=FEWEST)
        for gap in rows.order_by("-askers", "-pk")[:MOST]:
            yield HotTopic(
                key=f"gap:{gap.pk}",
                text=gap.title,
                kind="search",
                count=gap.askers,
                url=reverse("assistant_gap", args=[gap.pk]),
            )
