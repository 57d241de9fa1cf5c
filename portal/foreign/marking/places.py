"""Putting a private character behind the public texts that are behind the Chinese."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.fields import StreamField
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.segments.ingest import ingest_segments
from wagtail_localize.strings import StringValue


@dataclass(frozen=True, slots=True)
class Spot:
    """A text of the public page and what is to be done with it.

    ``text`` is its string data and ``ordinal`` says which of equal texts of the path it is. The
    characters go before and behind it; ``replaced``: they take its place.
    """

    path: str
    position: int
    text: str
    ordinal: int
    before: str = ""
    behind: str = ""
    replaced: bool = False


def put_characters(page: Any, spots: Iterable[Spot]) -> None:
    """Change the page in memory; it must not be saved afterwards."""
    segments = extract_segments(page)
    by_path: dict[str, list[_Known]] = defaultdict(list)
    for segment in segments:
        if isinstance(segment, StringSegmentValue):
            by_path[segment.path].append((segment, segment.string.data))
    changed: set[str] = set()
    for spot in spots:
        segment = _find(by_path[spot.path], spot)
        if segment is None:
            continue
        words = "" if spot.replaced else segment.string.data  # a text may get two marks
        segment.string = StringValue(f"{spot.before}{words}{spot.behind}")
        changed.add(spot.path)
    if not changed:
        return
    wanted = [
        segment
        for segment in segments
        if segment.path in changed and not isinstance(segment, OverridableSegmentValue)
    ]
    ingest_segments(page, page, page.locale, page.locale, wanted)
    for name in {path.split(".", 1)[0] for path in changed}:
        _settle(page, name)


# A text and what it said before any character was put to it.
type _Known = tuple[StringSegmentValue, str]


def _find(known: list[_Known], spot: Spot) -> StringSegmentValue | None:
    """By its words; by its number where the page writes the same words in another way."""
    for same in (lambda data: data == spot.text, lambda data: _plain(data) == _plain(spot.text)):
        equal = [segment for segment, data in known if same(data)]
        if equal:
            return equal[min(spot.ordinal, len(equal) - 1)]
    return known[spot.position][0] if spot.position < len(known) else None


def _plain(data: str) -> str:
    return " ".join(StringValue(data).render_text().split())


def _settle(page: Any, name: str) -> None:
    """Some templates read the stored form of a stream: let it say the same."""
    field = page._meta.get_field(name)
    if isinstance(field, StreamField):
        stream = getattr(page, name)
        setattr(page, name, field.stream_block.to_python(stream.get_prep_value()))
