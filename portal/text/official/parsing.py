"""``parse``: a source taken apart into a document.

The order of the steps: clean, head, texts, clauses, then what clauses and head say together. Every
character of the source ends up in exactly one place: ``lead``, a clause, ``embedded`` or
``removed``.
"""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import findings as codes
from .bodies import bodies_of, body_of_person, merged, without_place
from .citations import citations_of, relations_of
from .cleaning import clean
from .damage import damage_in
from .furniture import Hints
from .genres import genre_of
from .head import Head, read_head
from .line_kinds import addressee_before, is_remark
from .lines import Line
from .model import Attachment, Finding, Parsed, Relation, Source
from .numbers import DATE, first_date, read_number
from .periods import period_of
from .script import comparable, matchable, script_of, squeezed
from .sections import Entry, Section, attachment_heading, date_line, dated_body, divide
from .titles import clean_title
from .tree import Tree, add_section

_ITEM_NUMBER = re.compile(r"\s*(?:附件\s*)?(?P<n>\d{1,2})\s*[.、:]\s*")


def parse(source: Source) -> Parsed:
    """The document that a source holds. Any text gives a result, never an exception.

    What could not be read is "" or None and has a finding; nothing is made up.
    """
    cleaned = clean(source)
    parsed = _document(cleaned.lines, cleaned.hints)
    findings = [*source.findings, *cleaned.findings, *parsed.findings]
    if not cleaned.lines:
        findings = [*source.findings, *cleaned.findings, Finding(codes.EMPTY_DOCUMENT)]
    return replace(
        parsed,
        published_on=cleaned.published_on,
        findings=tuple(findings),
        removed=(*source.removed, *cleaned.removed),
    )


def _document(lines: Sequence[Line], hints: Hints, depth: int = 0) -> Parsed:
    head = read_head(lines)
    body = _apart(lines[head.end :])
    sections = divide(body, head) if depth < _DEEPEST else [_undivided(body)]
    lead_end = _end_of_lead(lines[: head.end])
    main, parts, inner_lines = _grouped(sections)
    tree = Tree()
    add_section(tree, main, lines[lead_end : head.end])
    positions = [add_section(tree, section) for section in parts]
    inner = [_document(own, Hints(), depth + 1) for own in inner_lines]

    signature = signature_of(main)
    if not signature and len(parts) == 1:
        # Some notices leave date and name to the end of the text that they enclose.
        signature = signature_of(parts[0])
    findings = [*head.findings]
    title = _title(head, parts, hints, findings)
    bodies = _bodies(head, signature, hints, findings)
    if not signature.bodies and any(_is_about(title, one.title) for one in inner):
        # 甲关于…的意见的通知 around 甲关于…的意见: 甲 wrote what is forwarded, not this notice.
        findings.append(Finding(codes.ISSUING_BODY_UNCERTAIN, " ".join(bodies)[:60]))
    number, printed = _number(head, hints)
    issued_on = _issued_on(head, signature, hints, findings)
    period = period_of((matchable(clause.text) for clause in tree.clauses), issued_on)
    own_titles = [title, head.title, *(section.title_text for section in parts)]
    relations = list(relations_of(tree.clauses, head.title, own_titles))
    relations += _forwarded(inner, relations, head)
    findings += tree.findings
    findings += damage_in(tree.clauses)
    findings += [
        Finding(codes.ENCLOSED_TITLE_MISSING, section.entries[0].line.text[:60])
        for section in parts
        if not section.title and section.heading is None and section.entries
    ]
    if not parts and not inner and _encloses(head, tree):
        findings.append(Finding(codes.ENCLOSED_TEXT_MISSING, head.title[:60]))
    return Parsed(
        title=title,
        clauses=tuple(tree.clauses),
        lead=tuple(line.text for line in lines[:lead_end]),
        document_number=number,
        document_number_printed=printed,
        issuing_bodies=bodies,
        addressee=_addressee(main),
        issued_on=issued_on,
        effective_on=period.effective_on,
        expires_on=period.expires_on,
        genre=genre_of(title),
        script=script_of("".join(line.text for line in lines)),
        attachments=_attachments(main, parts, positions),
        citations=citations_of(tree.clauses),
        relations=tuple(relations),
        findings=tuple(findings),
        embedded=tuple(inner),
    )


# --- texts ------------------------------------------------------------------------------------
# A document in a document in a document: what lies still deeper is text of the last one.
_DEEPEST = 3


def _apart(lines: Sequence[Line]) -> list[Line]:
    """An addressee with text behind it on one line becomes two lines."""
    result = list(lines)
    if result and (end := addressee_before(result[0])):
        first = result[0]
        result[:1] = [first.with_text(first.text[:end]), first.with_text(first.text[end:].strip())]
    return result


def _undivided(lines: Sequence[Line]) -> Section:
    return Section(entries=[Entry(line) for line in lines])


def _grouped(sections: Sequence[Section]) -> tuple[Section, list[Section], list[list[Line]]]:
    """The document's own text, the texts it encloses, and the lines of documents in it.

    What follows a document in the document belongs to it, so that the order of the text stays.
    """
    parts: list[Section] = []
    inner: list[list[Line]] = []
    for section in sections[1:]:
        if section.embedded:
            inner.append(section.lines)
        elif inner:
            inner[-1] += section.lines
        else:
            parts.append(section)
    return sections[0], parts, inner


def _end_of_lead(lines: Sequence[Line]) -> int:
    """Behind the last line of the head that became a field; remarks after it are preamble."""
    end = len(lines)
    while end and is_remark(lines[end - 1]) and not read_number(lines[end - 1].text):
        end -= 1
    return end


# --- signature --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Signature:
    """``unread``: a date stands there that is none of the calendar."""

    bodies: tuple[str, ...] = ()
    date: datetime.date | None = None
    unread: str = ""

    def __bool__(self) -> bool:
        return bool(self.bodies or self.date or self.unread)


def signature_of(section: Section) -> Signature:
    """The names and the date at the end of a text."""
    names: list[str] = []
    day, unread = None, ""
    for entry in section.entries:
        line = entry.line
        if entry.role != "signature":
            continue
        cut = dated_body(line)
        if cut or date_line(line):
            found = first_date(line.text[cut:] if cut else line.text)
            day = day or found
            unread = unread or ("" if found else line.text)
            names += bodies_of(line.text[:cut]) if cut else ()
            continue
        is_person, body = body_of_person(line.text)
        found_names = bodies_of(line.text)
        if found_names:
            names += found_names
        elif is_person and body:
            names.append(body)
        elif line.place == "right" and not is_person:
            names.append(squeezed(line.text))
    return Signature(tuple(dict.fromkeys(names)), day, "" if day else unread)


# --- fields -----------------------------------------------------------------------------------
def _title(head: Head, parts: Sequence[Section], hints: Hints, findings: list[Finding]) -> str:
    titled = [section.title_text for section in parts if section.title and section.heading is None]
    if head.title and not (head.order and len(titled) == 1):
        return head.title
    if len(titled) == 1:
        findings.append(Finding(codes.TITLE_FROM_ENCLOSED, titled[0][:60]))
        return clean_title(titled[0])
    if head.title:
        return head.title
    if hints.title:
        return hints.title
    findings.append(Finding(codes.TITLE_MISSING))
    return ""


def _bodies(
    head: Head, signature: Signature, hints: Hints, findings: list[Finding]
) -> tuple[str, ...]:
    bodies: tuple[str, ...] = ()
    if signature.bodies and head.title_bodies:
        bodies = merged(head.title_bodies, signature.bodies)
        if len(bodies) == len(head.title_bodies) + len(signature.bodies):
            # Title and signature name different bodies: the title is the document's own word.
            bodies = head.title_bodies
            findings.append(Finding(codes.ISSUING_BODY_UNCERTAIN, " ".join(signature.bodies)[:60]))
    else:
        bodies = head.title_bodies or signature.bodies
    if not bodies and head.red_bodies:
        bodies = head.red_bodies
    if not bodies:
        said = _bodies_that_passed(head.passed)
        hinted = bodies_of(hints.body) if hints.body else ()
        placed = tuple(without_place(name) for name in head.placed_bodies)
        bodies = said or hinted or placed
        code = codes.ISSUING_BODY_UNCERTAIN if bodies else codes.ISSUING_BODY_MISSING
        findings.append(Finding(code, " ".join(bodies)))
    if head.more_bodies and len(bodies) < 2:
        findings.append(Finding(codes.ISSUING_BODIES_INCOMPLETE, head.title[:60]))
    return bodies


_BY_ORDER = re.compile(
    r"(?P<names>[\u4e00-\u9fff、]{2,60}?)(?:令|公告)?(?:第.{1,6}号)?(?:发布|公布|印发)"
)
_BY_MEETING = re.compile(
    r"(?P<names>[\u4e00-\u9fff]{0,24}?(?:人民代表大会常务委员会|人民代表大会|人民政府|国务院|人民法院"
    r"|人民检察院|[\u4e00-\u9fff](?:部|总局|总署|委员会|厅)))"
    r"(?:第|令|办公|常务|\(|公告|审判|检察|部务|局务|批准|[\u4e00-\u9fff]政)"
)
_TERM = re.compile(r"第[一二三四五六七八九十百]+届")


def _bodies_that_passed(remark: str) -> tuple[str, ...]:
    """Who issued a text, from the remark under its title: 某市第三届人民代表大会常务委员会….

    Who published it goes before who approved it.
    """
    key = _TERM.sub("", re.sub(DATE, ";", squeezed(matchable(remark))))
    for pattern in (_BY_ORDER, _BY_MEETING):
        for found in pattern.finditer(key):
            names = found["names"].removeprefix("中华人民共和国").removeprefix("经")
            bodies = bodies_of(names.removeprefix("由"))
            if bodies:
                return bodies
    return ()


def _number(head: Head, hints: Hints) -> tuple[str, str]:
    if head.number:
        return head.number, head.number_printed
    hinted = read_number(hints.number) if hints.number else None
    return (hinted.normalised, hinted.printed) if hinted else ("", "")


def _issued_on(
    head: Head, signature: Signature, hints: Hints, findings: list[Finding]
) -> datetime.date | None:
    if signature.unread:
        findings.append(Finding(codes.DATE_NOT_READ, signature.unread))
    for day in (signature.date, head.date):
        if day is not None:
            return day
    for day in (hints.issued_on, head.passed_on):
        if day is not None:
            findings.append(Finding(codes.DATE_UNCERTAIN, day.isoformat()))
            return day
    findings.append(Finding(codes.DATE_MISSING))
    return None


def _addressee(main: Section) -> str:
    found = ""
    for entry in main.entries:
        if entry.role == "addressee":
            found += entry.line.text
        elif found:
            break
    return found.strip().rstrip(":：").strip()


def _attachments(
    main: Section, parts: Sequence[Section], positions: Sequence[int | None]
) -> tuple[Attachment, ...]:
    """What the list at the end names, with the place of each text that is in the document."""
    enclosed = {
        comparable(_own_title(section)): position
        for section, position in zip(parts, positions, strict=True)
        if position is not None
    }
    result: list[Attachment] = []
    for line in (entry.line for entry in main.entries if entry.role == "attachment"):
        found = attachment_heading(line)
        number, title = found or ("", line.text)
        item = _ITEM_NUMBER.match(matchable(title))
        if item:
            number, title = item["n"], title[item.end() :]
        elif found is None and result:
            # The second line of a long name.
            before = result.pop()
            number, title = before.number, before.title + title.strip()
        if title.strip():
            title = title.strip()
            digits = re.sub(r"\D", "", number)
            result.append(Attachment(digits, title, enclosed.get(comparable(title).strip("《》"))))
    listed = {attachment.clause for attachment in result}
    waiting: dict[str, list[int]] = {}
    for at, one in enumerate(result):
        if one.clause is None:
            waiting.setdefault(one.number, []).append(at)
    single = len(result) == 1
    for section, position in zip(parts, positions, strict=True):
        if section.heading is None or position in listed:
            continue
        heading = attachment_heading(section.heading)
        number = comparable(heading[0]).strip(":.、") if heading else ""
        digits = number.removeprefix("附件").removeprefix("附")
        places = waiting.get(digits, [])
        if places and (digits or single):
            known = places.pop(0)
            result[known] = replace(result[known], clause=position)
        else:
            result.append(Attachment(digits, _own_title(section), position))
    return tuple(result)


def _own_title(section: Section) -> str:
    if section.title:
        return section.title_text
    heading = attachment_heading(section.heading) if section.heading is not None else None
    return heading[1] if heading else ""


def _encloses(head: Head, tree: Tree) -> bool:
    """Whether a notice brings a text into force that is nowhere in the file."""
    if not re.search(r"印发|转发|批转", comparable(head.title)) or any(
        clause.number for clause in tree.clauses
    ):
        return False
    return any(re.search(r"印发|转发", matchable(clause.text)) for clause in tree.clauses)


def _forwarded(
    inner: Sequence[Parsed], relations: Sequence[Relation], head: Head
) -> list[Relation]:
    """A forwarding notice's relation to the document in it, if its text does not name it."""
    if not re.search(r"转发|批转", comparable(head.title)):
        return []
    known = {_from_about(one.title) for one in relations if one.kind == "forwards"}
    return [
        Relation("forwards", one.title, one.document_number, None, head.title)
        for one in inner
        if one.title and _from_about(one.title) not in known
    ]


def _is_about(title: str, inner: str) -> bool:
    """Whether a title is that of another document and 的通知, with no word of who forwards it."""
    return bool(inner) and comparable(title) in (
        f"{comparable(inner)}的通知",
        f"{comparable(inner)}通知",
    )


def _from_about(title: str) -> str:
    """A title without the body that may stand before 关于."""
    bare = comparable(title)
    return bare[max(0, bare.find("关于")) :]
