"""Titles: which lines of a head are one, and what a title says about who issued the document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .bodies import bodies_of, is_placed
from .genres import GENRES
from .lines import Line
from .numbers import DocumentNumber, leading_number, read_number
from .script import comparable, matchable

_GENRE_END = re.compile(
    rf"(?:{'|'.join(sorted(GENRES, key=len, reverse=True))})"
    r"(?:\((?:[^()]{1,20})\)|\[[^\[\]]{1,20}\]|〔[^〔〕]{1,20}〕|<[^<>]{1,20}>)*[”>》]?"
    r"(?:的?(?:补充|修订)?通知)?"
)
_CERTAIN_END = re.compile(
    r"(?:决议|决定|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|办法|规定|细则|条例|规则"
    r"|方案|规划|计划|预案|解释|解读|公示|答复|建议)(?:\([^()]{1,20}\))?$"
)
_ABOUT = re.compile(
    r"关于|印发|转发|批转|公布|发布|贯彻|落实|实施|修改|修订|废止|调整|做好|加强|开展"
)
_VERB_END = re.compile(
    r"(?:联合)?(?:印发|转发|批转|公布|发布|颁布|下发|贯彻落实|贯彻|落实|实施|修改|批准|决定|办理)+$"
)
_OTHERS = re.compile(
    r"等?[一二三四五六七八九十\d]+个?(?:部门|单位|部委|委办局|厅局|局|家|部委局)$|等(?:部门|单位)$"
)
# --- title ------------------------------------------------------------------------------------
_PAGE_TITLE = re.compile(
    r"[_|丨-][^_|丨-]{0,30}(?:网|门户|政府|公开|平台|库|资料|首页|栏目|频道)[^_|丨]{0,20}$"
)
_COLUMN = re.compile(
    r"^第[一二三四五六七八九十]+篇:|^[\u4e00-\u9fff]{2,8}[|丨]|^[\u4e00-\u9fff]{2,4}:(?=.*关于)"
)
_NUMBER_IN_TITLE = re.compile(r"\s*\((?P<number>[^()]{4,40}\d\s*号)\)\s*$")
# A bracket that tells when a text was passed is no part of its title; （试行） is.
_PASSED = re.compile(r"通过|批准|公布|发布|修订|修正|施行|印发|制定|颁布|审议")
_AFTER_NAME = r"关于|印发|转发|批转|公告|通告|令|办公[厅室]关于"


def ends_like_title(bare: str) -> bool:
    """Whether a text ends with the name of a kind of document: …的通知, …办法（试行）."""
    start = max(0, len(bare) - 40)
    return any(found.end() == len(bare) for found in _GENRE_END.finditer(bare, start))


def clean_title(text: str) -> str:
    """A title without the name of the site behind it, and without quotation marks around it."""
    title = text.strip()
    parts = re.split(r"[_|｜]", title)
    if len(parts) > 1:
        title = next((one.strip() for one in parts if ends_like_title(comparable(one))), title)
    for pattern in (_PAGE_TITLE, _COLUMN):
        found = pattern.search(matchable(title))
        if found and len(title) - len(found.group()) > 6:
            title = (title[: found.start()] + title[found.end() :]).strip()
    for opening, closing in ("《》", "“”"):
        inner = title[1:-1]
        if title[:1] == opening and title[-1:] == closing and opening not in inner:
            title = inner.strip()
        elif title[:1] + title[-1:] == "《》" == opening + closing:
            # 《…关于印发《…》的通知》 and 《甲》《乙》 differ in how the inner ones pair.
            paired = inner.count("《") == inner.count("》")
            if paired and inner.find("》") > inner.find("《") >= 0:
                title = inner.strip()
    return title


def joined_title(parts: Sequence[str]) -> str:
    """The lines of a title as one: names of bodies keep a space between them, words do not."""
    result = ""
    for part in parts:
        part = part.strip()
        # 通　知: a short line that was spread out.
        pieces = part.split()
        if len(pieces) > 1 and all(len(piece) == 1 for piece in pieces):
            part = "".join(pieces)
        if result and bodies_of(part) and bodies_of(result):
            result += " "
        result += part
    return result


def title_bodies(title: str) -> tuple[tuple[str, ...], bool]:
    """The bodies that a title names before 关于, and whether it speaks of more (等六部门)."""
    key = matchable(title)
    about = key.find("关于")
    quoted = key.find("《")
    if about == -1 or (quoted != -1 and quoted < about):
        found = re.search(r"印发|转发|批转|公布|发布", key)
        if found is None:
            return (), False
        about = found.start()
    # 甲转发乙关于…: the body that forwards, not the one that wrote.
    forwards = re.search(r"(?<=.)(?:转发|批转)", key[:about])
    prefix = key[: forwards.start() if forwards else about].rstrip()
    prefix = _VERB_END.sub("", prefix)
    others = _OTHERS.search(prefix)
    if others:
        prefix = prefix[: others.start()]
    return bodies_of(title[: len(prefix)]), bool(others)


def _is_red_head(line: Line) -> bool:
    """某市人民政府文件: the name of a body and the word for what it issues."""
    found = re.search(r"(?:文件|公报|会议纪要)\s*$", line.key)
    return found is not None and bool(bodies_of(line.text[: found.start()]))


def is_name_of_order(bare: str) -> bool:
    """中华人民共和国国务院令, 某市人民政府公告: a kind of document with a number and no subject."""
    return re.fullmatch(
        r".{0,60}(?:令|公告|通告|公报|文件)", bare
    ) is not None and not _ABOUT.search(bare)


def _title_blocks(lines: Sequence[Line], texts: list[int]) -> list[list[int]]:
    """The lines of the head that may be a title, each with the lines that belong to it."""
    blocks: list[list[int]] = []
    current: list[int] = []
    for at in texts:
        bare = lines[at].bare
        if current and at != current[-1] + 1:
            blocks.append(current)
            current = []
        complete = current and _complete(joined_title([lines[one].text for one in current]))
        if current and ((complete and not _continues(bare)) or _starts_anew(lines[at])):
            blocks.append(current)
            current = []
        current.append(at)
    if current:
        blocks.append(current)
    return _without_names(lines, [block for block in blocks if block])


def _starts_anew(line: Line) -> bool:
    """Whether a line begins a title of its own, with the name of a body before 关于."""
    return "关于" in line.bare and bool(title_bodies(line.text)[0])


def _core(title: str) -> tuple[str, DocumentNumber | None]:
    """A title without site, quotation marks and the number before it; and that number."""
    title = clean_title(title)
    first = leading_number(title)
    if first is None or len(title) <= first.end + 6:
        return title, None
    return clean_title(title[first.end :]), first


def _complete(title: str) -> bool:
    cleaned = comparable(_core(title)[0])
    bare = cleaned
    if not ends_like_title(cleaned) or cleaned.endswith(("…", "...")):
        return False
    # 关于建立…制度 goes on with 的指导意见: after 关于 a title ends with the kind of document.
    if "关于" in bare and not _CERTAIN_END.search(cleaned):
        return False
    # 关于印发《… and 关于印发…方案 go on: what is brought into force is named before 的通知.
    if bare.count("《") > bare.count("》") or bare.count("<") > bare.count(">"):
        return False
    return not re.search(
        r"(?:印发|转发|批转|公布|发布)(?!.*(?:通知|决定|公告|通告|令|函|命令)$)", bare
    )


def _continues(bare: str) -> bool:
    """Whether a line can only go on with the line before it: 的通知, （试行）, 通知."""
    return bool(
        (
            re.fullmatch(
                r"的?(?:[\u4e00-\u9fff]{0,4})(?:通知|意见|决定|批复|函|公告|通告|方案|办法|规定|细则)",
                bare,
            )
            and len(bare) <= 6
        )
        or (
            re.fullmatch(r"[(\[〔][^()]{1,16}[)\]〕](?:的通知)?", bare) and not _PASSED.search(bare)
        )
    )


def _without_names(lines: Sequence[Line], blocks: list[list[int]]) -> list[list[int]]:
    """Blocks without the red head line and other names that do not belong to a title.

    A name right before 关于… is the title's first line; before anything else it is a head line, and
    also where the page repeats the title without the name.
    """
    result = []
    for block in blocks:
        first = 0
        while first < len(block) - 1 and (
            bodies_of(lines[block[first]].text) or _is_red_head(lines[block[first]])
        ):
            first += 1
        rest = block[first:]
        if first == 0 or not re.match(_AFTER_NAME, lines[rest[0]].bare):
            result.append(rest)
            continue
        plain = "".join(lines[at].bare for at in rest)
        if any("".join(lines[at].bare for at in other) == plain for other in blocks):
            result.append(rest)
            continue
        kept: list[int] = []
        for at in reversed(block[:first]):
            line = lines[at]
            if is_placed(line.text) or _is_red_head(line) or not bodies_of(line.text):
                break
            kept.insert(0, at)
        result.append([*kept, *rest])
    return result


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """``number``: one that stands in the title's line. ``certain``: it ends like a title.

    ``order``: it is the name of an order or announcement and has no subject. ``line``: where it
    begins in the head.
    """

    text: str
    number: DocumentNumber | None
    certain: bool
    order: bool
    line: int


def find_title(lines: Sequence[Line], texts: list[int]) -> FoundTitle | None:
    """The title among those lines of a head (positions ``texts``) that are nothing else.

    Where a page repeats it, the last complete one is the document's own.
    """
    best: tuple[tuple[int, int, int, int], list[int]] | None = None
    for order, block in enumerate(_title_blocks(lines, texts)):
        joined = joined_title([lines[at].text for at in block])
        core = comparable(_core(joined)[0])
        score = (
            int(ends_like_title(core)) + int(_complete(joined)),
            int(not is_name_of_order(core)),
            int("关于" in core or "印发" in core),
            order,
        )
        if best is None or score > best[0]:
            best = (score, block)
    if best is None:
        return None
    score, block = best
    title, number = _core(joined_title([lines[at].text for at in block]))
    if not score[0] and bodies_of(title):
        return None
    found = _NUMBER_IN_TITLE.search(matchable(title))
    if found and (inner := read_number(title[found.start("number") : found.end("number")])):
        number = number or inner
        title = title[: found.start()].strip()
    return FoundTitle(title, number, score[0] > 0, not score[1], block[0])
