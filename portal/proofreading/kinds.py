"""The words that people read for kinds, grades and lists."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.text.detectors import Finding, Grade, Kind
from portal.text.detectors.lists import ALLOWED_HOST, BRAND, FORBIDDEN_HOST, TELLING

KIND_LABELS: dict[Kind, Any] = {
    Kind.IDENTITY: _("identity number"),
    Kind.BANK_CARD: _("bank card number"),
    Kind.MOBILE: _("mobile number"),
    Kind.EMAIL: _("private e-mail address"),
    Kind.ADDRESS: _("home address"),
    Kind.PASSPORT: _("passport or permit number"),
    Kind.PLATE: _("number plate"),
    Kind.PERSONAL_LIST: _("list of persons"),
    Kind.SECRET_MARK: _("mark of secrecy or internal paper"),
    Kind.HIDDEN: _("hidden text or link"),
    Kind.SCRIPT: _("script or foreign frame"),
    Kind.LINK: _("link to a forbidden site"),
    Kind.BETTING: _("betting"),
    Kind.PORNOGRAPHY: _("pornography"),
    Kind.LOAN: _("dubious loan"),
    Kind.FORGED: _("forged documents"),
    Kind.ADVERTISING: _("advertising"),
    Kind.UNIT_NAME: _("name of a unit"),
    Kind.LEADER_TITLE: _("leader's title or order"),
    Kind.WRONG_WORD: _("wrong word"),
    Kind.LOST_TEXT: _("damaged text"),
    Kind.CONVERTED_SCRIPT: _("term of elsewhere"),
    Kind.SCRAPE_RESIDUE: _("left over from another site"),
    Kind.INVISIBLE: _("invisible characters"),
    Kind.UNREAD_FILE: _("file that nobody could look through"),
}

# What to do about it, for somebody who is in a hurry.
ADVICE: dict[Kind, Any] = {
    Kind.IDENTITY: _("Leave it out, or keep the first six and last two places: 330106********18."),
    Kind.BANK_CARD: _("Leave it out, or keep the last four places only."),
    Kind.MOBILE: _("Give the office's number, or say why this one is public."),
    Kind.EMAIL: _("Give the office's address, or say why this one is public."),
    Kind.ADDRESS: _("Leave out everything behind the street, or say why it is public."),
    Kind.PASSPORT: _("Leave it out if it belongs to a person."),
    Kind.PLATE: _("Leave it out if it belongs to a person."),
    Kind.PERSONAL_LIST: _("Take out the columns that the public does not need."),
    Kind.SECRET_MARK: _("Papers with such marks are not published. Ask the secrecy reviewer."),
    Kind.HIDDEN: _("Visitors do not see it. Remove it; tell the security staff if not yours."),
    Kind.SCRIPT: _("Remove it; tell the security staff if you did not put it there."),
    Kind.LINK: _("Remove the link."),
    Kind.BETTING: _("Remove it; tell the security staff if you did not write it."),
    Kind.PORNOGRAPHY: _("Remove it; tell the security staff if you did not write it."),
    Kind.LOAN: _("Remove it, or say why it belongs here."),
    Kind.FORGED: _("Remove it, or say why it belongs here."),
    Kind.ADVERTISING: _("A government site carries no advertising. Rephrase it."),
    Kind.UNIT_NAME: _("Compare with the register of units."),
    Kind.LEADER_TITLE: _("Compare with the leaders' pages."),
    Kind.WRONG_WORD: _("Replace it."),
    Kind.LOST_TEXT: _("Something is missing here. Compare with the original."),
    Kind.CONVERTED_SCRIPT: _("Use the term that is official here."),
    Kind.SCRAPE_RESIDUE: _("Remove it: it belongs to the page that the text was copied from."),
    Kind.INVISIBLE: _("Paste the text again without formatting."),
    Kind.UNREAD_FILE: _("Upload it without password as docx, xlsx or pdf, or say what is in it."),
}  # fmt: skip


class Grades(models.TextChoices):
    """As ``Grade``, and ``OFF``: not looked for at all."""

    BLOCKING = Grade.BLOCKING.value, _("never public")
    WARNING = Grade.WARNING.value, _("public with a reason")
    NOTE = Grade.NOTE.value, _("only told")
    OFF = "off", _("not looked for")


class Lists(models.TextChoices):
    WRONG_WORD = Kind.WRONG_WORD.value, _("wrong words")
    SECRET_MARK = Kind.SECRET_MARK.value, _("marks of secrecy and internal papers")
    BETTING = Kind.BETTING.value, _("betting")
    BETTING_BRAND = BRAND, _("brands of betting")
    PORNOGRAPHY = Kind.PORNOGRAPHY.value, _("pornography")
    LOAN = Kind.LOAN.value, _("dubious loans")
    FORGED = Kind.FORGED.value, _("forged documents")
    ADVERTISING = Kind.ADVERTISING.value, _("advertising")
    CONVERTED_SCRIPT = Kind.CONVERTED_SCRIPT.value, _("terms of elsewhere")
    TELLING = TELLING, _("words of reports (what they tell of is only noted)")
    FORBIDDEN_HOST = FORBIDDEN_HOST, _("forbidden sites")
    ALLOWED_HOST = ALLOWED_HOST, _("trusted sites")


# Their words are never repeated in full: neither on screens of others nor in records.
_SHORTENED = frozenset(
    {Kind.IDENTITY, Kind.BANK_CARD, Kind.MOBILE, Kind.EMAIL, Kind.ADDRESS, Kind.PASSPORT}
)


def shown(finding: Finding) -> str:
    """The words of a finding as a message or a record may repeat them."""
    text = " ".join(finding.text.split())
    if finding.kind in _SHORTENED and "…" not in text:  # as it comes from a record
        return f"{text[:3]}…{text[-2:]}" if len(text) > 6 else "…"
    return text if len(text) <= 40 else f"{text[:38]}…"


def label(kind: str) -> str:
    return str(KIND_LABELS[Kind(kind)])


def advice(finding: Finding) -> str:
    if finding.suggestion:
        return _now("Write “%(right)s”.") % {"right": finding.suggestion}
    return str(ADVICE[finding.kind])
