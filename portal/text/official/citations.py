"""Documents that a text names, and what it says about them.

A relation is proposed only where the sentence says it: the verb stands right before or right after
the names, and a name counts only for the verb that it stands next to.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .model import Citation, Clause, Relation, RelationKind
from .numbers import DATE, NUMERAL, cited_numbers
from .script import comparable, matchable, squeezed

_N = f"[{NUMERAL}\\d]{{1,5}}"
_PLACE = (
    rf"第{_N}条(?:之[{NUMERAL}]{{1,2}})?(?:第{_N}款)?(?:第\(?{_N}\)?项)?(?:第{_N}目)?"
    rf"(?:(?:、|和|及|至)第{_N}条(?:第{_N}款)?(?:第\(?{_N}\)?项)?)*"
)
_TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》){2,160})》")
_BRACKET_AFTER = re.compile(r"\s*\(\s*(?P<inner>[^()]{2,120})\)")
_SHORT_NAME = re.compile(r"(?:简称|统称|称)(?:为)?《(?P<name>[^《》]{1,40})》")
_ORDER_IN_BRACKET = re.compile(r"[\u4e00-\u9fff]{0,20}(?:令|公告)(?:\d{4}年)?第?\s*\d{1,5}\s*号")
_NOT_PART_OF_TEXT = re.compile(r"以下|简称|试行|暂行|修订")
_PLACE_AFTER = re.compile(rf"\s*(?:的)?(?P<place>{_PLACE})")


@dataclass(frozen=True, slots=True)
class _Named:
    """A document named at ``start``–``end`` of a text, what follows it in brackets included."""

    title: str
    number: str
    place: str
    start: int
    end: int
    short: str = ""


def citations_of(clauses: Sequence[Clause]) -> tuple[Citation, ...]:
    """Each document that each clause names, once for each place."""
    result: dict[Citation, None] = {}
    aliases = _Aliases()
    for position, clause in enumerate(clauses):
        for named in map(aliases.resolved, _named_in(clause.text)):
            result[Citation(named.title, named.number, position, named.place)] = None
    return tuple(result)


def relations_of(
    clauses: Sequence[Clause], title: str = "", own_titles: Sequence[str] = ()
) -> tuple[Relation, ...]:
    """What title and clauses say about other documents; each kind once for each document.

    ``own_titles``: names of the document itself and of what it encloses. An older document of the
    same name that is repealed is replaced.
    """
    own = {comparable(name).strip("《》") for name in own_titles if name}
    found: dict[tuple[RelationKind, str, str], Relation] = {}
    for relation in (*_in_title(title), *_in_clauses(clauses)):
        kind = relation.kind
        name = comparable(relation.title)
        if name in own and kind not in ("repeals", "replaces", "forwards"):
            continue
        if kind == "repeals" and name in own:
            kind = "replaces"
        if kind == "forwards" and "关于" in name:
            # 某局关于…的意见 is also spoken of as 关于…的意见.
            name = name[name.index("关于") :].replace("的", "")
        key = (kind, name, relation.document_number)
        nameless = (kind, name, "")
        if key in found or (not relation.document_number and _known(found, kind, name)):
            continue
        found.pop(nameless, None)
        found[key] = Relation(
            kind, relation.title, relation.document_number, relation.clause, relation.evidence
        )
    replaced = {comparable(one.title) for one in found.values() if one.kind == "replaces"}
    return tuple(
        one
        for one in found.values()
        if not (
            one.kind == "repeals"
            and comparable(one.title) in replaced
            and comparable(one.title) in own
        )
    )


def _known(found: dict[tuple[RelationKind, str, str], Relation], kind: str, name: str) -> bool:
    return any(one[0] == kind and one[1] == name for one in found)


class _Aliases:
    """Short names that a text gives to documents (以下简称《意见》) stand for them from then on."""

    def __init__(self) -> None:
        self.known: dict[str, _Named] = {}

    def resolved(self, named: _Named) -> _Named:
        if named.short:
            self.known[named.short] = named
        full = self.known.get(matchable(named.title))
        if full is None or full is named:
            return named
        return replace(named, title=full.title, number=named.number or full.number)


def _named_in(text: str) -> list[_Named]:
    if "《" not in text and "号" not in text and "號" not in text:
        return []
    key = matchable(text)
    named: list[_Named] = []
    numbers = list(cited_numbers(key))
    end = 0
    for found in _TITLE.finditer(key):
        # A title in the bracket behind another one is its short name.
        if found.start() < end:
            continue
        start, end = found.span()
        number = short = ""
        after = _BRACKET_AFTER.match(key, end)
        if after:
            inside = next(
                (one for one in numbers if after.start() <= one.start < after.end()), None
            )
            order = _ORDER_IN_BRACKET.search(after["inner"])
            named_short = _SHORT_NAME.search(after["inner"])
            short = named_short["name"] if named_short else ""
            if inside:
                number = inside.normalised
            elif order:
                number = squeezed(order.group())
            if number or _NOT_PART_OF_TEXT.search(after["inner"]):
                end = after.end()
        place = ""
        following = _PLACE_AFTER.match(key, end)
        if following:
            place, end = text[following.start("place") : following.end("place")], following.end()
        named.append(_Named(text[start + 1 : found.end() - 1], number, place, start, end, short))
    covered = [(one.start, one.end) for one in named]
    named += [
        _Named("", number.normalised, "", number.start, number.end)
        for number in numbers
        if not any(start <= number.start < end for start, end in covered)
    ]
    return sorted(named, key=lambda one: one.start)


# --- relations --------------------------------------------------------------------------------
_JOIN = re.compile(
    r"\s*(?:[、和及与]|以及|并|并按照|或者|或|等)*\s*(?:原|国家|省|市|国务院|党中央)*\s*"
)
_BASED = re.compile(r"(?:根据|依据|依照|按照|遵照|参照)[^,。;《》]{0,24}$")
_IMPLEMENTS = re.compile(
    r"(?:贯彻落实|贯彻执行|贯彻实施|贯彻|落实|推进实施|实施|严格执行)(?:好)?[^,。;《》]{0,18}$"
)
# （2019年3月1日…通过 and 2019年3月1日…通过: a remark under a title.
_HISTORY = re.compile(rf"\s*\(|\s*{DATE}")
_FORWARDS = re.compile(r"(?:转发|批转)[^,。;《》]{0,24}$")
_FORWARDED = re.compile(r"^[^。;《》]{0,40}?(?:转发|批转)(?:给你们|如下|各|至|你们|给)")
# 修改的《…》 and 修订应当按照《…》 do not say that the document named is amended here.
_AMENDS = re.compile(
    r"(?:修改|修订|修正)(?:完善|了)?(?:(?!按照|根据|依据|应当|符合)[^,。;《》的后经]){0,6}$"
)
_AMENDED = re.compile(
    r"^[^。;《》,]{0,16}(?:作(?:出)?(?:如下|以下)?(?:修改|修订)|(?:作|做)如下(?:修改|修订)|予以修改|进行(?:了)?(?:修改|修订))"
    r"|^(?:第[^,。;]{1,24})?(?:修改为|修订为|作(?:如下|以下)修改)"
)
_REPEALED = re.compile(
    r"^[^。;《》]{0,30}?(?:同时|即行|予以|一并|相应|自行|随之|均)?\s*(?:废止|失效|停止执行|停止施行)"
)
_NOT_REPEALED = re.compile(
    r"(?:未|不)(?:予)?废止|与本|抵触|不一致|废止(?:前|后|的文件|程序|目录|清理)|清理"
)
_REPEALS = re.compile(r"(?:废止|停止执行)[^,。;《》]{0,16}$")
_REPLACES = re.compile(r"(?:替代|取代|代替|替换)(?:了)?[^,。;《》]{0,10}$")
_REPLACED = re.compile(r"^[^。;《》]{0,20}(?:由本|被本)[^。;《》]{0,16}(?:替代|取代|代替)")
_INTERPRETS = re.compile(r"(?:解读|解释)[^,。;《》]{0,8}$")
_INTERPRETED = re.compile(r"^[^,。;《》]{0,10}(?:政策解读|的?解读|进行解读|作(?:出)?解读|问答)")


def _in_clauses(clauses: Sequence[Clause]) -> Iterator[Relation]:
    aliases = _Aliases()
    for position, clause in enumerate(clauses):
        if clause.level == "signature" or not any(sign in clause.text for sign in "《号號"):
            continue
        if clause.level == "preamble" and _HISTORY.match(matchable(clause.text[:60])):
            # The remark under a title tells the text's own history.
            continue
        for sentence in _sentences(clause.text):
            named = [aliases.resolved(one) for one in _named_in(sentence)]
            if named:
                yield from _in_sentence(sentence, named, position)


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text; a sign inside a title or a quotation ends none."""
    start, depth = 0, 0
    for at, sign in enumerate(text):
        if sign in "《“「":
            depth += 1
        elif sign in "》”」":
            depth = max(0, depth - 1)
        elif sign in "。；;" and not depth:
            yield text[start : at + 1].strip()
            start = at + 1
    if text[start:].strip():
        yield text[start:].strip()


def _in_sentence(sentence: str, named: Sequence[_Named], position: int) -> Iterator[Relation]:
    key = matchable(sentence)
    for chain in _chains(key, named):
        before = key[max(0, chain[0].start - 40) : chain[0].start]
        after = key[chain[-1].end : chain[-1].end + 60]
        for kind in _kinds(before, after):
            for one in chain:
                yield Relation(kind, one.title, one.number, position, sentence)


def _chains(key: str, named: Sequence[_Named]) -> Iterator[list[_Named]]:
    """Names that stand side by side: 《甲》《乙》和《丙》."""
    chain: list[_Named] = []
    for one in named:
        if chain:
            between = key[chain[-1].end : one.start]
            if len(between) > 40 or not (
                _JOIN.fullmatch(between)
                or re.fullmatch(r"[^,。;]{0,12}(?:印发的?|发布的?|公布的?)", between)
            ):
                yield chain
                chain = []
        chain.append(one)
    if chain:
        yield chain


def _kinds(before: str, after: str) -> list[RelationKind]:
    kinds: list[RelationKind] = []
    if _REPEALED.match(after) and not _NOT_REPEALED.search(after[:40]):
        return ["repeals"]
    if _REPLACED.match(after) or _REPLACES.search(before):
        return ["replaces"]
    if _REPEALS.search(before) and not _NOT_REPEALED.search(before[-20:]):
        return ["repeals"]
    if _AMENDED.match(after) or _AMENDS.search(before):
        kinds.append("amends")
    if _FORWARDS.search(before) or _FORWARDED.match(after):
        kinds.append("forwards")
    if _INTERPRETS.search(before) or _INTERPRETED.match(after):
        kinds.append("interprets")
    if kinds:
        return kinds
    # Of two verbs before a name the nearer one is its own.
    nearest: dict[RelationKind, int] = {
        "based_on": _nearest(_BASED, before),
        "implements": _nearest(_IMPLEMENTS, before),
    }
    kind = max(nearest, key=lambda one: nearest[one])
    return [kind] if nearest[kind] >= 0 else []


def _nearest(verb: re.Pattern[str], before: str) -> int:
    """Where the last match of a pattern begins that reaches to the end of a text; -1 for none."""
    at = -1
    found = verb.search(before)
    while found:
        at = found.start()
        found = verb.search(before, at + 1)
    return at


def _in_title(title: str) -> Iterator[Relation]:
    """What a title says: 关于修改《…》的决定, 转发…关于…的通知, 《…》解读."""
    key = matchable(title)
    for one in _named_in(title):
        before = key[max(0, one.start - 20) : one.start]
        after = key[one.end :]
        kind: RelationKind | None = None
        if re.search(r"(?:修改|修订|修正)[^《》]{0,8}$", before):
            kind = "amends"
        elif re.search(r"废止[^《》]{0,8}$", before):
            kind = "repeals"
        elif re.search(r"(?:转发|批转)[^《》]{0,30}$", before):
            kind = "forwards"
        elif re.search(r"(?:贯彻落实|贯彻执行|贯彻|实施|落实|执行)[^《》]{0,6}$", before):
            kind = "implements"
        elif re.search(r"解读|图解|问答|说明$", after) or re.search(r"解读[^《》]{0,4}$", before):
            kind = "interprets"
        if kind and one.title:
            yield Relation(kind, one.title, one.number, None, title)
    found = re.search(r"(?:转发|批转)(?P<what>[^《》]{2,20}关于[^《》]{4,80})的通知$", key)
    if found:
        yield Relation("forwards", title[found.start("what") : found.end("what")], "", None, title)
