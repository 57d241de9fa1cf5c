"""What the index would be told if something were published, withdrawn or ended. Reads only.

Follows what really happens then (``services.knowledge.follow_targets``): entries that rest on the
page, are translations of it or are replaced by it change with it.
"""

import datetime
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from assistant.portal_plugin.models import IndexedEntry, QuestionPage
from assistant.portal_plugin.selectors.knowledge import Answerable
from assistant.portal_plugin.services.knowledge import resting_on
from assistant.portal_plugin.validity import GONE, Assumption, Interval, span_of
from assistant.retrieval.source import Change

from .services import row_of
from .source import entry_of

# Entries that name each other must not be followed for ever.
_MOST_VISITS = 5
# Keys of entries that are not stored yet: no page will ever have them.
_NEW = 2**62


@dataclass(frozen=True, slots=True)
class Imagined:
    """Entries as they would be, by primary key; None: in public no more."""

    rows: Mapping[int, IndexedEntry | None] = field(default_factory=dict)

    @property
    def changes(self) -> Sequence[Change]:
        return [
            Change(0, str(pk), None if row is None else entry_of(row))
            for pk, row in self.rows.items()
        ]

    def answerable(self, pk: int, at: datetime.datetime) -> Answerable | None:
        """An entry as a ranking needs it; None where it would not be in force."""
        row = self.rows[pk]
        if row is None or not _holds(_interval(row), at):
            return None
        return Answerable(
            page=pk,
            entry=row.key,
            version=None,
            site=row.site or None,
            language=row.language,
            question=row.question,
            title=row.title,
            answer_html="",
            answer_text=row.answer,
            url="",
            topic=row.topic,
            audience=tuple(row.audience.split(",")) if row.audience else (),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )


def if_published(pages: Iterable[QuestionPage]) -> Imagined:
    """These pages as they are in memory, in their order; new ones with a ``path`` below their
    column."""
    written = {page.pk or _NEW + number: page for number, page in enumerate(pages)}
    rows: dict[int, IndexedEntry | None] = {}
    believed: dict[int, Assumption] = {}
    for pk, page in written.items():
        row = row_of(page, span_of(page, assuming=believed).interval)
        row.page, row.group, row.key = pk, page.translation_of_id or pk, page.key or str(pk)
        rows[pk] = row
        believed[pk] = _public(page, row)
    return _followed(rows, believed, written)


def if_withdrawn(pks: Iterable[int]) -> Imagined:
    """Pages of any kind that are public no more."""
    wanted = list(pks)
    entries = QuestionPage.objects.filter(pk__in=wanted).values_list("pk", flat=True)
    return _followed(dict.fromkeys(entries), dict.fromkeys(wanted, GONE), {})


def if_ended(pages: Iterable[int], *, clauses: Collection[str] = ()) -> Imagined:
    """Documents, or other pages that entries rest on, that are in force no longer.

    ``clauses``: only these of the first page have ended; the page itself goes on.
    """
    listed = list(pages)
    if not clauses:
        return _followed({}, dict.fromkeys(listed, GONE), {})
    rows: dict[int, IndexedEntry | None] = {}
    believed: dict[int, Assumption] = {}
    about = QuestionPage.objects.filter(sources__target=listed[0], live=True, alias_of=None)
    for entry in about.distinct().order_by("pk"):
        cited = {
            c for row in entry.sources.all() if row.target_id == listed[0] for c in row.clauses
        }
        if cited.intersection(clauses):
            rows[entry.pk] = row_of(entry, GONE.interval)
            believed[entry.pk] = GONE
    return _followed(rows, believed, {})


def both(first: Imagined, second: Imagined) -> Imagined:
    """One and then the other."""
    return Imagined({**first.rows, **second.rows})


def _public(page: QuestionPage, row: IndexedEntry) -> Assumption:
    """How an entry stands for those that rest on it, once it is public."""
    now = timezone.now()
    first = (page.first_published_at if page.live else None) or now
    return Assumption((row.valid_from, row.valid_until), max(first, page.valid_from or first))


def _followed(
    rows: dict[int, IndexedEntry | None],
    believed: dict[int, Assumption],
    written: Mapping[int, QuestionPage],
) -> Imagined:
    """With the entries that would stand otherwise because of these.

    Args:
        rows: what is changed by hand.
        believed: how the pages stand then from which it begins.
        written: the entries as they would be, where that is not what is stored.
    """
    waiting = deque(believed)
    visits: Counter[int] = Counter()
    while waiting:
        for stored in resting_on([waiting.popleft()]):
            entry = written.get(stored.pk, stored)
            visits[entry.pk] += 1
            is_withdrawn = entry.pk in rows and rows[entry.pk] is None
            if is_withdrawn or visits[entry.pk] > _MOST_VISITS or entry.alias_of_id:
                continue
            row = row_of(entry, span_of(entry, assuming=believed).interval)
            known = (
                rows.get(entry.pk) or IndexedEntry.objects.filter(pk=entry.pk, live=True).first()
            )
            if known is not None and _interval(known) == _interval(row):
                continue
            rows[entry.pk] = row
            believed[entry.pk] = _public(entry, row)
            waiting.append(entry.pk)
    return Imagined(rows)


def _interval(row: IndexedEntry) -> Interval:
    return row.valid_from, row.valid_until


def _holds(interval: Interval, at: datetime.datetime) -> bool:
    begin, end = interval
    return (begin is None or begin <= at) and (end is None or end > at)
