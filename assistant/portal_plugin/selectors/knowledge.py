"""Entries as an answer shows them, at a moment; the truth, whatever an index still holds."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, FilteredRelation, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import Revision
from wagtail.rich_text import expand_db_html

from assistant.portal_plugin.clause_lookup import texts_of
from assistant.portal_plugin.models import QuestionPage, QuestionSource, Trust
from assistant.portal_plugin.texts import html_to_traditional, plain_text, to_traditional
from portal.plugin_api import (
    ClauseText,
    Publication,
    Standing,
    is_recorded,
    page_holds_until,
    public_urls,
    tree_language,
)
from portal.text.chinese_words import mark_chinese

from .staleness import Made, is_too_far_behind, stale_since

ZH_HANS = "zh-hans"
ZH_HANT = "zh-hant"


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer rests on. ``url`` "" where it cannot be opened; ``clauses`` are labels.

    ``version`` is the revision of a page of the portal that is public at the moment asked for,
    ``since`` from when. ``ids`` are those of the cited clauses. ``tree`` is the language of the
    tree that the page stands in, "" for an address elsewhere.
    """

    kind: str
    label: str
    url: str
    clauses: tuple[str, ...] = ()
    passage: str = ""
    page: int | None = None
    version: int | None = None
    valid_from: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None
    standing: str = Standing.IN_FORCE
    ids: tuple[str, ...] = ()
    since: datetime.datetime | None = None
    tree: str = ""


@dataclass(frozen=True, slots=True)
class Answerable:
    """An entry that is public and in force at a moment, with all that an answer shows of it.

    ``answer_html`` is ready to be shown, ``answer_text`` the same without markup. ``version`` is
    the revision that was public then. ``stale_since``: from when the source of a translation says
    something else than it was made from; ``is_withheld``: for so long that the translation is no
    longer given. ``original_url`` leads to that source, ``original_language`` is its language;
    ``tree`` is the language of the tree that the entry stands in.
    """

    page: int
    entry: str
    version: int | None
    site: int | None
    language: str
    question: str
    title: str
    answer_html: str
    answer_text: str
    url: str
    topic: str = ""
    topic_name: str = ""
    audience: tuple[str, ...] = ()
    owner: str = ""
    valid_from: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None
    standing: str = Standing.IN_FORCE
    trust: str = Trust.HUMAN
    since: datetime.datetime | None = None
    translation_of: int | None = None
    stale_since: datetime.datetime | None = None
    is_withheld: bool = False
    original_url: str = ""
    original_language: str = ""
    tree: str = ZH_HANS
    sources: tuple[Source, ...] = ()

    @property
    def is_stale(self) -> bool:
        return self.stale_since is not None


@dataclass(frozen=True, slots=True)
class Worded:
    """An entry in the words of a language.

    ``language`` is the language that the words are in; ``is_asked_language`` is false where there
    is no approved translation and the text must carry a label. ``is_behind``: there is one, but
    its source has said something else for too long. ``is_converted``: traditional characters made
    from the approved simplified text.
    """

    entry: Answerable
    language: str
    is_asked_language: bool
    is_converted: bool = False
    is_behind: bool = False


def answerable(ids: Iterable[int], *, at: datetime.datetime | None = None) -> dict[int, Answerable]:
    """Those of some entries (primary keys) that are public and in force at a moment, by key.

    A past moment gives the text and the validity of that day. Nothing is cached: what was
    withdrawn, or rests on what has ended, a moment ago is left out. Two queries for the present,
    and one for the links in the answers.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    states = _present(wanted, timezone.now()) if at is None else _past(wanted, at)
    return _answerable(states, at)


def current_entries(at: datetime.datetime | None = None) -> QuerySet[QuestionPage]:
    """The entries that are public and in force now (or at a moment, as far as still public)."""
    moment = at or timezone.now()
    open_row = _open("publications", "publication")
    found: QuerySet[QuestionPage] = (
        QuestionPage.objects.filter(live=True)
        .annotate(**open_row)
        .filter(_holds("publication", moment))
    )
    return found


def hold_until_next(entries: QuerySet[QuestionPage]) -> None:
    """A page that shows which of some entries are in force holds until that changes for one.

    One query, while a page is recorded.
    """
    if is_recorded():
        rows = Publication.objects.filter(
            page__in=entries.order_by().values("pk"), closed=False, changes_at__gt=timezone.now()
        )
        page_holds_until(rows.aggregate(first=Min("changes_at"))["first"])


def in_language(entry: Answerable, language: str, *, at: datetime.datetime | None = None) -> Worded:
    """The approved translation of an entry word for word, else its source's text, with a label.

    A translation that is withheld counts as none. Traditional Chinese is the simplified text
    converted, never a translation.
    """
    if entry.language == language and not entry.is_withheld:
        return Worded(entry, language, is_asked_language=True)
    if language == ZH_HANT and entry.language == ZH_HANS and not entry.is_withheld:
        return Worded(converted(entry), ZH_HANT, is_asked_language=True, is_converted=True)
    group = _group_of(entry, at)
    given = [candidate for candidate in group if not candidate.is_withheld]
    spoken = ZH_HANS if language == ZH_HANT else language
    for candidate in given:
        if candidate.language == language:
            return Worded(candidate, language, is_asked_language=True)
    for candidate in given:
        if candidate.language == spoken:  # traditional script was asked for
            return Worded(converted(candidate), language, True, is_converted=True)
    root = next((other for other in group if other.page == entry.translation_of), entry)
    is_behind = any(one.is_withheld and one.language == spoken for one in (entry, *group))
    return Worded(root, root.language, is_asked_language=False, is_behind=is_behind)


def converted(entry: Answerable) -> Answerable:
    """An entry in traditional characters; addresses stay."""
    return replace(
        entry,
        language=ZH_HANT,
        question=to_traditional(entry.question),
        title=to_traditional(entry.title),
        answer_html=html_to_traditional(entry.answer_html),
        answer_text=to_traditional(entry.answer_text),
        topic_name=to_traditional(entry.topic_name),
        owner=to_traditional(entry.owner),
        sources=tuple(
            replace(
                source,
                label=to_traditional(source.label),
                clauses=tuple(map(to_traditional, source.clauses)),
                passage=to_traditional(source.passage),
            )
            for source in entry.sources
        ),
    )


def translations_of(entry: Answerable, at: datetime.datetime | None = None) -> list[Answerable]:
    """The other languages of an entry that are public and in force, its source first."""
    return _group_of(entry, at)


# --- one entry and its publication ----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Shown:
    """What the record of what is public says of a version."""

    version: int | None
    site_id: int | None
    since: datetime.datetime | None
    valid_from: datetime.datetime | None
    valid_until: datetime.datetime | None
    standing: str | None
    until: datetime.datetime | None

    @classmethod
    def of(cls, row: Any, prefix: str = "") -> "_Shown":
        return cls(*(getattr(row, f"{prefix}{name}", None) for name in _FIELDS))

    def holds(self, at: datetime.datetime) -> bool:
        """The rule of ``PublicationQuerySet.current`` for one row."""
        begins = (self.since or _LATEST, self.valid_from)
        ends = (self.until, self.valid_until)
        return all(begin is None or begin <= at for begin in begins) and all(
            end is None or end > at for end in ends
        )


_FIELDS = ("version", "site_id", "since", "valid_from", "valid_until", "standing", "until")
_LATEST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class _State:
    """A version of an entry: the page as it was public then, its publication, its sources.

    ``original``: of a translation, its source as it was public then.
    """

    page: QuestionPage
    shown: _Shown
    sources: Sequence[Source]
    original: QuestionPage | None = None


def _open(path: str, name: str) -> dict[str, Any]:
    """The open publication of a page, reached by ``path``, joined under ``name``."""
    return {name: FilteredRelation(path, condition=Q(**{f"{path}__closed": False}))}


def _holds(name: str, at: datetime.datetime) -> Q:
    """Public and in force at a moment (``PublicationQuerySet.current`` for a joined row)."""
    return (
        Q(**{f"{name}__since__lte": at})
        & (Q(**{f"{name}__until": None}) | Q(**{f"{name}__until__gt": at}))
        & (Q(**{f"{name}__valid_from": None}) | Q(**{f"{name}__valid_from__lte": at}))
        & (Q(**{f"{name}__valid_until": None}) | Q(**{f"{name}__valid_until__gt": at}))
    )


def _present(pks: list[int], now: datetime.datetime) -> dict[int, _State]:
    current = Publication.objects.current(now)
    pages = (
        QuestionPage.objects.filter(pk__in=pks, live=True)
        .annotate(**_open("publications", "publication"))
        .filter(_holds("publication", now))
        .filter(
            Q(translation_of=None) | Exists(current.filter(page=OuterRef("translation_of"))),
            ~Exists(current.filter(page=OuterRef("superseded_by"))),
        )
        .annotate(**{f"_{name}": F(f"publication__{name}") for name in _FIELDS})
        .select_related("topic", "owner_unit", "translation_of")
    )
    found = {page.pk: page for page in pages}
    originals = {page.translation_of_id for page in found.values() if page.translation_of_id}
    sources = _present_sources(found.keys() | originals, now)
    states = {}
    for pk, page in found.items():
        resting = _with_original(sources, pk, page.translation_of_id)
        if resting is not None:
            states[pk] = _State(page, _Shown.of(page, "_"), resting, page.translation_of)
    return states


def _with_original(
    sources: Mapping[int, list[Source] | None], pk: int, original: int | None
) -> list[Source] | None:
    """What an entry rests on: its own sources, else those of the entry that it translates.

    None where one of either is not public and in force.
    """
    own, others = sources.get(pk, []), sources.get(original or 0, [])
    return None if own is None or others is None else own or others


def _present_sources(pks: Iterable[int], now: datetime.datetime) -> dict[int, list[Source] | None]:
    """The sources of each entry that has some; None where one is not public and in force."""
    rows = list(
        QuestionSource.objects.filter(page__in=list(pks))
        .annotate(**_open("target__publications", "publication"))
        .annotate(**{f"_{name}": F(f"publication__{name}") for name in _FIELDS})
        .select_related("target")
        .order_by("page_id", "sort_order", "pk")
    )
    return _read(((row.page_id, row, _Shown.of(row, "_")) for row in rows), now)


def _read(
    rows: Iterable[tuple[int, QuestionSource, _Shown | None]], at: datetime.datetime
) -> dict[int, list[Source] | None]:
    """Rows of sources as they are shown, by entry; the clauses of all are asked for at once."""
    known = list(rows)
    cites = [(row.target, row.clauses) for _pk, row, _shown in known if row.target and row.clauses]
    texts = texts_of(cites, at=at) if cites else {}
    found: dict[int, list[Source] | None] = {}
    for pk, row, shown in known:
        source = _source(row, shown, texts, at)
        others = found.setdefault(pk, [])
        if source is None:
            found[pk] = None
        elif others is not None:
            others.append(source)
    return found


def _past(pks: list[int], at: datetime.datetime) -> dict[int, _State]:
    publications = {
        row.page_id: row
        for row in Publication.objects.current(at).filter(page_id__in=pks)
        if row.page_id is not None
    }
    pages = _as_published(publications)
    originals = {page.translation_of_id for page in pages.values() if page.translation_of_id}
    rows = Publication.objects.current(at).filter(page_id__in=originals)
    originally = _as_published({row.page_id: row for row in rows if row.page_id is not None})
    every = [*pages.items(), *((pk, page) for pk, page in originally.items() if pk not in pages)]
    lines = [(pk, row) for pk, page in every for row in page.sources.all()]
    targets = {row.target_id for _pk, row in lines} - {None}
    carriers = Publication.objects.current(at).filter(page_id__in=targets)
    carrying = {row.page_id: _Shown.of(row) for row in carriers}
    sources = _read(((pk, row, carrying.get(row.target_id)) for pk, row in lines), at)
    found = {}
    for pk, page in pages.items():
        original = page.translation_of_id
        resting = _with_original(sources, pk, original)
        if resting is not None and (original is None or original in originally):
            source = originally[original] if original is not None else None
            found[pk] = _State(page, _Shown.of(publications[pk]), resting, source)
    return found


def _as_published(publications: Mapping[int, Publication]) -> dict[int, QuestionPage]:
    """The entries as those publications showed them; left out where no revision is kept."""
    pages = QuestionPage.objects.select_related("topic", "owner_unit").in_bulk(publications)
    revisions = Revision.objects.in_bulk(
        [row.version for row in publications.values() if row.version]
    )
    found = {}
    for pk, page in pages.items():
        row = publications[pk]
        if not row.closed and page.live and row.version == page.live_revision_id:
            found[pk] = page
        elif row.version in revisions:
            found[pk] = revisions[row.version].as_object()
    return found


def _source(
    row: QuestionSource,
    shown: _Shown | None,
    texts: Mapping[tuple[int, str], ClauseText],
    at: datetime.datetime,
) -> Source | None:
    """A source as it is shown; None where it is not public and in force at the moment."""
    page = row.target
    if shown is not None:
        page_holds_until(shown.valid_from, shown.valid_until)
    if page is None:
        # Without an address, it was a page that is deleted.
        return Source(row.kind, row.label or row.url, row.url) if row.url else None
    if shown is None or not shown.holds(at):
        return None
    asked = [texts.get((page.pk, clause)) for clause in row.clauses or ()]
    clauses = [clause for clause in asked if clause is not None]
    if any(not clause.is_in_force(at) for clause in clauses):
        return None
    urls = public_urls([(page.pk, page.path, page.url_path)])
    return Source(
        kind=row.kind,
        label=row.label or page.title,
        url=clauses[0].url if len(clauses) == 1 else urls.get(page.pk, row.url),
        clauses=tuple(clause.label for clause in clauses),
        passage="\n".join(clause.text for clause in clauses),
        page=page.pk,
        version=shown.version,
        valid_from=shown.valid_from,
        valid_until=shown.valid_until,
        standing=shown.standing or Standing.IN_FORCE,
        ids=tuple(clause.clause for clause in clauses),
        since=_latest(shown.since, *(clause.since for clause in clauses)),
        tree=tree_language(page.path),
    )


def _latest(*moments: datetime.datetime | None) -> datetime.datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _answerable(
    states: Mapping[int, _State], at: datetime.datetime | None
) -> dict[int, Answerable]:
    originals = [state.original for state in states.values() if state.original is not None]
    pages = [*(state.page for state in states.values()), *originals]
    urls = public_urls((page.pk, page.path, page.url_path) for page in pages)
    behind = stale_since(
        {pk: Made(state.page.source_state, state.original)
         for pk, state in states.items() if state.original is not None},
        at=at,
    )  # fmt: skip
    found = {}
    for pk, state in states.items():
        page = state.page
        if pk not in urls:  # in a part of the site that not everybody may read
            continue
        topic = page.topic
        original = state.original
        shown = state.shown
        page_holds_until(shown.valid_from, shown.valid_until)
        found[pk] = Answerable(
            page=pk,
            entry=page.entry_id,
            version=shown.version,
            site=shown.site_id,
            language=page.language,
            question=page.question,
            title=page.title,
            answer_html=mark_chinese(expand_db_html(page.answer), page.language),
            answer_text=plain_text(page.answer),
            url=urls[pk],
            topic=topic.slug if topic else "",
            topic_name=topic.name_in(page.language) if topic else "",
            audience=tuple(part for part in (page.audience or "").split(",") if part),
            owner=str(page.owner_unit or ""),
            valid_from=shown.valid_from,
            valid_until=shown.valid_until,
            standing=shown.standing or Standing.IN_FORCE,
            trust=page.trust,
            since=shown.since,
            translation_of=page.translation_of_id,
            stale_since=behind.get(pk),
            is_withheld=is_too_far_behind(behind.get(pk), at=at),
            original_url=urls.get(original.pk, "") if original is not None else "",
            original_language=original.language if original is not None else "",
            tree=tree_language(page.path),
            sources=tuple(state.sources),
        )
    return found


def _group_of(entry: Answerable, at: datetime.datetime | None) -> list[Answerable]:
    """The entries of the same group without this one, the source first, then by age."""
    root = entry.translation_of or entry.page
    pks = (
        QuestionPage.objects.filter(Q(pk=root) | Q(translation_of=root))
        .exclude(pk=entry.page)
        .order_by(F("translation_of").asc(nulls_first=True), "pk")
        .values_list("pk", flat=True)
    )
    found = answerable(list(pks), at=at)
    return [found[pk] for pk in pks if pk in found]
