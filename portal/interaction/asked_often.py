"""What many letters are about, for the hot list of the editors (R-INT-34)."""

import datetime
from collections.abc import Iterator

from django.db.models import Count
from django.utils import timezone

from portal.plugin_api import HotTopic

from .models import NOT_VALID_STATES, Letter

DAYS = 90
FEW = 3
MOST = 30


class AskedInLetters:
    """By theme, as the desk gives it to letters; themes are words of the house, nobody's own."""

    def hot_topics(self, *, site: int) -> Iterator[HotTopic]:
        since = timezone.now() - datetime.timedelta(days=DAYS)
        rows = (
            Letter.objects.filter(site=site, received_at__gte=since)
            .exclude(theme="")
            .exclude(state__in=NOT_VALID_STATES)
            .order_by()
            .values("theme")
            .annotate(number=Count("pk"))
            .filter(number__gte=FEW)
            .order_by("-number", "theme")[:MOST]
        )
        for row in rows:
            yield HotTopic(
                key=f"theme:{row['theme']}",
                text=row["theme"],
                kind="message",
                count=row["number"],
            )
