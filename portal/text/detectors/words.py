"""Words of the lists, and brands of betting that are made anew every day.

Word alone proves little: the police report on betting sites, the lottery's office has a draw. What
a sentence only tells of is a note; what a chain of brands offers is not.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from .contexts import Surroundings
from .findings import Finding, Grade, Kind
from .folding import Folded
from .lists import WordLists

_BET = re.compile(
    r"(?:(?<![a-z0-9])\d{2,5} ?bet(?![a-z])|(?<![a-z])bet ?\d{2,5}(?!\d))"
    r"(?:体育)?(?:在线|投注|官网|娱乐|彩票|亚洲|app)*"
    r"|(?<!\d)\d{2,5}(?:体育(?:在线|投注|官网|平台|app|娱乐|直播)|彩票(?:网(?!点)|平台|官网|app)"
    r"|娱乐(?:城|场(?!所)|平台|官网)|棋牌|真人)"
)
# With one of these a brand is no street, park or region any more.
_SUFFIX = re.compile(
    r"(?:国际)?(?:娱乐(?:城|场(?!所)|官网|平台|网|app)?(?!部|中心|活动|设施|项目|圈|节|室|广场)"
    r"|体育(?:官网|投注|app|平台|娱乐|在线|博彩)|棋牌(?!室|协会|活动|比赛|赛)|赌场|赌城|博彩|真人(?!秀|图书)"
    r"|彩票(?:平台|网(?!点)|官网|app)|亚洲(?!博览|论坛|冬|运))"
)
# Without a suffix, or with a mild one, these are ordinary words.
_MILD = re.compile(r"娱乐")
_SITE_WORD = re.compile(
    r"官网|官方|首页|手机版|app|下载|注册|登录|入口|网址|充值|提现|提款|开户|首存|客服|加微信|在线|免费|高清|直播|上下分|"
    r"返利|盘口|大额|送\d|就送|排行|豪礼|qq|点击"
)
_CHAIN = frozenset("_-|丨")
_NEEDS_TWO = frozenset({Kind.ADVERTISING})
# Told of in news: there the word is a note. Wrong words and marks are what they are.
_TOLD = frozenset({Kind.BETTING, Kind.PORNOGRAPHY, Kind.LOAN, Kind.FORGED, Kind.ADVERTISING})


def find_words(folded: Folded, lists: WordLists) -> Iterator[Finding]:
    around = Surroundings(folded.lower, lists.telling)
    found = [*_brands(folded, lists, around), *_listed(folded, lists, around)]
    yield from _weighed(found, around)


class _Hit:
    __slots__ = ("end", "kind", "row_replacement", "start", "text", "weak", "whole")

    def __init__(
        self, kind: Kind, start: int, end: int, text: str, *, weak: bool, whole: bool,
        replacement: str = "",
    ) -> None:  # fmt: skip
        self.kind, self.start, self.end, self.text = kind, start, end, text
        self.weak, self.whole, self.row_replacement = weak, whole, replacement


def _brands(folded: Folded, lists: WordLists, around: Surroundings) -> Iterator[_Hit]:
    text = folded.lower
    for match in _BET.finditer(text):
        yield _Hit(Kind.BETTING, match.start(), match.end(), match[0], weak=False, whole=True)
    if lists.brands is None:
        return
    for match in lists.brands.finditer(text):
        start, end = match.span()
        if match[0].isascii() and start and text[start - 1].isascii() and text[start - 1].isalnum():
            continue
        suffix = _SUFFIX.match(text, end)
        if suffix is None:
            continue
        weak = _MILD.fullmatch(suffix[0]) is not None
        yield _Hit(
            Kind.BETTING, start, suffix.end(), text[start : suffix.end()], weak=weak, whole=not weak
        )


def _listed(folded: Folded, lists: WordLists, around: Surroundings) -> Iterator[_Hit]:
    text = folded.lower
    if lists.words is None:
        return
    for match in lists.words.finditer(text):
        row = lists.row(match[0])
        start, end = match.span()
        if row.word == row.replacement or _stands_in(text, start, end, row.unless):
            continue
        yield _Hit(
            Kind(row.list), start, end, match[0], weak=row.weak, whole=False,
            replacement=row.replacement,
        )  # fmt: skip


def _stands_in(text: str, start: int, end: int, phrases: tuple[str, ...]) -> bool:
    word = text[start:end]
    for phrase in phrases:
        shift = phrase.find(word)
        if shift >= 0 and text.startswith(phrase, start - shift) and start >= shift:
            return True
    return False


def _weighed(hits: list[_Hit], around: Surroundings) -> Iterator[Finding]:
    text = around.text
    company: dict[tuple[Kind, int], set[str]] = defaultdict(set)
    traditional = Counter(hit.kind for hit in hits)[Kind.CONVERTED_SCRIPT] >= 2
    for hit in hits:
        company[hit.kind, around.line(hit.start, hit.end)].add(hit.text)
    for hit in hits:
        at_most: Grade | None = None
        line = company[hit.kind, around.line(hit.start, hit.end)]
        if hit.kind in _TOLD:
            first, last = around.sentence(hit.start, hit.end)
            chained = _is_chained(text, hit.start, hit.end)
            if around.only_tells(hit.start, hit.end) and not (chained and len(line) > 1):
                at_most = Grade.WARNING if hit.whole else Grade.NOTE
            elif (hit.weak and not _has_company(hit, line, text, first, last)) or (
                hit.kind in _NEEDS_TWO and len(line) < 2
            ):
                at_most = Grade.NOTE
        elif (hit.kind is Kind.CONVERTED_SCRIPT and not traditional) or (
            hit.weak and len(line) < 2
        ):
            at_most = Grade.NOTE
        yield Finding(
            hit.kind, hit.start, hit.end, hit.text, "word", hit.row_replacement, at_most=at_most
        )


def _has_company(hit: _Hit, line: set[str], text: str, first: int, last: int) -> bool:
    if any(other not in hit.text and hit.text not in other for other in line):
        return True
    return _SITE_WORD.search(text[first : hit.start] + " " + text[hit.end : last]) is not None


def _is_chained(text: str, start: int, end: int) -> bool:
    return (start > 0 and text[start - 1] in _CHAIN) or text[end : end + 1] in _CHAIN
