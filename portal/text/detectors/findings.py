"""What a detector says: what it is, how serious, and where it stands."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Grade(StrEnum):
    """``BLOCKING``: never public. ``WARNING``: public with a reason. ``NOTE``: only told."""

    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


class Kind(StrEnum):
    IDENTITY = "identity_number"
    BANK_CARD = "bank_card"
    MOBILE = "mobile"
    EMAIL = "email"
    ADDRESS = "address"
    PASSPORT = "passport"
    PLATE = "plate"
    PERSONAL_LIST = "personal_list"
    SECRET_MARK = "secret_mark"  # noqa: S105 - a mark on paper
    HIDDEN = "hidden"
    SCRIPT = "script"
    LINK = "link"
    BETTING = "betting"
    PORNOGRAPHY = "pornography"
    LOAN = "loan"
    FORGED = "forged_documents"
    ADVERTISING = "advertising"
    UNIT_NAME = "unit_name"
    LEADER_TITLE = "leader_title"
    WRONG_WORD = "wrong_word"
    LOST_TEXT = "lost_text"
    CONVERTED_SCRIPT = "converted_script"
    SCRAPE_RESIDUE = "scrape_residue"
    INVISIBLE = "invisible"
    # No finding in a text: said of an attachment that gives none.
    UNREAD_FILE = "unread_file"


_B, _W, _N = Grade.BLOCKING, Grade.WARNING, Grade.NOTE
DEFAULT_GRADES: dict[Kind, Grade] = {
    Kind.IDENTITY: _B, Kind.BANK_CARD: _B, Kind.MOBILE: _W, Kind.EMAIL: _W, Kind.ADDRESS: _W,
    Kind.PASSPORT: _N, Kind.PLATE: _N, Kind.PERSONAL_LIST: _W, Kind.SECRET_MARK: _B,
    Kind.HIDDEN: _B, Kind.SCRIPT: _B, Kind.LINK: _B, Kind.BETTING: _B, Kind.PORNOGRAPHY: _B,
    Kind.LOAN: _W, Kind.FORGED: _W, Kind.ADVERTISING: _W, Kind.UNIT_NAME: _W,
    Kind.LEADER_TITLE: _W, Kind.WRONG_WORD: _W, Kind.LOST_TEXT: _W, Kind.CONVERTED_SCRIPT: _W,
    Kind.SCRAPE_RESIDUE: _W, Kind.INVISIBLE: _N,
    Kind.UNREAD_FILE: _W,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Words at a place of a visible text.

    ``code`` says more closely why (``style``, ``comment``, ``check_digit`` …), ``suggestion`` what
    to write instead ("" for nothing). Where nothing visible stands, ``start`` is ``end``.
    ``at_most``: alone it means little, or the sentence speaks *about* it.
    """

    kind: Kind
    start: int
    end: int
    text: str
    code: str = ""
    suggestion: str = ""
    grade: Grade = Grade.NOTE
    at_most: Grade | None = None

    def graded(self, grades: dict[Kind, Grade]) -> "Finding":
        grade = grades.get(self.kind, DEFAULT_GRADES[self.kind])
        if self.at_most is not None and _SERIOUS[grade] > _SERIOUS[self.at_most]:
            grade = self.at_most
        return replace(self, grade=grade)


_SERIOUS = {Grade.NOTE: 0, Grade.WARNING: 1, Grade.BLOCKING: 2}


class ScanError(ValueError):
    """A text that cannot be looked through: it is longer than any text of a page."""
