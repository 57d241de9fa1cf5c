"""Links to others, asked a portion at a time where the operator allows it."""

import datetime
import time
from collections import deque
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from portal.library.models import FacetCount, Link, Problem, State
from portal.library.outside import Asker
from portal.library.services.links import note

MOST_AT_ONCE = 100
SECONDS_AT_ONCE = 120.0
AGAIN_AFTER = datetime.timedelta(days=14)
AFTER_A_FAILURE = datetime.timedelta(days=1)
# What may be a bad day of the other side is a problem after so many days.
BELIEVED_AFTER = 3
_AT_ONCE = frozenset({Problem.NOT_FOUND, Problem.PRIVATE})
FACET = "links"
AGENT = "portal-link-check/1.0 (+{url})"


def is_allowed() -> bool:
    return bool(settings.LIBRARY_CHECK_OUTSIDE_LINKS)


def _outside(site: int | None) -> "QuerySet[Link]":
    return Link.objects.filter(record__site=site, record__state=State.PUBLIC).exclude(host="")


def waiting(site: int | None) -> "QuerySet[Link]":
    """Links whose turn has come, those that were never asked first."""
    now = timezone.now()
    due = (
        Q(checked_at=None)
        | Q(checked_at__lt=now - AGAIN_AFTER)
        | Q(failures__gt=0, checked_at__lt=now - AFTER_A_FAILURE)
    )
    return _outside(site).filter(due).order_by(F("checked_at").asc(nulls_first=True), "pk")


def check_outside(site: int | None, *, asker: Asker | None = None) -> int:
    """Ask the next portion of a site's addresses; how many. Nothing where it is not allowed."""
    if not is_allowed():
        return 0
    asker = asker or Asker(AGENT.format(url=settings.BASE_URL))
    begun, done = time.monotonic(), 0
    rows = waiting(site).values_list("target", "host")[: MOST_AT_ONCE * 5]
    for target, host in _in_turn(dict.fromkeys(rows)):
        if done == MOST_AT_ONCE or time.monotonic() - begun > SECONDS_AT_ONCE:
            break
        _take_down(target, host, asker.problem(target))
        done += 1
    if done:
        count_links(site)
    return done


def _in_turn(links: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Host by host in turn, so that the pauses of one are used for the others."""
    by_host: dict[str, deque[str]] = {}
    for target, host in links:
        by_host.setdefault(host, deque()).append(target)
    while by_host:
        for host, targets in list(by_host.items()):
            yield targets.popleft(), host
            if not targets:
                del by_host[host]


def _take_down(target: str, host: str, problem: str) -> None:
    """For every page that has the address, whatever its site: it is asked once."""
    rows = Link.objects.filter(host=host, target=target)
    now = timezone.now()
    if not problem:
        rows.update(problem="", since=None, failures=0, checked_at=now)
        return
    rows.update(failures=F("failures") + 1, checked_at=now)
    believed = rows if problem in _AT_ONCE else rows.filter(failures__gte=BELIEVED_AFTER)
    note(list(believed.exclude(problem=problem).values_list("pk", flat=True)), problem)


@transaction.atomic
def count_links(site: int | None) -> None:
    """How many links of a site lead to others, and how many of them were asked, for the screen."""
    links, now = _outside(site), timezone.now()
    counts = {"outside": links.count(), "asked": links.exclude(checked_at=None).count()}
    FacetCount.objects.filter(site=site, facet=FACET).delete()
    FacetCount.objects.bulk_create(
        [
            FacetCount(site_id=site, facet=FACET, value=value, count=count, counted_at=now)
            for value, count in counts.items()
        ]
    )


def progress(site: int | None) -> dict[str, int]:
    """``outside`` and ``asked`` as last counted; of all sites together for None."""
    rows = FacetCount.objects.filter(facet=FACET)
    rows = rows if site is None else rows.filter(site=site)
    counts = dict(rows.order_by().values_list("value").annotate(Sum("count")))
    return {name: counts.get(name, 0) for name in ("outside", "asked")}
