"""Clauses for other plugins: their words and validity at a moment, by id or by their names."""

import datetime
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from portal.plugin_api import CitedClauses, ClauseText, Standing, page_holds_until, public_urls
from portal.policy_interpretation.clauses import (
    ClauseData,
    from_json,
    label_of,
    short_id,
    text_below,
    to_text,
)
from portal.policy_interpretation.models import PolicyPage, PolicyVersion
from portal.policy_interpretation.models.documents import STANDINGS, midnight
from portal.policy_interpretation.validity import IN_FORCE, interval
from portal.text.official.citing import paths_of, place
from portal.text.official.numbers import NUMERAL, int_of
from portal.text.official.script import matchable, squeezed


# --- as of a moment -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TextOfTime:
    """The clauses from ``since`` (None: the beginning) to the day before ``until``."""

    clauses: Sequence[ClauseData]
    since: datetime.date | None = None
    until: datetime.date | None = None

    def holds(self, day: datetime.date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or self.until > day
        )

    def find(self, clause_id: str) -> ClauseData | None:
        wanted = short_id(clause_id)
        return next((clause for clause in self.clauses if clause.short_id == wanted), None)


@dataclass(slots=True)
class Document:
    page: PolicyPage
    url: str
    texts: list[TextOfTime] = field(default_factory=list)  # the oldest first; never empty

    def text_on(self, day: datetime.date) -> TextOfTime | None:
        """The text that holds on a day; None where it is not kept."""
        return next((text for text in self.texts if text.holds(day)), None)


def read(cites: Sequence[CitedClauses], *, at: datetime.datetime | None = None) -> list[ClauseText]:
    """See ``Clauses.read``."""
    moment = at or timezone.now()
    day = timezone.localdate(moment) if timezone.is_aware(moment) else moment.date()
    documents = documents_of({cited.document for cited in cites})
    for document in documents.values():
        # Of the text that is there now; those of other days are between their own days.
        page_holds_until(*document.page.standing_changes())
        page_holds_until(*(midnight(text.since) for text in document.texts))
    return [
        text
        for cited in cites
        if cited.document in documents
        for text in _read(cited, documents[cited.document], day)
    ]


def documents_of(pks: set[int]) -> dict[int, Document]:
    """The public documents, an alias as the document that it shows. At most three queries."""
    pages = PolicyPage.objects.select_related("policy_record").filter(live=True)
    found = {page.pk: page for page in pages.filter(pk__in=pks)}
    aliases = {page.alias_of_id for page in found.values() if page.alias_of_id}
    originals = {page.pk: page for page in pages.filter(pk__in=aliases)} if aliases else {}
    shown = {pk: originals.get(page.alias_of_id or 0, page) for pk, page in found.items()}
    urls = public_urls((page.pk, page.path, page.url_path) for page in shown.values())
    texts = _texts([page for page in shown.values() if page.pk in urls])
    return {
        pk: Document(page, urls[page.pk], texts[page.pk])
        for pk, page in shown.items()
        if page.pk in urls
    }


def _texts(pages: Sequence[PolicyPage]) -> dict[int, list[TextOfTime]]:
    """All texts that are kept of each; one query, and none where none was ever amended."""
    found: dict[int, list[TextOfTime]] = {page.pk: [] for page in pages}
    amended = [page.pk for page in pages if page.record and page.record.text_since]
    if amended:
        for version in PolicyVersion.objects.filter(policy__in=amended):
            text = TextOfTime(from_json(version.clauses), version.since, version.until)
            found[version.policy_id].append(text)
    for page in pages:
        if not found[page.pk]:
            found[page.pk] = [TextOfTime(page.clauses())]
    return found


def _read(cited: CitedClauses, document: Document, day: datetime.date) -> Iterator[ClauseText]:
    if not cited.clauses:
        yield _whole(document, day)
    for clause_id in cited.clauses:
        found = clause_on(document, clause_id, day)
        if found is not None:
            yield found


def _whole(document: Document, day: datetime.date) -> ClauseText:
    page = document.page
    first, end = interval(page.dates)
    texts = document.texts
    text = document.text_on(day) or texts[0]
    lines = (f"{clause.number} {clause.text}".strip() for clause in text.clauses)
    return ClauseText(
        document=page.pk,
        clause="",
        title=page.title,
        label="",
        text="\n".join(line for line in lines if line),
        url=document.url,
        standing=STANDINGS[page.validity(day)].value,
        valid_from=midnight(first),
        valid_until=midnight(end),
        since=midnight(text.since),
    )


def clause_on(document: Document, clause_id: str, day: datetime.date) -> ClauseText | None:
    """A clause in the text of the day; else as it read last before that, or first after it."""
    having = [(text, clause) for text in document.texts if (clause := text.find(clause_id))]
    if not having:
        return None
    page = document.page
    now = [pair for pair in having if pair[0].holds(day)]
    before = [pair for pair in having if pair[0].until is not None and pair[0].until <= day]
    text, clause = (now or before[-1:] or having[:1])[0]
    first, end = interval(page.dates)
    came = having[0][0]  # with an amendment, unless the texts that are kept begin there
    starts = [first, came.since if came is not document.texts[0] else None]
    ends = [end, having[-1][0].until, having[-1][1].invalid_from]
    valid_from = max((start for start in starts if start), default=None)
    valid_until = min((ended for ended in ends if ended), default=None)
    return ClauseText(
        document=page.pk,
        clause=clause.id,
        title=page.title,
        label=label_of(text.clauses, clause.id),
        text=text_below(_holding(text.clauses, clause, day), clause.id),
        url=reverse("policy_interpretation:clause", args=[page.pk, clause.short_id]),
        standing=_standing(page, clause, day, valid_from, valid_until).value,
        valid_from=midnight(valid_from),
        valid_until=midnight(valid_until),
        since=midnight(clause.since),
    )


def _holding(
    clauses: Sequence[ClauseData], clause: ClauseData, day: datetime.date
) -> list[ClauseData]:
    """Without what ended below a clause that holds itself."""
    ended = clause.invalid_from is not None and clause.invalid_from <= day
    return [
        other
        for other in clauses
        if ended or other.invalid_from is None or other.invalid_from > day
    ]


def _standing(
    page: PolicyPage,
    clause: ClauseData,
    day: datetime.date,
    valid_from: datetime.date | None,
    valid_until: datetime.date | None,
) -> Standing:
    """The document's, where it is not in force; else the clause's own."""
    validity = page.validity(day)
    if validity not in IN_FORCE:
        return STANDINGS[validity]
    if valid_until is not None and valid_until <= day:
        return Standing.EXPIRED
    if valid_from is not None and valid_from > day:
        return Standing.NOT_YET_EFFECTIVE
    changed = clause.since is not None and clause.since <= day
    return Standing.AMENDED if changed else Standing.IN_FORCE


# --- by name ------------------------------------------------------------------------------------
_STEP = re.compile(r"(之|附件|附)?(\d+)(编|章|节|条|款|项|目|部分|段|点)?")
_NUMBERS = re.compile(rf"[{NUMERAL}\d]+")
_FIRST_PARAGRAPH = "1款"
# Brackets stand between a number and its unit: 第（三）项.
_SIGNS = {ord(sign): None for sign in "()（）〔〕[]第"} | {ord("、"): "|", ord("."): "|"}


def find(*, document: int, words: str) -> str:
    """See ``Clauses.find``."""
    found = documents_of({document}).get(document)
    wanted = _name(words)
    if found is None or not wanted:
        return ""
    today = timezone.localdate()
    names = _names((found.text_on(today) or found.texts[-1]).clauses)
    # 第三条第一款 is the article itself where it has no second one; 12 is 第十二条.
    for name in (wanted, wanted.removesuffix(f"|{_FIRST_PARAGRAPH}"), f"{wanted}条"):
        ids = names.get(name, ())
        if ids:
            return ids[0] if len(ids) == 1 else ""
    return ""


def _names(clauses: Sequence[ClauseData]) -> Mapping[str, list[str]]:
    """The ids by all that clauses are called: 第三条第一款第（二）项, 第三条（二）, 三、（一）."""
    names: dict[str, list[str]] = {}
    for clause, path in zip(clauses, paths_of(to_text(clauses)), strict=True):
        if clause.level in ("preamble", "signature"):
            continue
        full = _name(place(path))
        called = {full, _without_paragraph(full)}
        if clause.number:
            called.add(_name(label_of(clauses, clause.id)))
        for name in called - {""}:
            names.setdefault(name, []).append(clause.id)
    return names


def _name(words: str) -> str:
    """The numbers and their units: 第十二条第（三）项 and 第12条 第3项 are ``12条|3项``."""
    text = squeezed(matchable(unicodedata.normalize("NFKC", words)))[:80]
    digits = _NUMBERS.sub(lambda found: str(int_of(found.group()) or ""), text)
    digits = digits.translate(_SIGNS)
    steps: list[str] = []
    for before, number, unit in _STEP.findall(digits):
        if before == "之" and steps:
            steps[-1] += f"之{number}"
        else:
            steps.append(f"{before}{number}{unit}")
    return "|".join(steps)


def _without_paragraph(name: str) -> str:
    """People leave out the 款 where an item is meant: 第三条第（二）项."""
    steps = name.split("|")
    below = [step for step in steps[:-1] if not step.endswith("款")]
    return "|".join([*below, *steps[-1:]])
