"""What goes into the guard and what comes out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .wording import sentence


@dataclass(frozen=True, slots=True)
class LetterText:
    """The letter that is answered. ``text`` is Chinese (the translation of a foreign letter), ""
    where there is none yet: then nothing is said about whose answer it is."""

    number: str
    text: str
    sender_name: str = ""
    sender_data: tuple[str, ...] = ()  # telephone, e-mail, address of who wrote


@dataclass(frozen=True, slots=True)
class OtherText:
    """Another letter of the same desk, and its reply where it has one."""

    number: str
    text: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """``span`` is the place in the reply, None where it is about the whole. ``detail`` is what the
    sentence names: the number of another letter, the words."""

    code: str
    blocking: bool
    span: tuple[int, int] | None = None
    detail: str = ""

    @property
    def message(self) -> str:
        """A sentence in the language of the time."""
        return sentence(self.code, self.detail)


def to_stored(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """As JSON for ``Reply.guard``; without sentences, which have a language."""
    return [
        {
            "code": finding.code,
            "blocking": finding.blocking,
            "span": list(finding.span) if finding.span else None,
            "detail": finding.detail,
        }
        for finding in found
    ]


def from_stored(rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    return [
        Finding(
            str(row.get("code", "")),
            bool(row.get("blocking")),
            (int(row["span"][0]), int(row["span"][1])) if row.get("span") else None,
            str(row.get("detail", "")),
        )
        for row in rows
    ]
