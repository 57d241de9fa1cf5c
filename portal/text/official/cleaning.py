"""What is not the document: the page around it, remains of markup, spam, readings in brackets.

Nothing is thrown away: what leaves the text is listed as ``Removed`` in its own characters, so that
text and list together are the source. Whatever is doubtful stays, with a finding.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import findings as codes
from .furniture import Hints, page_around
from .lines import Line, lines_of
from .model import Finding, Removed, Source
from .readings import without_readings

_EXCERPT = 60


@dataclass(slots=True)
class Cleaned:
    """``hints``: what the page says about the document (number, dates, bodies)."""

    lines: list[Line]
    removed: list[Removed] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    published_on: datetime.date | None = None
    hints: Hints = field(default_factory=Hints)


def clean(source: Source) -> Cleaned:
    """The lines of the document alone, and what was taken away around and inside them."""
    cleaned = Cleaned(lines_of(source))
    _take_out_markup(cleaned)
    _take_out_readings(cleaned)
    _take_out_lines(cleaned, _page_numbers(cleaned.lines), "page_number")
    spam = _spam(cleaned.lines)
    cleaned.findings += [
        Finding(
            codes.SPAM_REMOVED, cleaned.lines[at].text[:_EXCERPT], line=cleaned.lines[at].source
        )
        for at in sorted(spam)
    ]
    _take_out_lines(cleaned, spam, "spam")
    around = page_around(cleaned.lines)
    cleaned.published_on = around.published_on
    cleaned.hints = around.hints
    if around.positions:
        first = cleaned.lines[min(around.positions)]
        cleaned.findings.append(
            Finding(codes.NAVIGATION_REMOVED, first.text[:_EXCERPT], line=first.source)
        )
    _take_out_lines(cleaned, around.positions, "navigation")
    cleaned.removed.sort(key=lambda removed: removed.line if removed.line is not None else -1)
    return cleaned


def _take_out_lines(cleaned: Cleaned, positions: set[int], reason: str) -> None:
    kept = []
    for at, line in enumerate(cleaned.lines):
        if at in positions:
            cleaned.removed.append(Removed(line.text, reason, line.source))  # type: ignore[arg-type]
        else:
            kept.append(line)
    cleaned.lines = kept


# --- markup -----------------------------------------------------------------------------------
_TAG = (
    r"</?(?:p|br|span|div|strong|b|i|u|em|td|tr|th|table|tbody|font|a|img|o:p|h[1-6]|li|ul|ol|style"
    r"|script|center|st1:\w+)(?:\s[^<>]{0,300})?/?>"
)
_MARKUP = re.compile(
    rf"{_TAG}|&(?:nbsp|ensp|emsp|thinsp);?|['\"]\s?/?>\s*$|^\s*['\"]\s?/?>", re.IGNORECASE
)
_LIKE_MARKUP = re.compile(r"&(?:[a-z]{2,8}|#\d{2,5});|<[a-z/!][^<>]{0,80}>", re.IGNORECASE)


def _take_out_markup(cleaned: Cleaned) -> None:
    for at, line in enumerate(cleaned.lines):
        if not any(sign in line.text for sign in "<>&"):
            continue
        pieces = [found.group() for found in _MARKUP.finditer(line.text)]
        if pieces:
            text = _MARKUP.sub("", line.text)
            cleaned.lines[at] = line.with_text(text.strip())
            cleaned.removed += [Removed(piece, "markup", line.source) for piece in pieces]
            cleaned.findings.append(
                Finding(codes.MARKUP_REMOVED, " ".join(pieces)[:_EXCERPT], line=line.source)
            )
        found = _LIKE_MARKUP.search(cleaned.lines[at].text)
        if found:
            cleaned.findings.append(
                Finding(codes.MARKUP_SUSPECTED, found.group(), line=line.source)
            )
    cleaned.lines = [line for line in cleaned.lines if line.text]


# --- readings in brackets ---------------------------------------------------------------------
def _take_out_readings(cleaned: Cleaned) -> None:
    result = without_readings([line.text for line in cleaned.lines])
    for at, (text, taken) in enumerate(zip(result.texts, result.taken, strict=True)):
        if taken:
            line = cleaned.lines[at]
            cleaned.lines[at] = line.with_text(text)
            cleaned.removed += [Removed(piece, "pinyin", line.source) for piece in taken]
    first = next((at for at, taken in enumerate(result.taken) if taken), None)
    if first is not None:
        excerpt = "".join(result.taken[first])[:_EXCERPT]
        cleaned.findings.append(
            Finding(codes.PINYIN_REMOVED, excerpt, line=cleaned.lines[first].source)
        )
    cleaned.findings += [
        Finding(codes.PINYIN_SUSPECTED, excerpt, line=cleaned.lines[at].source)
        for at, excerpt in result.doubtful
    ]


# --- pages and spam ---------------------------------------------------------------------------
_PAGE_NUMBER = re.compile(r"[-—]{1,2}\d{1,4}[-—]{1,2}|第\d{1,4}页(?:[,/]?共\d{1,4}页)?")
# Names of betting sites are a word and a number stuck together; no office is called so.
_BRAND = re.compile(
    r"(?<![a-z])(?:bet|vip|bwin)\d{2,4}(?!\d)|\d{2,4}(?:bet|vip)(?![a-z])|betvip|\bbwin\b"
    r"|(?:m6|k8|w88|w66|ag|bb|mg|pg)(?:体育|娱乐|真人|电子|平台|官网)",
    re.IGNORECASE,
)
_BETTING = re.compile(
    r"体育在线|在线体育|体育投注|体育官网|亚洲体育|真人娱乐|娱乐城|娱乐平台|博彩|彩票平台|时时彩"
    r"|百家乐|老虎机|赌场|棋牌|投注网|投注平台|足球外围|开户送|官方网址|官网入口|官网登录|在线官网"
    r"|app下载|下注|赌球|六合彩|电子游艺|澳门新葡京|葡京|威尼斯人"
)
_FILTHY = re.compile(
    r"无码|成人(?:片|视频|电影|在线)|一区二区|精品在线|国产精品|激情综合|色情|av在线", re.IGNORECASE
)
_CHAINED = re.compile(r"[_|]|\S-\S")
# Without Latin letters or a chain there is no spam: most lines need no closer look.
_TELLING = re.compile(r"[A-Za-z_|]|\S-\S")
_LONGEST_SPAM = 160


def _page_numbers(lines: Sequence[Line]) -> set[int]:
    return {
        at
        for at, line in enumerate(lines)
        if len(line.text) < 24 and not line.rows and _PAGE_NUMBER.fullmatch(line.bare)
    }


def _spam(lines: Sequence[Line]) -> set[int]:
    """Paragraphs of nothing but advertising words: a chain of them, or a site's name and them.

    A sentence, a numbered clause and a table are never taken for it: the sports bureau and the
    lottery administration issue documents too.
    """
    return {at for at, line in enumerate(lines) if _is_spam(line)}


def _is_spam(line: Line) -> bool:
    text = line.key
    if not _TELLING.search(text):
        return False
    if line.rows or len(text) > _LONGEST_SPAM or "。" in text or "《" in text or line.marker:
        return False
    brands = len(_BRAND.findall(text))
    betting = len(_BETTING.findall(text))
    filthy = len(_FILTHY.findall(text))
    chained = bool(_CHAINED.search(text))
    return (
        (brands > 0 and (betting > 0 or chained or brands > 1))
        or (chained and betting + filthy > 1)
        or filthy > 2
    )


def suspected_spam(key: str) -> str:
    """Advertising words in the middle of a paragraph; "" if there are none."""
    found = _BRAND.search(key)
    if found is None:
        return ""
    near = key[max(0, found.start() - 30) : found.end() + 30]
    return near if _BETTING.search(near) or _CHAINED.search(near) else ""
