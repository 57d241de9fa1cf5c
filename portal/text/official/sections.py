"""Where one text ends and the next begins: the document, what it encloses, what it forwards.

A notice is signed and then brings the text that it puts into force; annexes follow; a forwarding
notice holds a whole document with a number and addressees of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from .bodies import bodies_of, body_of_person
from .head import Head
from .line_kinds import addressee_lines, is_addressee, is_contents, is_remark, is_sentence
from .lines import Line
from .markers import top_decimal_of
from .numbers import DATE, NUMERAL, read_number
from .script import comparable
from .titles import ends_like_title, joined_title

type Role = Literal["text", "addressee", "attachment", "signature", "note"]

# 附件, 附件1, 附件二:, 附表3
_HEADING = re.compile(
    rf"附(?:件|录|表|图)?\s*(?:[{NUMERAL}]{{1,3}}|\d{{1,3}}(?:-\d{{1,2}})?)?\s*[:.、]?"
)
_HEADED = re.compile(
    rf"(?P<number>附(?:件|录|表|图)?\s*(?:[{NUMERAL}]{{1,3}}|\d{{1,3}}(?:-\d{{1,2}})?)?\s*(?::|[.、](?=\D)|\s(?=\S)))"
    r"\s*(?P<rest>\S.*)"
)
_ITEM = re.compile(r"\s*(?:附件\s*)?(?P<n>\d{1,2})\s*[.、:](?!\d)\s*\S|\s*附件\s*\d{1,2}")
_NOTE = re.compile(
    r"\(?(?:此件|本件|此文|本文有|本文删|主动公开|依申请公开|不予公开|公开属性|公开方式|信息公开选项|信息公开类别|联系人|联系电话"
    r"|联系方式|联系单位|咨询电话|抄送|抄报|抄发|主送|分送|发送|主题词|共印|打字|校对|印数|注:|备注|说明:|公开时限"
    r"|政策解读|解读链接|附件下载|来源:|责任编辑|\(?公开|印发时间|发布时间)"
)
_PRINTED = re.compile(
    r".{0,40}(?:办公室|办公厅|秘书处|处|科|局|委|厅|办).{0,4}(?:\d{4}年\d{1,2}月\d{1,2}日).{0,3}印发?"
)
_DATE_LINE = re.compile(rf"\s*[(]?\s*{DATE}\s*[)]?\s*(?:\(.{{0,20}}\))?\s*")
_LOOSE_DATE = re.compile(
    r"\(?(?:[〇零O0一二三四五六七八九?□\d]{2,4})?年(?:[一二三四五六七八九十\d]{1,3})?月"
    r"(?:[一二三四五六七八九十\d]{1,3})?日?\)?"
)
# 20171116: the signs of year, month and day were lost.
_DIGITS_ALONE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_MOST_NAMES = 14
_LONGEST_TITLE = 70


@dataclass(slots=True)
class Entry:
    line: Line
    role: Role = "text"


@dataclass(slots=True)
class Section:
    """One text. ``heading``: its 附件1 line; ``title``: its title's lines; ``entries``: the rest.

    ``embedded``: a document in itself, to be read as one, title and all (``lines`` is all of it).
    """

    heading: Line | None = None
    title: list[Line] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    embedded: bool = False

    @property
    def title_text(self) -> str:
        return joined_title([line.text for line in self.title])

    @property
    def lines(self) -> list[Line]:
        above = [self.heading] if self.heading is not None else []
        return [*above, *self.title, *(entry.line for entry in self.entries)]


def date_line(line: Line) -> bool:
    """Whether a line is a date and nothing else, even one whose digits are damaged."""
    if line.rows or len(line.text) > 80 or len(line.bare) < 6:
        return False
    return bool(
        _DATE_LINE.fullmatch(line.key)
        or _LOOSE_DATE.fullmatch(line.bare)
        or _DIGITS_ALONE.fullmatch(line.bare)
    )


def dated_body(line: Line) -> int:
    """Where the date begins on a line of bodies and a date (某市人民政府 2024年3月5日), else 0."""
    if line.rows or len(line.text) > 200 or not line.bare.endswith("日"):
        return 0
    found = re.search(rf"\s*{DATE}\s*$", line.key)
    if not found or found.start() < 2:
        return 0
    name = line.text[: found.start()]
    return found.start() if bodies_of(name) else 0


def is_note(line: Line) -> bool:
    """Remarks after the signature: to whom copies go, who printed it, whether it is public."""
    return bool(_NOTE.match(line.bare)) or bool(
        len(line.bare) < 70 and _PRINTED.fullmatch(line.bare)
    )


def attachment_heading(line: Line) -> tuple[str, str] | None:
    """``(number, title)`` of a line such as 附件1 or 附件2：申请表; the title may be ""."""
    if line.rows or not line.bare.startswith("附") or len(line.text) > 160:
        return None
    if _HEADING.fullmatch(line.bare):
        return line.text.strip(), ""
    found = _HEADED.fullmatch(line.key)
    if found and "。" not in found["rest"]:
        return line.text[: found.start("rest")].strip(), line.text[found.start("rest") :].strip()
    return None


def divide(lines: Sequence[Line], head: Head) -> list[Section]:
    """The document itself, then every text enclosed in it; ``lines`` are those after the head."""
    return _Divider(lines, head).sections()


class _Divider:
    def __init__(self, lines: Sequence[Line], head: Head) -> None:
        self.lines = lines
        self.forwards = bool(re.search(r"转发|批转", comparable(head.title)))
        self.named: set[str] = set(_quoted(comparable(head.title)))
        enclosed = re.search(
            r"(?:印发|转发|批转|公布|发布)(.{4,80}?)的?(?:通知|公告|通告|决定|函|令)$",
            comparable(head.title),
        )
        if enclosed:
            self.named.add(enclosed[1].strip("《》<>"))
        self.signed = False
        self.result = [Section()]

    def sections(self) -> list[Section]:
        at = 0
        while at < len(self.lines):
            start = self._start_of_text(at) if at or self.signed else None
            if start is not None:
                section, begin = start
                if section.embedded:
                    # All of its lines, with the 附件 line above it, are read again as a document.
                    section.heading = None
                    section.entries = [Entry(line) for line in self.lines[at:begin]]
                self.result.append(section)
                self.signed = False
                # At least one line is used up, whatever it looks like.
                at = begin if begin > at else self._take(at)
                continue
            at = self._take(at)
        for section in self.result:
            _sign_without_date(section)
        return self.result

    # --- one line or block of the current text ------------------------------------------------
    def _take(self, at: int) -> int:
        """Adds the line at ``at``, or the block that begins there; where the next one begins."""
        section = self.result[-1]
        signature = self._signature(at)
        if signature:
            for line in self.lines[at:signature]:
                section.entries.append(Entry(line, "signature"))
            self.signed = True
            return signature
        attachments = self._attachment_list(at)
        if attachments:
            for line in self.lines[at:attachments]:
                section.entries.append(Entry(line, "attachment"))
                found = attachment_heading(line)
                self.named.add(
                    comparable(_ITEM_NUMBER.sub("", found[1] if found else line.text)).strip("《》")
                )
            return attachments
        line = self.lines[at]
        spoken = any(entry.role == "text" for entry in section.entries)
        addressed = 0 if spoken else addressee_lines(self.lines, at)
        if addressed:
            section.entries += [Entry(one, "addressee") for one in self.lines[at : at + addressed]]
            return at + addressed
        role: Role = "text"
        if (self.signed and (is_note(line) or date_line(line))) or (
            is_note(line) and _PRINTED.fullmatch(line.bare)
        ):
            role = "note"
        section.entries.append(Entry(line, role))
        if role == "text" and len(section.entries) < 8 and "《" in line.text:
            self.named.update(_quoted(line.bare))
        return at + 1

    def _signature(self, at: int) -> int:
        """Behind the signature that begins at ``at``: names, then a date; 0 if there is none."""
        end = at
        while end < len(self.lines) and end - at < _MOST_NAMES:
            line = self.lines[end]
            if date_line(line):
                return self._after_date(at, end + 1)
            if dated_body(line):
                return end + 1
            if (
                line.rows
                or line.marker
                or not (
                    bodies_of(line.text) or body_of_person(line.text)[0] or _is_short_name(line)
                )
            ):
                return 0
            end += 1
        return 0

    def _after_date(self, start: int, end: int) -> int:
        # The bodies of a joint issue may each stand above a date of their own, or below one date.
        if end - start == 1 and end < len(self.lines) and bodies_of(self.lines[end].text):
            following = self.lines[end + 1] if end + 1 < len(self.lines) else None
            if following is None or is_note(following) or attachment_heading(following):
                return end + 1
        return end

    def _attachment_list(self, at: int) -> int:
        """Behind a list of attachments that begins at ``at``; 0 if none does."""
        line = self.lines[at]
        found = attachment_heading(line)
        if found is None:
            return 0
        title = found[1]
        end = at + 1
        if not title and not (end < len(self.lines) and _ITEM.match(self.lines[end].key)):
            # 附件： alone names what follows on the next line.
            return 0
        while end < len(self.lines) and self._is_item(end):
            end += 1
        if not title and not self._ends_list(end):
            return 0
        if title and end == at + 1 and not self._ends_list(end) and not _ITEM.match(title):
            return 0
        return end

    def _is_item(self, at: int) -> bool:
        line = self.lines[at]
        bare = line.bare
        if line.rows or len(bare) > 80 or bare.endswith(("。", ";", ":")):
            return (
                bool(_ITEM.match(line.key)) and len(bare) <= 80 and not bare.endswith((":", "。"))
            )
        if _ITEM.match(line.key):
            heading = attachment_heading(line)
            return heading is None or bool(heading[1])
        if (
            line.marker
            or date_line(line)
            or bodies_of(line.text)
            or dated_body(line)
            or is_note(line)
        ):
            return False
        if attachment_heading(line) or is_sentence(line):
            return False
        # The second line of a long name: what comes next is a further item or the signature.
        return at + 1 < len(self.lines) and bool(
            _ITEM.match(self.lines[at + 1].key)
            or (
                self._signature(at + 1)
                and not self.signed
                and not ends_like_title(self.lines[at - 1].bare)
            )
        )

    def _ends_list(self, at: int) -> bool:
        """Whether what stands at ``at`` shows that the lines before it were only a list."""
        if at >= len(self.lines):
            return True
        line = self.lines[at]
        return bool(
            self._signature(at)
            or is_note(line)
            or bodies_of(line.text)
            or attachment_heading(line)
            or (self.signed and not line.marker and not is_sentence(line) and not line.rows)
        )

    # --- where a further text begins ----------------------------------------------------------
    def _start_of_text(self, at: int) -> tuple[Section, int] | None:
        line = self.lines[at]
        if line.rows:
            return None
        heading = attachment_heading(line)
        if heading is not None:
            return self._start_of_attachment(at, *heading)
        whole = self._whole_document(at)
        if whole:
            return Section(embedded=True), whole
        if line.marker and not self.signed:
            return None
        known = self._known_title(at)
        if known and (self.signed or self._begins_text(at + known)):
            return self._section(None, at, known)
        if not self.signed or is_note(line) or date_line(line) or self._signature(at):
            return None
        return self._start_after_signature(at)

    def _start_after_signature(self, at: int) -> tuple[Section, int] | None:
        line = self.lines[at]
        if line.marker:
            first = line.marker.value == 1 and line.marker.kind in (
                "book",
                "chapter",
                "article",
                "cn",
            )
            return (Section(), at) if first else None
        if is_contents(line) or is_remark(line):
            return Section(), at
        if is_sentence(line):
            return (Section(), at) if len(line.bare) > 40 and "。" in line.bare else None
        extent = self._title_extent(at)
        return self._section(None, at, extent) if extent else None

    def _section(self, heading: Line | None, at: int, extent: int) -> tuple[Section, int]:
        title = list(self.lines[at : at + extent])
        section = Section(heading, title)
        after = at + extent
        about = "关于" in comparable(section.title_text)
        addressed = any(is_addressee(one) for one in self.lines[after : after + 2])
        numbered = any(read_number(one.text) for one in self.lines[after : after + 1])
        # An annex of a forwarded document belongs to that document.
        forwarded = self.forwards and not (heading and any(one.embedded for one in self.result))
        if (addressed and about) or numbered or forwarded:
            # It is read as a document of its own, title and all.
            return Section(heading, embedded=True), after
        return section, after

    def _start_of_attachment(self, at: int, number: str, title: str) -> tuple[Section, int] | None:
        if self._attachment_list(at):
            return None
        if title:
            if not (self.signed or self._begins_text(at + 1)):
                return None
            return Section(self.lines[at]), at + 1
        after = at + 1
        if after >= len(self.lines):
            return None
        return self._section(self.lines[at], after, self._title_extent(after))

    def _begins_text(self, at: int) -> bool:
        """Whether the lines from ``at`` look like the beginning of a text."""
        if at >= len(self.lines):
            return False
        line = self.lines[at]
        if line.rows or is_contents(line) or is_remark(line) or is_addressee(line):
            return True
        if line.marker:
            return line.marker.value == 1
        top = top_decimal_of(line.key)
        return (top is not None and top.value == 1) or (is_sentence(line) and not is_note(line))

    def _whole_document(self, at: int) -> int:
        """Behind the head of a document with title and number of its own; 0 if none begins here."""
        if read_number(self.lines[at].text):
            # The number first, the title below it.
            extent = self._title_extent(at + 1) if at + 1 < len(self.lines) else 0
            short = len(self.lines[at].bare) < 40
            return at + 1 + extent if short and extent else 0
        for end in range(at, min(at + 4, len(self.lines))):
            line = self.lines[end]
            if end > at and len(line.bare) < 40 and read_number(line.text):
                title = comparable(joined_title([one.text for one in self.lines[at:end]]))
                return end + 1 if ends_like_title(title) and len(title) > 8 else 0
            if not self._may_be_title(line):
                return 0
        return 0

    def _known_title(self, at: int) -> int:
        """How many lines from ``at`` on are a title that the text has named before; 0 if none."""
        joined = ""
        for count in range(1, 5):
            if at + count > len(self.lines):
                return 0
            line = self.lines[at + count - 1]
            if line.rows or line.marker or len(line.bare) > _LONGEST_TITLE:
                return 0
            joined += line.bare
            if joined.strip("《》") in self.named:
                following = self.lines[at + count] if at + count < len(self.lines) else None
                if (
                    following
                    and re.fullmatch(r"\([^()]{1,12}\)", following.bare)
                    and not is_remark(following)
                ):
                    count += 1
                return count
            if not any(name.startswith(joined) for name in self.named):
                return 0
        return 0

    def _title_extent(self, at: int) -> int:
        """How many lines from ``at`` on are a title; 0 if the line cannot be one."""
        known = self._known_title(at)
        if known:
            return known
        joined = ""
        for count in range(1, 5):
            if at + count > len(self.lines):
                break
            line = self.lines[at + count - 1]
            if not self._may_be_title(line):
                break
            joined += line.bare
            if ends_like_title(joined) and joined.count("《") == joined.count("》"):
                following = self.lines[at + count] if at + count < len(self.lines) else None
                if (
                    following
                    and re.fullmatch(r"[(〔][^()]{1,14}[)〕]", following.bare)
                    and not is_remark(following)
                ):
                    return count + 1
                return count
        return 1 if self._may_be_title(self.lines[at]) else 0

    def _may_be_title(self, line: Line) -> bool:
        return not (
            line.rows
            or line.marker
            or len(line.bare) > _LONGEST_TITLE
            or is_sentence(line)
            or is_addressee(line)
            or is_note(line)
            or date_line(line)
            or is_contents(line)
            or is_remark(line)
        )


_ITEM_NUMBER = re.compile(r"^\s*(?:附件\s*)?\d{1,2}\s*[.．、:：]\s*")
_SHORT_NAME = re.compile(r"[\u4e00-\u9fff·]{2,20}")


def _is_short_name(line: Line) -> bool:
    """A name at the right margin that no ending tells to be a body: a foundation, a studio."""
    return line.place == "right" and _SHORT_NAME.fullmatch(line.bare) is not None


def _quoted(bare: str) -> list[str]:
    return [
        name.strip("《》<>")
        for name in re.findall(r"《[^《》]{3,80}(?:《[^《》]*》[^《》]*)?》|<[^<>]{3,80}>", bare)
    ]


def _sign_without_date(section: Section) -> None:
    """Names of bodies at the end of a text are its signature, even if no date follows."""
    at = len(section.entries) - 1
    while at > 0 and (section.entries[at].role == "note" or is_note(section.entries[at].line)):
        section.entries[at].role = "note"
        at -= 1
    while at > 0 and section.entries[at].role == "text" and not section.entries[at].line.marker:
        line = section.entries[at].line
        if not bodies_of(line.text) or line.rows:
            break
        section.entries[at].role = "signature"
        at -= 1
