"""What was done to a text on its way: characters, numbers and ends that got lost.

Detectors only point; nothing is put right. Each is made to keep quiet on sound text.
"""

import re
from collections.abc import Iterator, Sequence

from . import findings as codes
from .cleaning import suspected_spam
from .model import Clause, Finding
from .script import matchable

_UNIT = r"(?:个工作日|工作日|个月|小时|天|次)"
_LOST = re.compile(
    r"(?<![\d〇零一二三四五六七八九十?○])(?:于|自|从|截至|截止到|到|至|在)\s*年\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})?\s*月"
    r"|第\s*[条章款项号届次期](?=[^\u4e00-\u9fff]|的|规定|第|和|至|通知|公布|发布|令)(?<!次第条)"
    rf"|(?:不超过|超过|不少于|不得少于|不低于|少于|多于|至少|最多|最长|下线|上线|提前|延长|为期|逾期){_UNIT}(?!数|日)"
    r"|(?:不超过|超过|不少于|不低于|低于|高于|达到?|提高|下降|增长|约)\s*(?:%|个百分点|万元|亿元|元)"
    r"|(?<![\d\s〇一二三四五六七八九十百分零几X×x○)）?□_.])%(?![\d])"
    r"|〔\s*〕\s*\d*\s*号|〔\d{4}〕\s*号"
)
_EMPTY = re.compile(r"“\s*”|《\s*》|‘\s*’")
_MOJIBAKE = re.compile(
    r"[\ufffd\ue000-\uf8ff\x80-\x9f]|锟斤拷|烫烫烫|\?。[▍ㄒǘㄈㄋㄎㄆòňㄊ﹩]|[▍┩┲┮┱┰┭┫┯┪]"
    r"|[\u4e00-\u9fff〇][?]{1,3}[\u4e00-\u9fff。、,;](?!$)|[ÃÂÐÑ][\x80-\xbf]"
)
# A question mark between two characters is a question, if the first ends one.
_QUESTION = re.compile(r"[吗呢么何谁哪啊吧否][?]|[?][”》)]")
_ENDS = tuple("。;:!?…”》)]、,〕—.")
_SHORTEST_SENTENCE = 45
_EXCERPT = 16


def damage_in(clauses: Sequence[Clause]) -> list[Finding]:
    """A finding for every place of every clause that looks damaged."""
    found: list[Finding] = []
    for position, clause in enumerate(clauses):
        text = clause.text
        if not text or clause.rows:
            continue
        key = matchable(text)
        found += [
            Finding(codes.LOST_NUMBER, _near(text, match), position)
            for match in _LOST.finditer(key)
        ]
        found += [
            Finding(codes.EMPTY_QUOTES, _near(text, match), position)
            for match in _EMPTY.finditer(key)
        ]
        for match in _MOJIBAKE.finditer(clause.number + key):
            if not _QUESTION.search(match.group()):
                found.append(Finding(codes.MOJIBAKE, _near(clause.number + text, match), position))
                break
        spam = suspected_spam(key)
        if spam:
            found.append(Finding(codes.SPAM_SUSPECTED, spam, position))
        found += _unbalanced_in(clauses, position, key)
        following = clauses[position + 1] if position + 1 < len(clauses) else None
        if _breaks_off(clause, key, following):
            found.append(Finding(codes.TEXT_BREAKS_OFF, text[-_EXCERPT:], position))
    return found


def _near(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _EXCERPT) : match.end() + _EXCERPT]


def _breaks_off(clause: Clause, key: str, following: Clause | None) -> bool:
    """Whether a paragraph stops in mid-sentence: long, with commas, and no sign at its end."""
    if clause.level in ("signature", "part", "chapter", "section") or key.endswith(_ENDS):
        return False
    if key.count("《") > key.count("》") and len(key) > 20:
        return True
    if len(key) < _SHORTEST_SENTENCE or not any(sign in key for sign in ",。;"):
        return False
    return following is None or bool(following.number) or following.level in ("signature", "part")


_LONGEST_QUOTATION = 40


def _unbalanced_in(clauses: Sequence[Clause], position: int, key: str) -> Iterator[Finding]:
    """Quotation marks and title marks of a paragraph that do not pair."""
    for opening, closing in ("“”", "《》"):
        if key.count(opening) == key.count(closing):
            continue
        at = _unpaired(key, opening, closing)
        if opening == "“" and _runs_on(clauses, position, key, at):
            continue
        text = clauses[position].text
        excerpt = text[max(0, at - _EXCERPT) : at + _EXCERPT]
        yield Finding(codes.QUOTES_UNBALANCED, excerpt, position)


def _unpaired(key: str, opening: str, closing: str) -> int:
    opened: list[int] = []
    for at, sign in enumerate(key):
        if sign == opening:
            opened.append(at)
        elif sign == closing:
            if not opened:
                return at
            opened.pop()
    return opened[-1] if opened else 0


def _runs_on(clauses: Sequence[Clause], position: int, key: str, at: int) -> bool:
    """Whether a quotation goes on in, or comes from, a neighbouring paragraph."""
    ahead = key[at] == "“"
    step = 1 if ahead else -1
    last = position + step * _LONGEST_QUOTATION
    for other in range(position + step, last, step):
        if not 0 <= other < len(clauses):
            return False
        text = clauses[other].text
        surplus = text.count("”") - text.count("“")
        if surplus:
            return (surplus > 0) == ahead
    return False
