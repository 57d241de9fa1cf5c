"""The head of a document: what stands before the addressee or the first sentence.

Title, document number, the bodies of the red head line, remarks about when it was passed.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import findings as codes
from .bodies import bodies_of, is_placed
from .genres import GENRES
from .lines import Line
from .markers import decimal_of, top_decimal_of
from .model import Finding
from .numbers import (
    DATE,
    DocumentNumber,
    bare_serial,
    dates_in,
    first_date,
    leading_number,
    order_number,
    read_number,
)
from .script import comparable, matchable, squeezed

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
_PASSED = re.compile(
    r"通过|批准|公布|发布|修订|修正|修改|施行|印发|制定|颁布|审议|议定|备案|签发|起草"
)
_SENTENCE_START = re.compile(
    r"(?:为了?|根据|按照|依据|依照|经|现将|现就|现予|近日|近年|当前|鉴于|遵照|接|你[市省县局区委厅部单]|兹|《[^》]+》(?:已|业经|经))"
)
_ADDRESSED = re.compile(
    r"政府|委|办|局|单位|部门|公司|厅|院|会|中心|学校|你|处|所|站|企业|机构|街道|镇|乡|行|署|部|团体|盟|旗"
    r"|组织|个人|纳税人|居民|市民|同志|用人|社会|公众|社区|园区|海关|银行|大学|学院|科室|队|州"
)
_OPENS_ADDRESS = re.compile(r"(?:各|市|省|县|区|国务院|中央|有关|全国|驻)[^:。;]*[,、]")
_NO_ADDRESS = re.compile(
    r"如下|以下|下列|通知|意见[:为]|制定|决定|包括|其中|要求|原则|批复|公告|规定|内容|附件|联系|电话|时间|地点"
    r"|来源|主题词|抄送|标准为|公式|条件|材料|说明|方式|名称|地址|邮编|传真"
)
# 云政发〔2024]号, 云政发〔202412: a number that lost a part of itself.
_LIKE_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[(][^\u4e00-\u9fff]{0,12}(?:号|\d)")
_ENCLOSURE = re.compile(r"附(?:件|录|表)?[一二三四五六七八九十\d]*:?")
_CONTENTS = re.compile(r"目[录次]")
_TOC_DOTS = re.compile(r"[.…·]{3,}\s*\d{0,4}$")
_MOST_LINES = 40
_LONGEST_REMARK = 8
_LONGEST_TITLE_LINE = 130


@dataclass(slots=True)
class Head:
    """``end``: how many lines it has. Names and title as printed, without spaces in names."""

    end: int = 0
    title: str = ""
    title_bodies: tuple[str, ...] = ()
    red_bodies: tuple[str, ...] = ()
    placed_bodies: tuple[str, ...] = ()
    number: str = ""
    number_printed: str = ""
    date: datetime.date | None = None
    passed_on: datetime.date | None = None
    passed: str = ""
    more_bodies: bool = False
    # The name of an order or announcement (…令, 公告) that has no title of its own.
    order: bool = False
    findings: list[Finding] = field(default_factory=list)


def is_addressee(line: Line) -> bool:
    """Whether a line says to whom a document goes: bodies, then a colon."""
    bare = line.bare
    if line.rows or line.marker or len(line.text) > 500 or len(bare) < 3 or not bare.endswith(":"):
        return False
    if any(sign in bare for sign in "。;《"):
        return False
    return bool(_ADDRESSED.search(bare)) and not _NO_ADDRESS.search(bare[-12:])


def addressee_lines(lines: Sequence[Line], at: int) -> int:
    """How many lines from ``at`` on are the addressee, whose list may be broken; 0 if none."""
    first = lines[at]
    if is_addressee(first):
        return 1
    if first.marker or not _OPENS_ADDRESS.match(first.bare) or bodies_of(first.text):
        return 0
    joined = first.text
    for count in range(2, 5):
        if at + count > len(lines) or len(joined) > 300 or "。" in joined:
            return 0
        following = lines[at + count - 1]
        if following.marker or following.rows or read_number(following.text):
            return 0
        joined += following.text
        if "关于" in matchable(joined) or ends_like_title(following.bare):
            return 0
        if is_addressee(first.with_text(joined)):
            return count
    return 0


def addressee_before(line: Line) -> int:
    """Where an addressee ends that stands on one line with the text after it; 0 if none does."""
    colon = line.key.find(":", 0, 300)
    if colon < 3 or colon == len(line.key.rstrip()) - 1 or line.marker or line.rows:
        return 0
    start = line.with_text(line.text[: colon + 1])
    opens = re.match(r"(?:各|市|省|县|区|你|有关|国务院|中央|全国|驻)", start.bare)
    return colon + 1 if opens and is_addressee(start) and len(start.bare) > 5 else 0


def is_remark(line: Line) -> bool:
    """A remark in brackets about when and by whom a text was passed, or a plain one."""
    bare = line.bare
    if line.rows or not bare or len(line.text) > 1500:
        return False
    dated = re.search(DATE, line.key) is not None or ("年" in bare and "月" in bare)
    if bare[0] in "([" and (dated or _PASSED.search(bare)):
        return True
    if not dated or "。" in bare or not _PASSED.search(bare):
        return False
    return len(bare) < 120 or re.match(DATE, line.key) is not None


def is_contents(line: Line) -> bool:
    return _CONTENTS.fullmatch(line.bare) is not None


def is_sentence(line: Line) -> bool:
    """Whether a line is running text rather than a line of a head."""
    bare = line.bare
    if line.rows or len(line.text) > 400 or len(bare) > _LONGEST_TITLE_LINE or bare[-1:] in ",;:,":
        return True
    inner = re.sub(r"《[^》]*》|<[^>]*>|“[^”]*”|\([^)]*\)", "", bare)
    if "。" in inner or ";" in inner:
        return True
    return len(bare) > 24 and _SENTENCE_START.match(bare) is not None and not ends_like_title(bare)


def ends_like_title(bare: str) -> bool:
    """Whether a text ends with the name of a kind of document: …的通知, …办法（试行）."""
    start = max(0, len(bare) - 40)
    return any(found.end() == len(bare) for found in _GENRE_END.finditer(bare, start))


def read_head(lines: Sequence[Line]) -> Head:
    """The head at the beginning of ``lines``; they need not have one."""
    head = Head()
    head.end = _length(lines)
    texts: list[int] = []
    remarks = _remarks(lines[: head.end])
    last_body = ""
    for at in range(head.end):
        line = lines[at]
        if at in remarks:
            head.passed = f"{head.passed}\n{line.text}" if head.passed else line.text
            continue
        if _take_number(line, head, last_body):
            continue
        day = len(line.text) < 60 and re.fullmatch(rf"\s*\(?\s*{DATE}\s*\)?\s*", line.key)
        if day:
            head.date = head.date or first_date(line.text)
            continue
        if _ENCLOSURE.fullmatch(line.bare):
            continue
        if _LIKE_NUMBER.fullmatch(line.bare):
            head.findings.append(Finding(codes.NUMBER_NOT_READ, line.text, line=line.source))
            continue
        last_body = line.text
        texts.append(at)
    if head.passed:
        days = [day for day, _start, _end in dates_in(matchable(head.passed))]
        head.passed_on = days[-1] if days else None
    _read_title(lines, texts, head)
    _read_red_head(lines, texts, head)
    return head


def _remarks(lines: Sequence[Line]) -> frozenset[int]:
    """The lines of a head that are remarks, with the lines that a bracket or a title runs on to."""
    found: set[int] = set()
    depth, since = 0, 0
    for at, line in enumerate(lines):
        if not depth and not is_remark(line):
            continue
        # A bracket that is never closed does not swallow the document.
        since = since + 1 if depth else 0
        depth = max(0, depth + _opened(line.bare)) if since < _LONGEST_REMARK else 0
        found.add(at)
    return frozenset(found)


def _opened(bare: str) -> int:
    return sum(bare.count(sign) for sign in "(《<") - sum(bare.count(sign) for sign in ")》>")


def _is_decimal(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is 1.1 …, or 1 … right above it: where an emergency plan begins."""
    if decimal_of(lines[at].key):
        return True
    return (
        at + 1 < len(lines)
        and top_decimal_of(lines[at].key) is not None
        and decimal_of(lines[at + 1].key) is not None
    )


def _length(lines: Sequence[Line]) -> int:
    remarks = _remarks(lines[:_MOST_LINES])
    for at, line in enumerate(lines[:_MOST_LINES]):
        if at in remarks:
            continue
        if _is_decimal(lines, at):
            return at
        if is_contents(line) or line.marker or addressee_lines(lines, at):
            if line.marker and bare_serial(line.text):
                continue
            return at
        if is_sentence(line) or addressee_before(line):
            return at
    return min(len(lines), _MOST_LINES)


def _take_number(line: Line, head: Head, above: str) -> bool:
    """Reads a line that is a document number, alone or after a date, or several of them."""
    text = line.text
    number = read_number(text)
    found = (number.normalised, number.printed) if number else None
    if found is None and bare_serial(text) and above:
        order = order_number(above, text)
        found = (order, f"{squeezed(above)}{text.strip()}") if order else None
    if found is None:
        found = _number_among(line)
    if found is None:
        return False
    head.date = head.date or first_date(text)
    if head.number:
        if found[0] != head.number:
            head.findings.append(Finding(codes.FURTHER_NUMBERS, text, line=line.source))
        return True
    head.number, head.number_printed = found
    return True


def _number_among(line: Line) -> tuple[str, str] | None:
    """A number on a line with other numbers, or after a date: 2006年10月26日 财建〔2006〕689号."""
    if not line.bare.endswith("号") or len(line.bare) > 80:
        return None
    text = line.text
    day = re.match(rf"\s*{DATE}\s+", line.key)
    start = day.end() if day else 0
    first = leading_number(text[start:])
    if first is None:
        return None
    rest = text[start + first.end :].strip(" \u3000、,，;；")
    while rest:
        following = leading_number(rest)
        if following is None:
            return None
        rest = rest[following.end :].strip(" \u3000、,，;；")
    return first.normalised, first.printed


# --- title ------------------------------------------------------------------------------------
_PAGE_TITLE = re.compile(
    r"[_|丨-][^_|丨-]{0,30}(?:网|门户|政府|公开|平台|库|资料|首页|栏目|频道)[^_|丨]{0,20}$"
)
_COLUMN = re.compile(
    r"^第[一二三四五六七八九十]+篇:|^[\u4e00-\u9fff]{2,8}[|丨]|^[\u4e00-\u9fff]{2,4}:(?=.*关于)"
)
_NUMBER_IN_TITLE = re.compile(r"\s*\((?P<number>[^()]{4,40}\d\s*号)\)\s*$")


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


def _read_title(lines: Sequence[Line], texts: list[int], head: Head) -> None:
    blocks = _title_blocks(lines, texts)
    best: tuple[tuple[int, int, int, int], list[int]] | None = None
    for order, block in enumerate(blocks):
        joined = joined_title([lines[at].text for at in block])
        core = comparable(_core(joined)[0])
        score = (
            int(ends_like_title(core)) + int(_complete(joined)),
            int(not _is_name_of_order(core)),
            int("关于" in core or "印发" in core),
            order,
        )
        if best is None or score > best[0]:
            best = (score, block)
    if best is None:
        return
    score, block = best
    title, first = _core(joined_title([lines[at].text for at in block]))
    if not score[0] and bodies_of(title):
        return
    head.order = not score[1]
    found = _NUMBER_IN_TITLE.search(matchable(title))
    if found and (number := read_number(title[found.start("number") : found.end("number")])):
        first = first or number
        title = title[: found.start()].strip()
    if first is not None and not head.number:
        head.number, head.number_printed = first.normalised, first.printed
    head.title = title
    if not score[0]:
        head.findings.append(
            Finding(codes.TITLE_UNCERTAIN, title[:60], line=lines[block[0]].source)
        )
    head.title_bodies, head.more_bodies = title_bodies(title)


def _is_red_head(line: Line) -> bool:
    """某市人民政府文件: the name of a body and the word for what it issues."""
    found = re.search(r"(?:文件|公报|会议纪要)\s*$", line.key)
    return found is not None and bool(bodies_of(line.text[: found.start()]))


def _is_name_of_order(bare: str) -> bool:
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


_AFTER_NAME = r"关于|印发|转发|批转|公告|通告|令|办公[厅室]关于"


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


def _read_red_head(lines: Sequence[Line], texts: list[int], head: Head) -> None:
    title = comparable(head.title)
    red: list[str] = []
    placed: list[str] = []
    for at in texts:
        line = lines[at]
        bare = line.bare
        name = line.text
        found = re.search(r"(?:文件|令|公告|通告)\s*$", line.key)
        if found and _is_name_of_order(bare):
            name = name[: found.start()]
        names = bodies_of(name)
        if not names or (len(names) == 1 and comparable(names[0]) == title):
            continue
        (placed if is_placed(name) else red).extend(names)
    head.red_bodies = tuple(dict.fromkeys(red))
    head.placed_bodies = tuple(dict.fromkeys(placed))
