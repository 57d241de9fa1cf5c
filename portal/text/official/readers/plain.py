"""Plain text: which encoding its bytes are in, and its lines.

Chinese text without a mark is UTF-8, UTF-16, GB18030 or Big5. Nearly any bytes pass for the last
two, so what decides is how many of the characters are ones that official texts are full of.
"""

import codecs
import re
from dataclasses import dataclass

from portal.text.official.model import Finding, SourceLine

from .lines import cleaned, split, table
from .refusals import DocumentFileError

# Among the most frequent characters of official texts, in both scripts.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后"
    "多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合"
    "还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只"
    "没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边"
    "流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处府市省县规范办务通知"
    "這為個國時來們會發動說產種後對經過進著電裡現實體機當點從業應開還間關與線內數題黨員條結解問無長總統級圖論運農"
    "區強決處縣規範辦務號於，。、；：（）《》“”〔〕"
)  # fmt: skip
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SURE = 0.12
_SAMPLE = 200_000
# More characters lost than one in fifty: the encoding is another one.
_MOST_LOST = 0.02


@dataclass(frozen=True, slots=True)
class Decoded:
    """``sure`` is false where another encoding gives a text as likely."""

    text: str
    encoding: str
    sure: bool = True
    lost: int = 0


def decode(data: bytes, declared: str = "") -> Decoded:
    """Bytes as text. ``declared``: an encoding that the file itself names, tried after UTF-8.

    Raises:
        DocumentFileError: no encoding makes sense of them.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _forgiving(data[len(mark) :] if encoding == "utf-8" else data, encoding)
    cut_off = False
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_off = error.start > len(data) - 4 and error.start > 0
    else:
        if "\0" not in text:
            return Decoded(text, "utf-8")
    found = _wide(data)
    if found:
        return found
    if len(_BINARY.findall(data[:_SAMPLE])) > len(data[:_SAMPLE]) // 200:
        raise DocumentFileError("not_text")
    if cut_off and not data[:-4].isascii():
        return _forgiving(data, "utf-8")  # it ends within a character
    named = _named(data, declared)
    return named or _guessed(data)


def _named(data: bytes, declared: str) -> Decoded | None:
    """What the file says of itself, if it is true."""
    name = declared.strip().lower()
    name = "gb18030" if name in {"gb2312", "gbk", "gb_2312-80"} else name
    name = "cp950" if name == "big5" else name
    try:
        text = data.decode(name) if name else ""
    except (UnicodeDecodeError, LookupError):
        return None
    return Decoded(text, name) if text else None


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: every text has line feeds, digits or spaces, each with a zero byte."""
    if b"\0" not in data[:_SAMPLE]:
        return None
    even = data[: len(data) & ~1]
    score, encoding, text = max(
        (_share_of_text(text := even.decode(encoding, "replace")), encoding, text)
        for encoding in ("utf-16-le", "utf-16-be")
    )
    return Decoded(text, encoding, lost=text.count("\ufffd")) if score >= _SURE else None


def _share_of_text(text: str) -> float:
    """The share of characters that are frequent in Chinese, or printed ASCII."""
    sample = text[:_SAMPLE]
    found = sum(c in _FREQUENT or "\x1f" < c < "\x7f" or c in "\r\n\t" for c in sample)
    return found / max(len(sample), 1)


def _guessed(data: bytes) -> Decoded:
    candidates = []
    for encoding in ("gb18030", "cp950", "big5hkscs", "utf-8"):
        found = _forgiving(data, encoding)
        if found.lost <= max(1, len(found.text) * _MOST_LOST):
            # A strict reading goes before one with gaps.
            candidates.append((_likeness(found.text) * (0.8 if found.lost else 1), found))
    if not candidates:
        raise DocumentFileError("unknown_encoding")
    candidates.sort(key=lambda pair: -pair[0])
    score, best = candidates[0]
    others = [s for s, found in candidates[1:] if found.text != best.text]
    sure = score >= _SURE and all(score > 2 * other for other in others)
    return Decoded(best.text, best.encoding, sure, best.lost)


def _forgiving(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    return Decoded(text, encoding, lost=text.count("\ufffd"))


def _likeness(text: str) -> float:
    """The share of frequent characters among those that are not ASCII."""
    foreign = [character for character in text[:_SAMPLE] if character > "\x7f"]
    if not foreign:
        return 0.0
    return sum(character in _FREQUENT for character in foreign) / len(foreign)


def findings_of(decoded: Decoded) -> list[Finding]:
    findings = []
    if not decoded.sure:
        findings.append(Finding("encoding_guessed", decoded.encoding))
    if decoded.lost:
        at = decoded.text.index("\ufffd")
        findings.append(Finding("undecodable_characters", _around(decoded.text, at)))
    private = re.search("[\ue000-\uf8ff]", decoded.text)
    if private:
        findings.append(Finding("private_characters", _around(decoded.text, private.start())))
    return findings


def _around(text: str, at: int) -> str:
    return " ".join(cleaned(text[max(0, at - 15) : at + 15]).split())


# --- lines ----------------------------------------------------------------------------------------
_NUMBERED = re.compile(r"第.{1,9}[编章节条]\Z|[（(]?[一二三四五六七八九十百\d]{1,4}[）)、．.]?\Z")


def lines_of(text: str) -> list[SourceLine]:
    """The lines of a text. Neighbours that tabs divide into the same columns are a table."""
    result: list[SourceLine] = []
    rows: list[list[str]] = []

    def finish() -> None:
        found = table(rows) if _is_table(rows) else None
        result.extend([found] if found else [SourceLine("\t".join(row)) for row in rows])
        rows.clear()

    for line in split(text):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) == 1 or (rows and len(rows[0]) != len(cells)):
            finish()
        if len(cells) == 1:
            result.append(SourceLine(line))
        else:
            rows.append(cells)
    finish()
    return result


def _is_table(rows: list[list[str]]) -> bool:
    if len(rows) < 2:
        return False
    # A number, a tab and a sentence is how some write their clauses.
    return len(rows[0]) > 2 or not any(_NUMBERED.match(row[0]) for row in rows)
