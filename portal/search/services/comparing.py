"""The results of saved queries under the rules as they are, and as they would be."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.search.engine.contract import EngineUnavailable
from portal.search.models import SavedQuery
from portal.search.rules import Rules, Weights

from .contract import PER_PAGE, Found, Search
from .rules import rules_for
from .searching import find

# So many queries at once: each is run twice while somebody waits.
MOST_QUERIES = 30
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Moved:
    """A result: its place before and after, counted from 1; None: not on the first page."""

    key: str
    title: str
    url: str
    before: int | None
    after: int | None
    is_expected: bool = False

    @property
    def up(self) -> int:
        """By how many places it rises; negative: it falls. What came or went counts as from
        behind the first page."""
        behind = PER_PAGE + 1
        return (self.before or behind) - (self.after or behind)


@dataclass(frozen=True, slots=True)
class Compared:
    """``rows`` in the order of after, those that leave the shown ones last."""

    query: SavedQuery
    rows: tuple[Moved, ...]

    @property
    def is_same(self) -> bool:
        return all(row.before == row.after for row in self.rows)


def compare(queries: Iterable[SavedQuery], *, site: int | None, weights: Weights) -> list[Compared]:
    """Run each query twice: by the rules in force, and with other weights.

    Raises:
        EngineUnavailable: there is no index to ask.
    """
    now = rules_for(site)
    then = replace(now, weights=weights, version=f"{now.version}?")
    return [_compared(query, site, now, then) for query in queries]


def _compared(query: SavedQuery, site: int | None, now: Rules, then: Rules) -> Compared:
    search = Search(text=query.text, language=query.language, site=site)
    before, after = find(search, rules=now), find(search, rules=then)
    if "titles_only" in (before.how, after.how):
        raise EngineUnavailable("Titles alone could be searched.")
    rows = moves(before.results, after.results, expected=query.expected_id)
    if query.expected is not None and not any(row.is_expected for row in rows):
        # Said as well: it is on neither first page.
        key, title = f"page:{query.expected.pk}", query.expected.title
        rows = (*rows, Moved(key, title, query.expected.url or "", None, None, is_expected=True))
    return Compared(query, rows)


def moves(
    before: tuple[Found, ...], after: tuple[Found, ...], *, expected: int | None
) -> tuple[Moved, ...]:
    """What was or will be among the first ones, with its places."""
    was = {found.key: place for place, found in enumerate(before, start=1)}
    will = {found.key: place for place, found in enumerate(after, start=1)}
    shown = {found.key: found for found in (*after[:SHOWN], *before[:SHOWN])}
    for found in (*after, *before):
        if expected is not None and found.key == f"page:{expected}":
            shown.setdefault(found.key, found)
    rows = [
        Moved(
            key,
            found.title,
            found.url,
            was.get(key),
            will.get(key),
            expected is not None and key == f"page:{expected}",
        )
        for key, found in shown.items()
    ]
    behind = PER_PAGE + 1
    return tuple(sorted(rows, key=lambda row: (row.after or behind, row.before or behind)))
