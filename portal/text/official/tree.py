"""The clause tree: which level each line has and under which clause it stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import findings as codes
from .lines import Line
from .markers import Kind, Marker, decimal_of, marker_of, top_decimal_of
from .model import Clause, Finding, Level
from .script import squeezed
from .sections import Entry, Section, attachment_heading

_RANK: dict[Kind, int] = {
    "book": 10,
    "chapter": 20,
    "section": 30,
    "article": 40,
    "cn": 50,
    "cn_paren": 60,
    "digit": 70,
    "digit_paren": 80,
    "digit_half": 90,
    "circled": 100,
}
_ABOVE_ARTICLES: dict[Kind, int] = {"cn": 34, "cn_paren": 36, "digit": 38}
_FIXED: dict[Kind, Level] = {
    "book": "part",
    "chapter": "chapter",
    "section": "section",
    "article": "article",
}
_UNDER_ARTICLE: dict[Kind, Level] = {
    "cn": "item",
    "cn_paren": "item",
    "digit": "subitem",
    "digit_paren": "subitem",
    "digit_half": "subitem",
    "circled": "subitem",
    "decimal": "subitem",
}
_FREE: dict[Kind, Level] = {
    "cn": "heading1",
    "cn_paren": "heading2",
    "digit": "heading3",
    "digit_paren": "heading4",
    "digit_half": "heading4",
    "circled": "heading4",
}
_DEPTHS: tuple[Level, ...] = ("heading1", "heading2", "heading3", "heading4")
_FIGURES = ("digit", "digit_half", "digit_paren", "circled")
_SENTENCE_END = re.compile(r"[。;:,!?]|[,、]$")
# A jump this far between two numbers of one kind is no gap: the line begins with a figure.
_FARTHEST = 4


@dataclass(slots=True)
class _Open:
    rank: int
    position: int
    kind: Kind
    value: int


@dataclass(slots=True)
class Tree:
    """Clauses in reading order, with what was noticed; ``lines``: each clause's source line."""

    clauses: list[Clause] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, level: Level, number: str, text: str, parent: int | None, line: Line) -> int:
        self.clauses.append(Clause(level, number, text, parent, line.rows))
        self.lines.append(line.source)
        return len(self.clauses) - 1

    def extend(self, position: int, text: str) -> None:
        """Gives a clause whose number stood alone on its line the text of the next line."""
        old = self.clauses[position]
        self.clauses[position] = Clause(old.level, old.number, text, old.parent, old.rows)


def add_section(tree: Tree, section: Section, preamble: Sequence[Line] = ()) -> int | None:
    """Adds one text to the tree; the position of its ``part`` clause if it has a title."""
    part = None
    if section.heading is not None or section.title:
        number, text = "", section.title_text
        if section.heading is not None:
            number, own = attachment_heading(section.heading) or (section.heading.text, "")
            text = own or text
        line = section.heading or section.title[0]
        part = tree.add("part", number, text, None, line)
    for line in preamble:
        tree.add("preamble", "", line.text, part, line)
    _Builder(tree, part, section.entries).build()
    return part


class _Builder:
    def __init__(self, tree: Tree, part: int | None, entries: Sequence[Entry]) -> None:
        self.tree = tree
        self.part = part
        self.entries = entries
        self.texts = [entry.line for entry in entries if entry.role == "text"]
        self.open: list[_Open] = []
        self.last: dict[tuple[int | None, Kind, int], tuple[int, int]] = {}
        self.running: dict[tuple[Kind, int], int] = {}
        self.last_article = 0
        self.begun = False
        articles = _article_numbers(self.texts)
        # One number in the middle of a text is a quotation; from the first on, or several, a law.
        self.articles = bool(articles) and (articles[0] <= 3 or len(articles) > 1)
        self.decimals = not self.articles and self._has_decimals()
        self.contents = self._contents()
        self.quoted = _quoted_lines(self.texts)

    def build(self) -> None:
        at = -1
        for entry in self.entries:
            if entry.role == "text":
                at += 1
                self._text(entry.line, at)
            elif entry.role == "addressee":
                self.tree.add("preamble", "", entry.line.text, self.part, entry.line)
            elif entry.role == "attachment":
                self.tree.add("paragraph", "", entry.line.text, self.part, entry.line)
            else:
                self.tree.add("signature", "", entry.line.text, self.part, entry.line)

    # --- one line -----------------------------------------------------------------------------
    def _text(self, line: Line, at: int) -> None:
        if at in self.contents:
            self.tree.add("preamble", "", line.text, self.part, line)
            return
        marker = None if at in self.quoted else self._marker(line, at)
        if marker is None:
            self._plain(line)
            return
        for piece, found in self._pieces(line, marker):
            self._numbered(piece, found, at)

    def _plain(self, line: Line) -> None:
        if not self.begun:
            self.tree.add("preamble", "", line.text, self.part, line)
            return
        if self.open and not line.rows:
            newest = self.open[-1].position
            alone = newest == len(self.tree.clauses) - 1 and not self.tree.clauses[newest].text
            if alone:
                self.tree.extend(newest, line.text)
                return
        self.tree.add("paragraph", "", line.text, self._parent_of_plain(), line)

    def _parent_of_plain(self) -> int | None:
        """Unnumbered text goes on with its article, whatever was listed in it, or its heading."""
        for one in reversed(self.open):
            if one.kind == "article":
                return one.position
        return self.open[-1].position if self.open else self.part

    def _in_article(self) -> bool:
        return any(one.kind == "article" for one in self.open)

    def _marker(self, line: Line, at: int) -> Marker | None:
        marker = line.marker
        if line.rows:
            return None
        if self.decimals:
            decimal = decimal_of(line.key)
            if decimal is None and (marker is None or marker.kind == "digit"):
                top = top_decimal_of(line.key)
                if top is not None and self._fits_top(top, at):
                    decimal = top
            if decimal is not None:
                return decimal
        if marker is None:
            return None
        if marker.kind == "article":
            if not self.articles or not self._article_fits(marker):
                return None
        elif marker.kind in _FIGURES and not self._figure_fits(marker):
            return None
        return marker

    def _fits_top(self, top: Marker, at: int) -> bool:
        last = self.last.get((self.part, "decimal", 1), (0, 0))[0]
        if not last < top.value <= last + 2:
            return False
        # 2 is a main part if 2.1 or text follows; a line of a table is not.
        following = self.texts[at + 1] if at + 1 < len(self.texts) else None
        return following is not None

    def _article_fits(self, marker: Marker) -> bool:
        if marker.value == self.last_article:
            return marker.sub > 0
        # Going back only happens where numbering starts anew.
        return marker.value > self.last_article or marker.value == 1

    def _figure_fits(self, marker: Marker) -> bool:
        if marker.value <= 1:
            return True
        for one in reversed(self.open):
            if one.kind == marker.kind:
                return one.value < marker.value <= one.value + _FARTHEST
        return marker.value <= 3

    def _numbered(self, line: Line, marker: Marker, at: int) -> None:
        tree = self.tree
        rank, level = self._place(line, marker, at)
        while self.open and self.open[-1].rank >= rank:
            self.open.pop()
        if marker.kind == "article":
            # Articles are counted through; whatever stands between them closes.
            while self.open and self.open[-1].rank >= _RANK["article"]:
                self.open.pop()
        parent = self.open[-1].position if self.open else self.part
        number = line.text[: marker.end].strip()
        text = line.text[marker.end :].strip()
        position = tree.add(level, number, text, parent, line)
        self._check(marker, parent, position, number)
        self.open.append(_Open(rank, position, marker.kind, marker.value))
        self.begun = True

    def _place(self, line: Line, marker: Marker, at: int) -> tuple[int, Level]:
        kind = marker.kind
        if kind in _FIXED:
            return _RANK[kind], _FIXED[kind]
        if kind == "decimal":
            depth = min(marker.depth, len(_DEPTHS))
            if self._in_article():
                return 70 + marker.depth, "subitem"
            return 50 + marker.depth, _DEPTHS[depth - 1]
        if self.articles and kind in _ABOVE_ARTICLES and self._heads_articles(line, marker, at):
            return _ABOVE_ARTICLES[kind], _FREE[kind]
        if self.articles and self._in_article():
            return _RANK[kind], _UNDER_ARTICLE[kind]
        return _RANK[kind], _FREE[kind]

    def _heads_articles(self, line: Line, marker: Marker, at: int) -> bool:
        """Whether a short numbered line is a heading above articles: 一、受案范围, then 第一条."""
        rest = line.key[marker.end :].strip()
        if len(rest) > 40 or _SENTENCE_END.search(rest):
            return False
        for following in self.texts[at + 1 : at + 4]:
            found = following.marker
            if found is None:
                return False
            if found.kind == "article":
                return True
            if found.kind not in _ABOVE_ARTICLES:
                return False
        return False

    # --- several clauses on one line ----------------------------------------------------------
    def _pieces(self, line: Line, marker: Marker) -> list[tuple[Line, Marker]]:
        """A line whose breaks were lost holds several articles; otherwise the line alone."""
        if marker.kind not in ("article", "chapter", "section", "book") or not self.articles:
            return [(line, marker)]
        article = marker.value if marker.kind == "article" else self.last_article
        cuts = [(0, marker), *_inner_markers(line.key, marker, article)]
        ends = [*(at for at, _found in cuts[1:]), len(line.text)]
        if len(cuts) == 1:
            return [(line, marker)]
        return [
            (line.with_text(line.text[start:end]), found)
            for (start, found), end in zip(cuts, ends, strict=True)
        ]

    # --- numbers in sequence ------------------------------------------------------------------
    def _check(self, marker: Marker, parent: int | None, position: int, number: str) -> None:
        where = self.part if marker.kind in ("article", "chapter", "book") else parent
        if marker.kind == "chapter" and any(one.kind == "book" for one in self.open):
            where = parent
        depth = marker.depth
        last, sub = self.last.get((where, marker.kind, depth), (0, 0))
        self.last[where, marker.kind, depth] = (marker.value, marker.sub)
        if marker.kind == "article":
            self.last_article = marker.value
        if marker.mangled:
            return
        running = self.running.get((marker.kind, depth), 0)
        self.running[marker.kind, depth] = marker.value
        code = ""
        if marker.sub:
            follows = sub == 0 or (marker.value == last and marker.sub == (sub or 1) + 1)
            code = "" if follows else codes.CLAUSE_NUMBER_MISSING
        elif marker.value in (last + 1, running + 1) and marker.value != 1:
            # Numbers may be counted through the whole document: 一、（一）（二）二、（三）.
            code = ""
        elif marker.value == last or (marker.value == 1 and last):
            code = codes.CLAUSE_NUMBER_REPEATED
        elif marker.value < last:
            code = codes.CLAUSE_NUMBER_OUT_OF_ORDER
        elif marker.value > last + 1:
            code = codes.CLAUSE_NUMBER_MISSING
        if code:
            self.tree.findings.append(Finding(code, number, position))

    # --- tables of contents, decimal numbers --------------------------------------------------
    def _has_decimals(self) -> bool:
        found = [
            marker for line in self.texts if not line.rows and (marker := decimal_of(line.key))
        ]
        values = [marker.value for marker in found]
        return 1 in values and 2 in values

    def _contents(self) -> frozenset[int]:
        """The lines of a table of contents: short ones, the first of which comes again below."""
        first = next(
            (
                at
                for at, line in enumerate(self.texts[:40])
                if (line.marker and line.marker.value == 1)
                or (self.decimals and top_decimal_of(_entry_of(line)) is not None)
            ),
            None,
        )
        if first is None:
            return frozenset()
        wanted = squeezed(_entry_of(self.texts[first]))
        if len(wanted) > 60:
            return frozenset()
        for at in range(first + 1, len(self.texts)):
            line = self.texts[at]
            if squeezed(_entry_of(line)) == wanted:
                begin = first
                while begin and re.fullmatch(r"目[录次]", self.texts[begin - 1].bare):
                    begin -= 1
                return frozenset(range(begin, at))
            if len(line.bare) > 80 or "。" in line.bare or line.rows:
                break
        return frozenset()


def _article_numbers(lines: Sequence[Line]) -> list[int]:
    """The articles that lines begin with, also right behind the name of a chapter."""
    result = []
    for line in lines:
        marker = line.marker
        if marker is None or marker.kind not in ("article", "chapter", "section", "book"):
            continue
        if marker.kind == "article":
            result.append(marker.value)
        else:
            inner = _inner_markers(line.key, marker, 0) if len(line.key) > 24 else []
            result += [found.value for _at, found in inner if found.kind == "article"]
    return result


_DOTS = re.compile(r"[.…·]{3,}\s*\d{0,4}\s*$|\s+\d{1,3}\s*$")


def _entry_of(line: Line) -> str:
    """A line of a table of contents without its dots and page number."""
    return _DOTS.sub("", line.key) if len(line.key) < 160 else line.key


_INNER = re.compile(r"第\s*(?:[一二三四五六七八九十百千零〇\d]+)\s*[编章节条]")


def _inner_markers(key: str, first: Marker, article: int) -> list[tuple[int, Marker]]:
    """Where further articles and chapters begin on a line: each must be the next in number."""
    result: list[tuple[int, Marker]] = []
    previous, end = first, first.end
    for found in _INNER.finditer(key, first.end):
        start = found.start()
        before = key[max(0, start - 4) : start].rstrip()[-1:]
        marker = marker_of(key[start : start + 70])
        if marker is None or marker.sub:
            continue
        if marker.kind == "article":
            heading = previous.kind != "article" and 0 < start - end <= 30
            if marker.value != article + 1 or not (heading or before in _STOPS):
                continue
            article = marker.value
        elif before not in _STOPS or _heading_length(key, start + marker.end) > 20:
            continue
        result.append((start, marker))
        previous, end = marker, start + marker.end
    return result


_STOPS = tuple("。;”)")


def _heading_length(key: str, start: int) -> int:
    """How long a heading is that begins at ``start`` and ends where the next number begins."""
    following = _INNER.search(key, start, start + 60)
    return (following.start() if following else min(len(key), start + 60)) - start


def _quoted_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Lines inside a quotation that runs over several lines, as decisions on amendments have them.

    A quotation that is never closed does not count: its mark is damage.
    """
    result: set[int] = set()
    at = 0
    while at < len(lines):
        key = lines[at].key
        opened = key.rfind("“")
        open_here = opened != -1 and "”" not in key[opened:]
        starts = open_here and (not key[:opened].strip() or key[:opened].rstrip()[-1:] in ":为")
        if not starts:
            at += 1
            continue
        if not key[:opened].strip():
            result.add(at)
        closed = next(
            (
                end
                for end in range(at + 1, min(at + 80, len(lines)))
                if lines[end].key.count("”") > lines[end].key.count("“")
            ),
            None,
        )
        if closed is None:
            result.discard(at)
            at += 1
            continue
        result.update(range(at + 1, closed + 1))
        at = closed + 1
    return frozenset(result)
