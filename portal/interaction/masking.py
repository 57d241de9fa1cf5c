"""Letters as the public may read them: what is a person's is replaced by ``***``.

Errs on the side of the writer. Staff look over the result before it is published and may put back
what is an office's own.
"""

import re
from collections.abc import Iterable

from portal.text import personal_data
from portal.text.detectors import Kind, scan_text
from portal.text.personal_data import MASK, STOPPING

_FOUND_BY_DETECTORS = frozenset({
    Kind.IDENTITY, Kind.BANK_CARD, Kind.MOBILE, Kind.EMAIL, Kind.ADDRESS, Kind.PASSPORT, Kind.PLATE,
})  # fmt: skip
_ADDRESS_CUE = re.compile(
    r"(?:家住|现住|住址[是为:：]?|住在|家庭地址[是为:：]?|户籍地[是为:：]?)\s?(?P<value>[^\s，。；,;!！?？]{4,60})"
)
# Of the form 某某路12号3栋2单元501室, wherever it stands.
_HOUSE = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:小区|花园|苑|公寓|家园|新村|村|里|弄|路|街|巷)"
    r"\d{1,5}(?:号|弄|幢|栋|号楼|组)[\d\u4e00-\u9fff\-]{0,16}(?:室|户|单元|层|楼)"
)
_NUMBER_OF_PERSON = re.compile(
    r"(?<![0-9A-Za-z])(?:工号|学号|病历号|住院号|社保卡?号)\s?[:：]?\s?(?P<value>\w{5,24})"
)
_HANDLES = re.compile(
    r"(?:微信号?|QQ号?|抖音号?|wechat|whatsapp)\s?(?:号|是|为|:|：)?\s?(?P<value>[\w.+-]{5,24})",
    re.IGNORECASE,
)
_SHORTEST_NAME = 2
_SHORTEST_DATUM = 5
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = r"[^\W\u3400-\u9fff]"  # of a script that writes spaces between words


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text with every personal datum that is recognised replaced by ``***``.

    Args:
        text: as it was written.
        names: of the writer and whoever else is known: they are hidden wherever they stand.
    """
    return _hidden(text, _spans(text, names))


def masked_reply(text: str, names: Iterable[str] = (), data: Iterable[str] = ()) -> str:
    """An office's words as the public reads them: as ``masked``, but landlines stay, which are
    where one can ask, unless they are the writer's own.

    Args:
        names, data: of the writer, as for ``without_writer``.
    """
    own = _data_spans(text, data)
    landlines = {
        (item.start, item.end)
        for item in personal_data.find(text)
        if item.kind is personal_data.Kind.LANDLINE
    }
    kept = [span for span in _found(text, names) if span not in landlines]
    return _hidden(text, _joined(kept + own))


def without_writer(text: str, names: Iterable[str], data: Iterable[str] = ()) -> str:
    """An office's own text without what tells who wrote the letter: the rest of it, telephones of
    the office included, stays.

    Args:
        names: of the writer.
        data: what else is known of the writer: telephone, e-mail, place.
    """
    return _hidden(text, _joined(_known_spans(text, names) + _data_spans(text, data)))


def personal_values(text: str) -> list[str]:
    """The personal data that are recognised in a text, as they stand there."""
    return [text[start:end] for start, end in _spans(text, ())]


def _hidden(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, last = [], 0
    for start, end in spans:
        parts += [text[last:start], MASK]
        last = end
    parts.append(text[last:])
    return "".join(parts)


def holds_stopping(text: str) -> bool:
    """Whether a whole identity or bank card number is in it, which nobody needs for an answer."""
    return any(found.kind in STOPPING for found in personal_data.find(text))


def holds_personal(text: str) -> bool:
    """Whether anything of it would be masked."""
    return bool(_spans(text, ()))


def _spans(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Places to be hidden, in order, joined where they touch."""
    return _joined(_found(text, names))


def _found(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    found = [(item.start, item.end) for item in personal_data.find(text)]
    found += [
        (item.start, item.end)
        for item in scan_text(text)
        if item.kind in _FOUND_BY_DETECTORS and item.end > item.start
    ]
    for pattern in (_ADDRESS_CUE, _NUMBER_OF_PERSON, _HANDLES):
        found += [match.span("value") for match in pattern.finditer(text)]
    found += [match.span() for match in _HOUSE.finditer(text)]
    return found + _known_spans(text, names)


def _data_spans(text: str, data: Iterable[str]) -> list[tuple[int, int]]:
    """Where a datum stands; a telephone with or without the signs between its digits."""
    found = []
    for datum in {datum.strip() for datum in data if len(datum.strip()) >= _SHORTEST_DATUM}:
        pattern = re.escape(datum)
        digits = re.sub(r"\D", "", datum)
        if len(digits) >= _SHORTEST_DATUM and not re.search(r"[^\d\s()+-]", datum):
            pattern = r"[\s()-]*".join(digits)
        found += [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
    return found


def _known_spans(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for name in {name.strip() for name in names if name}:
        # "Mr Smith" for John Smith: the parts of a name, too.
        for part in {name, *name.split()}:
            if len(part) < _SHORTEST_NAME:
                continue
            pattern = re.escape(part)
            if not _HAN.search(part):  # whole words: "An" is no part of "answer"
                pattern = rf"(?<!{_LETTER}){pattern}(?!{_LETTER})"
            found += [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
    return found


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found.sort()
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
