"""The public ledger: answered letters whose result is public, as anybody may read them (R-INT-07).

Nothing here reads who wrote. Lists do not count what they cannot show: beyond ``MOST`` letters a
list asks to be narrowed, so that a page costs the same with a hundred thousand letters.
"""

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from portal.interaction.masking import masked, masked_reply
from portal.interaction.models import Letter, LetterKind, LetterRating, Publicity, Reply, ReplyState
from portal.plugin_api import kept_text, public_urls

MOST = 500
LOOKED_THROUGH = 500
_LONGEST_WORDS = 60
_EXCERPT = 140


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    """What the list is narrowed to; "" does not narrow. Values that cannot be are taken as ""."""

    q: str = ""
    kind: str = ""
    unit: str = ""
    year: str = ""
    theme: str = ""
    language: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "LedgerFilters":
        given = {field.name: query.get(field.name, "").strip() for field in fields(cls)}
        if given["kind"] not in LetterKind.values:
            given["kind"] = ""
        if not (given["year"].isascii() and given["year"].isdecimal() and len(given["year"]) == 4):
            given["year"] = ""
        if not (given["unit"].isascii() and given["unit"].isdecimal() and len(given["unit"]) < 10):
            given["unit"] = ""
        given["theme"] = given["theme"][:12]
        given["q"] = " ".join(given["q"].replace("\0", " ").split())[:_LONGEST_WORDS]
        return cls(**given)

    @property
    def is_narrowed(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def query(self) -> str:
        pairs = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return urlencode([(name, value) for name, value in pairs if value])


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """The five columns and what leads to more; texts are masked."""

    number: str
    kind: str
    kind_label: str
    subject: str
    excerpt: str
    accepted_at: datetime.datetime
    answered_at: datetime.datetime
    unit: str
    unit_pk: int | None
    in_time: bool | None
    language: str


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """``count`` is exact up to ``MOST``; ``is_more``: there are more than that."""

    rows: Sequence[LedgerRow]
    count: int
    is_more: bool


def public_letters(site: int | None = None) -> QuerySet[Letter]:
    """Letters that everybody may read; ``site`` None: of all sites."""
    letters = Letter.objects.filter(
        publicity=Publicity.PUBLIC, published_at__isnull=False, answered_at__isnull=False
    )
    return letters if site is None else letters.filter(site=site)


def public_replies() -> QuerySet[Reply]:
    """Answers that the office has published; of letters that everybody may read."""
    return Reply.objects.filter(state=ReplyState.RELEASED, published_at__isnull=False)


def _shown_replies() -> Prefetch:
    """What was sent and then looked over: a new answer is not public by itself."""
    released = public_replies().select_related("unit")
    return Prefetch("replies", queryset=released.order_by("released_at", "pk"), to_attr="released")


def _narrowed(site: int | None, filters: LedgerFilters) -> QuerySet[Letter]:
    letters = public_letters(site)
    if filters.kind:
        letters = letters.filter(kind=filters.kind)
    if filters.unit:
        letters = letters.filter(unit=int(filters.unit))
    if filters.theme:
        letters = letters.filter(theme=filters.theme)
    if filters.language:
        letters = letters.filter(language=filters.language)
    if filters.year and 1 < int(filters.year) < 9_999:
        letters = letters.filter(
            answered_at__gte=_first_of(int(filters.year)),
            answered_at__lt=_first_of(int(filters.year) + 1),
        )
    if filters.q:
        letters = _having(letters, filters.q)
    return letters


def _first_of(year: int) -> datetime.datetime:
    return datetime.datetime(year, 1, 1, tzinfo=timezone.get_current_timezone())


def _having(letters: QuerySet[Letter], words: str) -> QuerySet[Letter]:
    """With these words in subject or text, among the newest; or with this very number."""
    if letters.filter(number=words.upper()).exists():
        return letters.filter(number=words.upper())
    newest = letters.order_by("-answered_at").values("pk")[:LOOKED_THROUGH]
    found = Letter.objects.filter(pk__in=newest)
    for word in words.split()[:5]:
        found = found.filter(Q(masked_subject__icontains=word) | Q(masked_text__icontains=word))
    return found


def ledger(site: int | None, filters: LedgerFilters, *, offset: int, limit: int) -> LedgerPage:
    """A part of the list, newest answer first. Three queries, four with words."""
    letters = _narrowed(site, filters)
    count = letters.order_by()[: MOST + 1].count()
    is_more = count > MOST
    shown = (
        letters.select_related("unit")
        .prefetch_related(_shown_replies())
        .defer("text", "chinese_text", "conversation")
        .order_by("-answered_at", "-pk")[offset : min(offset + limit, MOST)]
    )
    rows = [_row(letter) for letter in shown] if offset < count else []
    return LedgerPage(rows=rows, count=min(count, MOST), is_more=is_more)


def newest(site: int | None, count: int, *, language: str = "") -> list[LedgerRow]:
    """The newest public answers: two queries."""
    filters = LedgerFilters(language=language)
    letters = _narrowed(site, filters).select_related("unit").prefetch_related(_shown_replies())
    letters = letters.defer("text", "chinese_text", "conversation")
    return [_row(letter) for letter in letters.order_by("-answered_at", "-pk")[:count]]


def _row(letter: Letter) -> LedgerRow:
    replies: list[Reply] = letter.released  # type: ignore[attr-defined]
    last = replies[-1] if replies else None
    unit = (last.unit if last is not None and last.unit is not None else None) or letter.unit
    text = public_reply(last) if last is not None else ""
    return LedgerRow(
        number=letter.number,
        kind=letter.kind,
        kind_label=str(letter.get_kind_display()),
        subject=public_subject(letter),
        excerpt=_cut(text),
        accepted_at=letter.accepted_at or letter.received_at,
        answered_at=letter.answered_at or letter.received_at,
        unit=unit.short_name if unit is not None else "",
        unit_pk=unit.pk if unit is not None else None,
        in_time=letter.in_time,
        language=letter.language,
    )


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _EXCERPT else f"{flat[:_EXCERPT]}…"


# --- one letter -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PublicLetter:
    """All that the public reads of a letter, masked; ``rating`` is what the writer gave."""

    letter: Letter
    subject: str
    text: str
    replies: Sequence["PublicReply"]
    follow_up: str
    rating: LetterRating | None


@dataclass(frozen=True, slots=True)
class PublicReply:
    text: str
    translation: str
    unit: str
    at: datetime.datetime
    basis: Sequence["BasisLink"]


@dataclass(frozen=True, slots=True)
class BasisLink:
    """What a reply rests on; ``url`` is "" where it is no longer public."""

    label: str
    url: str = ""


def public_letter(site: int | None, number: str) -> PublicLetter | None:
    """A letter of the ledger; None where there is none that everybody may read."""
    letter = (
        public_letters(site)
        .filter(number=number)
        .select_related("unit", "site", "rating", "follow_up")
        .prefetch_related(_shown_replies(), "released__basis__target")  # type: ignore[misc]
        .first()
    )
    if letter is None:
        return None
    follow_up = getattr(letter, "follow_up", None)
    return PublicLetter(
        letter=letter,
        subject=public_subject(letter),
        text=letter.masked_text or masked(letter.text),
        replies=[
            PublicReply(
                text=public_reply(reply),
                translation=reply.masked_translation,
                unit=reply.unit.full_name if reply.unit else "",
                at=reply.released_at or reply.changed_at,
                basis=basis_links(reply),
            )
            for reply in letter.released  # type: ignore[attr-defined]
        ],
        follow_up=follow_up.masked_text if follow_up and follow_up.published_at else "",
        rating=getattr(letter, "rating", None),
    )


def public_subject(letter: Letter) -> str:
    return letter.masked_subject or masked(letter.subject)


def public_reply(reply: Reply) -> str:
    return reply.masked_text or masked_reply(reply.text)


def basis_links(reply: Reply) -> list[BasisLink]:
    """Pages and clauses behind a reply, with addresses where they are public."""
    rows = [basis for basis in reply.basis.all() if basis.label or basis.target is not None]
    targets = [basis.target for basis in rows if basis.target is not None and basis.target.live]
    urls = public_urls((page.pk, page.path, page.url_path) for page in targets)
    return [
        BasisLink(
            label=basis.label or (basis.target.title if basis.target is not None else ""),
            url=urls.get(basis.target_id or 0, ""),
        )
        for basis in rows
    ]


# --- what the list can be narrowed to -------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LedgerChoices:
    kinds: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]
    years: Sequence[str]


def choices_of(site: int | None) -> LedgerChoices:
    """Kept until public content changes: asked with each view of the list."""
    kept = json.loads(kept_text(("interaction", "choices", site or 0), lambda: _choices(site)))
    labels = dict(LetterKind.choices)
    return LedgerChoices(
        kinds=[
            (value, str(labels[value])) for value in LetterKind.values if value in kept["kinds"]
        ],
        units=[(str(pk), name) for pk, name in kept["units"]],
        years=[str(year) for year in kept["years"]],
    )


def _choices(site: int | None) -> str:
    letters = public_letters(site).order_by()
    # One look into an index for each, in place of reading all letters for what differs.
    kinds = [kind for kind in LetterKind.values if letters.filter(kind=kind).exists()]
    organisations: Any = Letter._meta.get_field("unit").related_model
    units = list(
        organisations._default_manager.filter(Exists(letters.filter(unit=OuterRef("pk"))))
        .order_by()
        .values_list("pk", "short_name")
    )
    first = letters.order_by("answered_at").values_list("answered_at", flat=True).first()
    last = letters.order_by("-answered_at").values_list("answered_at", flat=True).first()
    years = (
        range(timezone.localtime(last).year, timezone.localtime(first).year - 1, -1)
        if first and last
        else ()
    )
    units.sort(key=lambda unit: unit[1])
    return json.dumps({"kinds": kinds, "units": units, "years": list(years)})
