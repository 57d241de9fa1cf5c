"""Visits of the last sixty days for the demo city: invented, the same at each loading.

Figures alone, no log. Once anything was ever counted, nothing is added.
"""

import datetime
import random
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import just_seen, main_site_pk, public_pages

from .lines import DESKTOP, DIRECT, OTHER, OWN, PHONE, SEARCH, TABLET, clean_path
from .models import Address, AddressDay, DayFigure, Subject
from .services.ranking import rank

DAYS = 60
# Pages that are read each day; what comes behind them is read now and then.
_PAGES = 160
_MANY = 1000

_DEVICES = ((PHONE, 0.63), (DESKTOP, 0.33), (TABLET, 0.04))
_SOURCES = (
    (OWN, 0.52), (DIRECT, 0.2), (f"{SEARCH}:www.baidu.com", 0.12), (f"{SEARCH}:cn.bing.com", 0.05),
    (f"{SEARCH}:www.sogou.com", 0.03), (f"{OTHER}:www.province.example", 0.05),
    (f"{OTHER}:news.example", 0.03),
)  # fmt: skip
# How busy the hours of a day are.
_HOURS = (
    2, 1, 1, 1, 1, 2, 5, 12, 32, 44, 42, 34, 22, 24, 38, 42, 38, 28, 20, 22, 24, 20, 12, 5,
)  # fmt: skip


class DemoVisits:
    """Entered in the registry ``demo_content``."""

    def finish(self, demo: Any) -> None:
        """Nothing: whatever is read must be there first."""

    def after_all(self, demo: Any) -> None:
        if AddressDay.objects.exists() or DayFigure.objects.exists():
            return
        with transaction.atomic():
            _Loader().run()
        rank()


class _Loader:
    def __init__(self) -> None:
        self.chance = random.Random(60)  # noqa: S311 - a demo, no secret
        self.figures: defaultdict[tuple[datetime.date, int, str, str], list[int]] = defaultdict(
            lambda: [0, 0]
        )

    def run(self) -> None:
        main_site_pk()  # look at the structure as it is now
        places = list(self._places())
        addresses = Address.objects.bulk_create(
            [Address(host=host, path=path) for host, path, *_rest in places], batch_size=_MANY
        )
        rows = []
        for back in range(DAYS, 0, -1):
            day = timezone.localdate() - datetime.timedelta(days=back)
            busy = (0.5 if day.weekday() >= 5 else 1.0) * (1.2 - back / DAYS / 2.5)
            for rank_, (address, place) in enumerate(zip(addresses, places, strict=True)):
                row = self._row(day, busy, rank_, address, place)
                if row is not None:
                    rows.append(row)
        AddressDay.objects.bulk_create(rows, batch_size=_MANY)
        self._divide(rows)
        DayFigure.objects.bulk_create(
            [
                DayFigure(
                    day=day, site=site, subject=subject, key=key,
                    views=views, entries=entries, is_invented=True,
                )
                for (day, site, subject, key), (views, entries) in sorted(self.figures.items())
            ],
            batch_size=_MANY,
        )  # fmt: skip

    def _places(self) -> Any:
        """(host, path, page, site, column, language) of public pages, the shortest way first."""
        found = just_seen()
        pages = Page.objects.filter(public_pages(), live=True, depth__gt=1).order_by(
            "depth", "path"
        )
        rows = pages.values_list("pk", "path", "url_path")[: _PAGES * 4]
        number = 0
        for pk, path, url_path in rows:
            root, node = found.root_for_url_path(url_path), found.nearest(path)
            if root is None or node is None or number >= _PAGES:
                continue
            number += 1
            address = clean_path(found.url(url_path).encode().decode("latin-1"))
            yield root.host, address, pk, node.site_pk or root.site_pk, node.pk, root.language

    def _row(
        self, day: datetime.date, busy: float, number: int, address: Address, place: Any
    ) -> AddressDay | None:
        _host, _path, page, site, column, language = place
        daily = 420 / (number + 3) ** 0.8
        views = round(daily * busy * self.chance.uniform(0.5, 1.5))
        if not views:
            return None
        return AddressDay(
            day=day, address_id=address.pk, page_id=page, site=site, column=column,
            language=language, form=language, views=views,
            entries=min(views, round(views * self.chance.uniform(0.3, 0.6))),
        )  # fmt: skip

    def _divide(self, rows: list[AddressDay]) -> None:
        """The parts of each site's day add up to its total."""
        days: defaultdict[tuple[datetime.date, int], list[int]] = defaultdict(lambda: [0, 0])
        for row in rows:
            for subject, value in ((Subject.LANGUAGE, row.form), (Subject.COLUMN, str(row.column))):
                numbers = self.figures[row.day, row.site, subject.value, value]
                numbers[0] += row.views
                numbers[1] += row.entries
            days[row.day, row.site][0] += row.views
            days[row.day, row.site][1] += row.entries
        hours = tuple((f"{hour:02}", float(weight)) for hour, weight in enumerate(_HOURS))
        for (day, site), (views, entries) in days.items():
            for subject, parts in (
                (Subject.HOUR, hours),
                (Subject.DEVICE, _DEVICES),
            ):
                seen = _shares(views, parts)
                # By the views of each part, so that none has more visits than views.
                begun = _shares(entries, tuple(seen.items()))
                for key, number in seen.items():
                    if number:
                        self.figures[day, site, subject.value, key] = [number, begun[key]]
            inside = views - entries
            outside = [part for part in _SOURCES if part[0] != OWN]
            self.figures[day, site, Subject.SOURCE.value, OWN] = [inside, 0]
            for source, number in _shares(entries, outside).items():
                if number:
                    self.figures[day, site, Subject.SOURCE.value, source] = [number, number]


def _shares(total: int, parts: Any) -> dict[str, int]:
    """A number divided by weights, so that the parts add up to it."""
    whole = sum(weight for _key, weight in parts)
    found, given, weight_so_far = {}, 0, 0.0
    for key, weight in parts:
        weight_so_far += weight
        now = round(total * weight_so_far / whole)
        found[key], given = now - given, now
    return found
