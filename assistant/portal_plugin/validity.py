"""When an entry is in force: its own interval, as far as all that it rests on is in force.

What an entry rests on is known by its publication, whatever plugin it belongs to: a document that
is repealed, expired or withdrawn ends each entry that cites it. Clauses are asked for where a
plugin offers them.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import Publication, Standing, ValidityFacts

if TYPE_CHECKING:
    from assistant.portal_plugin.models import QuestionPage

type Moment = datetime.datetime | None
type Interval = tuple[Moment, Moment]

# What was never public carries nothing.
NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
NOTHING: "Mapping[int, Assumption]" = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Part:
    """One of the intervals of an entry. ``own`` ones end by being over, others by their basis."""

    interval: Interval
    own: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """When an entry is in force, and the parts that it follows from."""

    parts: Sequence[Part]

    @property
    def interval(self) -> Interval:
        return overlap(part.interval for part in self.parts)


def overlap(intervals: Iterable[Interval]) -> Interval:
    """What several intervals have in common; None: open."""
    begin: Moment = None
    end: Moment = None
    for since, until in intervals:
        if since is not None and (begin is None or since > begin):
            begin = since
        if until is not None and (end is None or until < end):
            end = until
    return begin, end


@dataclass(frozen=True, slots=True)
class Assumption:
    """How a page would stand: the interval in which it were public and in force, and from when it
    took the place of others (None: not, since it were not public)."""

    interval: Interval
    begins: Moment = None


GONE = Assumption((None, NEVER))


def span_of(page: "QuestionPage", *, assuming: Mapping[int, Assumption] = NOTHING) -> Span:
    """The parts of an entry as the object holds it, stored or not.

    ``assuming``: what is to be believed of some pages instead of what is so.
    """
    rests_on = [source.target_id for source in page.sources.all() if source.target_id]
    if page.translation_of_id:
        rests_on.append(page.translation_of_id)
    parts = [Part((page.valid_from, page.valid_until), own=True)]
    if page.superseded_by_id:
        assumed = assuming.get(page.superseded_by_id)
        begins = assumed.begins if assumed is not None else _begin_of(page.superseded_by_id)
        parts.append(Part((None, begins), own=True))
    known = [pk for pk in rests_on if pk not in assuming]
    parts += [Part(assuming[pk].interval) for pk in rests_on if pk in assuming]
    parts += [Part(interval) for interval in public_intervals(known).values()]
    parts += [Part(interval) for interval in _clause_intervals(page)]
    if any(_is_lost(source) for source in page.sources.all()):
        parts.append(Part((None, NEVER)))
    return Span(parts)


def _is_lost(source: "object") -> bool:
    """A cited page was deleted: its row names nothing any more."""
    return not (source.target_id or source.url) and bool(source.pk)  # type: ignore[attr-defined]


def _begin_of(successor_pk: int) -> Moment:
    """The moment from which a successor is public and in force; None while it is not public."""
    from assistant.portal_plugin.models import QuestionPage

    row = (
        QuestionPage.objects.filter(pk=successor_pk, live=True)
        .values_list("first_published_at", "valid_from")
        .first()
    )
    if row is None:
        return None
    published, valid_from = row
    return max(filter(None, (published, valid_from)), default=timezone.now())


def public_intervals(page_pks: Iterable[int]) -> Mapping[int, Interval]:
    """When each page is in force as far as it is public; at most two queries.

    What was withdrawn ended then; what was never public ended before it began. A page that is
    public without a record of it (made by a program) is in force.
    """
    wanted = set(page_pks)
    if not wanted:
        return {}
    found: dict[int, Interval] = {}
    rows = Publication.objects.filter(page_id__in=wanted).order_by("since", "pk")
    for pk, until, valid_from, valid_until in rows.values_list(
        "page_id", "until", "valid_from", "valid_until"
    ):
        # The last one counts: open, with a planned end or none, or closed by withdrawal.
        ends = [moment for moment in (until, valid_until) if moment is not None]
        found[pk] = (valid_from, min(ends, default=None))
    missing = wanted - found.keys()
    if missing:
        live = set(Page.objects.filter(pk__in=missing, live=True).values_list("pk", flat=True))
        found |= {pk: (None, None) if pk in live else (None, NEVER) for pk in missing}
    return found


def _clause_intervals(page: "QuestionPage") -> Iterator[Interval]:
    from assistant.portal_plugin.clause_lookup import texts_of

    rows = [row for row in page.sources.all() if row.clauses and row.target_id]
    cites = [(row.target, row.clauses) for row in rows if row.target is not None]
    for text in texts_of(cites).values() if cites else ():
        yield (text.valid_from, text.valid_until)


def facts_of(page: "QuestionPage") -> ValidityFacts:
    """All that a publication says of an entry's validity, with one look at what it rests on."""
    span = span_of(page)
    return ValidityFacts(span.interval, _standing(span), tuple(_changes(span)))


def standing_of(page: "QuestionPage") -> Standing:
    """How an entry stands now; where its basis ended first, that is what is said."""
    return _standing(span_of(page))


def _standing(span: Span) -> Standing:
    now = timezone.now()
    over = [part for part in span.parts if part.interval[1] and part.interval[1] <= now]
    if over:
        first = min(over, key=lambda part: (part.interval[1], part.own))
        return Standing.EXPIRED if first.own else Standing.OUTDATED
    begin = span.interval[0]
    return Standing.NOT_YET_EFFECTIVE if begin and begin > now else Standing.IN_FORCE


def changes_of(page: "QuestionPage") -> list[datetime.datetime]:
    """Every moment at which one of the parts begins or ends."""
    return _changes(span_of(page))


def _changes(span: Span) -> list[datetime.datetime]:
    return [moment for part in span.parts for moment in part.interval if moment]
