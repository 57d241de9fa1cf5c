"""What stands around a find: its sentence, its paragraph, whether it only tells of something."""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

_ENDS = re.compile(r"[。！？!?；\n]")
_PARAGRAPH = re.compile(r"\n")
_FURTHEST = 160


class Surroundings:
    """Sentences and paragraphs of one text; each boundary is looked for once."""

    def __init__(self, text: str, telling: re.Pattern[str] | None) -> None:
        self.text = text
        self._telling = telling

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [found.start() for found in _ENDS.finditer(self.text)]

    @cached_property
    def _lines(self) -> list[int]:
        return [found.start() for found in _PARAGRAPH.finditer(self.text)]

    @cached_property
    def _told(self) -> list[int]:
        if self._telling is None:
            return []
        return [found.start() for found in self._telling.finditer(self.text)]

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        return self._between(self._sentence_ends, start, end)

    def line(self, start: int, end: int) -> int:
        """The number of the paragraph in which something stands."""
        return bisect_left(self._lines, start)

    def only_tells(self, start: int, end: int) -> bool:
        """Whether the sentence tells of betting (a crime, a warning) instead of offering it."""
        first, last = self.sentence(start, end)
        return bisect_left(self._told, last) > bisect_left(self._told, first)

    def _between(self, ends: list[int], start: int, end: int) -> tuple[int, int]:
        place = bisect_right(ends, start)
        first = ends[place - 1] + 1 if place else 0
        behind = bisect_left(ends, end)
        last = ends[behind] if behind < len(ends) else len(self.text)
        return max(first, start - _FURTHEST), min(last, end + _FURTHEST)
