"""One way in: a text or a piece of HTML, and everything that was found in it."""

from dataclasses import dataclass, field, replace

from .damage import find_damage
from .findings import DEFAULT_GRADES, Finding, Grade, Kind, ScanError
from .folding import Folded, fold
from .hidden import Visible, read
from .lists import WordLists, default_lists
from .marks import find_marks
from .names import Register, find_names
from .numbers import find_numbers
from .personal import find_personal
from .words import find_words

# Longer than any text of a page; an attachment is read in pieces.
LONGEST = 2_000_000
MOST_FINDINGS = 500
NO_REGISTER = Register()


@dataclass(frozen=True, slots=True)
class Scanned:
    """``text`` is the visible text that the places of the findings count in."""

    text: str
    findings: list[Finding]


@dataclass(frozen=True)
class Detectors:
    """Lists, register and grades of one platform; made once, used for many texts.

    ``public_numbers``: numbers and addresses of offices that are meant to be public (digits only,
    or an e-mail address in small letters).
    """

    lists: WordLists = field(default_factory=default_lists)
    register: Register = NO_REGISTER
    grades: dict[Kind, Grade] = field(default_factory=lambda: dict(DEFAULT_GRADES))
    public_numbers: frozenset[str] = frozenset()

    def scan_text(self, text: str) -> Scanned:
        """All findings in plain text, in order.

        Raises:
            ScanError: the text is longer than ``LONGEST``.
        """
        if len(text) > LONGEST:
            raise ScanError(len(text))
        folded = fold(text)
        return Scanned(text, self._finished(text, self._found(folded, text), ()))

    def scan_html(self, source: str) -> Scanned:
        """All findings in HTML: in its words, hidden ones too, and in what acts.

        Raises:
            ScanError: it is longer than ``LONGEST``.
        """
        if len(source) > LONGEST:
            raise ScanError(len(source))
        visible: Visible = read(source, self.lists)
        folded = fold(visible.text)
        found = self._found(folded, visible.text)
        for place, words in visible.comments:
            inside = find_words(fold(words), self.lists)
            found += [replace(finding, start=place, end=place) for finding in inside]
        return Scanned(visible.text, self._finished(visible.text, found, visible.findings))

    def _found(self, folded: Folded, text: str) -> list[Finding]:
        found = [
            *find_numbers(folded),
            *find_personal(folded),
            *find_marks(folded),
            *find_names(folded, self.register),
            *find_words(folded, self.lists),
            *find_damage(folded, text),
        ]
        return [_placed(finding, folded, text) for finding in found if not self._is_public(finding)]

    def _is_public(self, finding: Finding) -> bool:
        if finding.kind is Kind.MOBILE:
            digits = "".join(sign for sign in finding.text if sign.isdecimal())
            return digits[-11:] in self.public_numbers
        return finding.kind is Kind.EMAIL and finding.text.lower() in self.public_numbers

    def _finished(
        self, text: str, found: list[Finding], hidden: tuple[Finding, ...]
    ) -> list[Finding]:
        graded = [finding.graded(self.grades) for finding in (*found, *hidden)]
        graded = _merged(graded, text)
        if len(graded) <= MOST_FINDINGS:
            return graded
        # The serious ones stay, whatever a table full of telephones holds.
        kept = sorted(graded, key=lambda finding: _ORDER[finding.grade])[:MOST_FINDINGS]
        return sorted(kept, key=lambda finding: (finding.start, finding.end, finding.kind))


# Of one line of spam an editor wants one mark.
_NEAR = {Kind.BETTING: 4, Kind.PORNOGRAPHY: 4}


def _merged(found: list[Finding], text: str) -> list[Finding]:
    """Of one kind at one place the longest; the words between two near ones belong to them."""
    found.sort(key=lambda finding: (finding.kind, finding.start, -finding.end))
    kept: list[Finding] = []
    for finding in found:
        last = kept[-1] if kept else None
        if last is None or last.kind is not finding.kind or last.start == last.end:
            kept.append(finding)
        elif finding.start < last.end:
            if finding.end > last.end or _ORDER[finding.grade] < _ORDER[last.grade]:
                kept[-1] = _joined(last, finding, text)
        elif (
            finding.start - last.end <= _NEAR.get(finding.kind, -1) and finding.end > finding.start
        ):
            kept[-1] = _joined(last, finding, text)
        else:
            kept.append(finding)
    kept.sort(key=lambda finding: (finding.start, finding.end, finding.kind))
    return kept


def _is_near(last: Finding, finding: Finding) -> bool:
    gap = finding.start - last.end
    return gap <= _NEAR.get(finding.kind, -1) and finding.end > finding.start


def _joined(one: Finding, other: Finding, text: str) -> Finding:
    more = min(one, other, key=lambda finding: _ORDER[finding.grade])
    start, end = one.start, max(one.end, other.end)
    return replace(more, start=start, end=end, text=text[start:end])


_ORDER = {Grade.BLOCKING: 0, Grade.WARNING: 1, Grade.NOTE: 2}


def _placed(finding: Finding, folded: Folded, text: str) -> Finding:
    """A finding in the folded text as one in the text itself."""
    if finding.start == finding.end:
        return finding
    start, end = folded.place(finding.start), folded.place(finding.end - 1) + 1
    return replace(finding, start=start, end=end, text=text[start:end])


def scan_text(text: str, detectors: Detectors | None = None) -> list[Finding]:
    return (detectors or Detectors()).scan_text(text).findings


def scan_html(source: str, detectors: Detectors | None = None) -> list[Finding]:
    return (detectors or Detectors()).scan_html(source).findings
