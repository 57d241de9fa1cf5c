"""Golden questions: asked each night, and before something becomes public, as it would be then."""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from django.db import transaction
from django.utils import timezone

from assistant.evaluation.moves import Move, Stand, moves
from assistant.evaluation.runner import STATUSES
from assistant.portal_plugin.answering.finding import Findings, Search, Truth, find
from assistant.portal_plugin.index import embedding, serving
from assistant.portal_plugin.index.imagined import Imagined
from assistant.portal_plugin.index.source import DatabaseSource, entry_of
from assistant.portal_plugin.models import (
    Expects,
    GoldenQuestion,
    GoldenResult,
    GoldenRun,
    QuestionPage,
)
from assistant.portal_plugin.selectors.golden import golden_in_use
from assistant.portal_plugin.selectors.knowledge import Answerable, answerable
from assistant.retrieval.contract import ALL_SITES, Decision, Retriever
from assistant.retrieval.texts import texts_of
from portal.plugin_api import main_site_pk

# So many runs are kept; the newest is what later ones are compared with.
KEPT_RUNS = 60
_NIGHT = datetime.timedelta(hours=12)

type Say = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class GoldenMove:
    """A golden question that would be, or is, answered otherwise. ``before`` and ``after`` name
    the entries that are shown by their titles."""

    question: GoldenQuestion
    move: Move
    before: tuple[str, ...]
    after: tuple[str, ...]


# --- what would move ------------------------------------------------------------------------------
def moved_by(
    imagined: Imagined, questions: Sequence[GoldenQuestion] | None = None
) -> Sequence[GoldenMove]:
    """Exactly the golden questions that would be answered otherwise; nothing is published.

    Vectors of texts that have none are made and kept: the same that publishing would make.

    Raises:
        Unavailable: a model does not answer now, so that nobody can say.
    """
    asked = list(golden_in_use() if questions is None else questions)
    if not imagined.rows or not asked:
        return ()
    embedding.embed_texts([texts_of(entry_of(row)) for row in imagined.rows.values() if row])
    now, then = serving.now_and_then(imagined.changes)
    truth = _Truth()
    groups = _Groups(imagined)
    before = stands(asked, now, truth, groups)
    after = stands(asked, then, _Imagining(truth, imagined), groups)
    return named(moves(before, after), asked, imagined)


def named(
    found: Iterable[Move], asked: Iterable[GoldenQuestion], imagined: Imagined | None = None
) -> Sequence[GoldenMove]:
    """Moves with their questions, and entries by their titles instead of their keys."""
    listed = list(found)
    shown = {int(key) for move in listed for key in (*move.before.shown, *move.after.shown)}
    titles = dict(QuestionPage.objects.filter(pk__in=shown).values_list("pk", "title"))
    fresh = {pk: row.title for pk, row in (imagined or Imagined()).rows.items() if row}
    by_key = {str(question.pk): question for question in asked}
    return [
        GoldenMove(
            by_key[move.question],
            move,
            tuple(titles.get(int(key), key) for key in move.before.shown),
            tuple(fresh.get(int(key)) or titles.get(int(key), key) for key in move.after.shown),
        )
        for move in listed
    ]


def fingerprint_of(found: Iterable[GoldenMove]) -> str:
    """Names exactly these moves: who has seen them has seen no others."""
    lines = [(one.question.pk, _plain(one.move.before), _plain(one.move.after)) for one in found]
    return hashlib.sha256(json.dumps(sorted(lines)).encode()).hexdigest()[:32]


def _plain(stand: Stand) -> tuple[Any, ...]:
    return (stand.status, stand.shown, stand.rank or 0)


# --- asking ---------------------------------------------------------------------------------------
def stands(
    questions: Iterable[GoldenQuestion],
    retriever: Retriever,
    truth: Truth,
    groups: "_Groups",
    say: Say = lambda done, total: None,
) -> Mapping[str, Stand]:
    """How each question is answered by a retriever, by primary key in decimal."""
    listed = list(questions)
    found = {}
    for number, question in enumerate(listed, 1):
        findings = find(_search(question), retriever, truth)
        found[str(question.pk)] = _stand(question, findings, groups)
        say(number, len(listed))
    return found


def _search(question: GoldenQuestion) -> Search:
    """As a visitor of its site asks: an answer of the site itself or of the portal."""
    main = main_site_pk()
    sites = None
    if question.site_id is not None and question.site_id != main:
        sites = frozenset({ALL_SITES, question.site_id, *([main] if main else [])})
    return Search(question.question, question.language, sites=sites)


def _stand(question: GoldenQuestion, found: Findings, groups: "_Groups") -> Stand:
    rows = question.expectations.all()
    # What was deleted answers nothing any more, but is wanted all the same.
    wanted = groups.of(row.page_id or 0 for row in rows)
    ranked = [match.entry.page for match in found.matches]
    rank = next((place for place, pk in enumerate(ranked, 1) if groups.of([pk]) & wanted), None)
    shown: list[Answerable] = []
    if found.decision is Decision.ANSWER:
        shown = [found.matches[0].entry]
    elif found.decision is Decision.ASK_BACK:
        shown = [match.entry for match in found.close]
    keys = tuple(str(entry.page) for entry in shown)
    is_right = _is_right(question, found.decision, shown, wanted, groups)
    return Stand(STATUSES[found.decision], keys, rank, is_right)


def _is_right(
    question: GoldenQuestion,
    decision: Decision,
    shown: Sequence[Answerable],
    wanted: frozenset[int],
    groups: "_Groups",
) -> bool:
    if question.expects == Expects.DECLINED:
        return decision is Decision.DECLINE
    if decision is not Decision.ANSWER:
        return False
    is_entry = not wanted or bool(groups.of([shown[0].page]) & wanted)
    sources = groups.sources_of(shown[0].page) if question.source_id else ()
    return is_entry and (not question.source_id or question.source_id in sources)


class _Groups:
    """Translations count as their source; asked for once in a run."""

    def __init__(self, imagined: Imagined | None = None) -> None:
        self._known = {
            pk: int(row.group) for pk, row in (imagined or Imagined()).rows.items() if row
        }
        self._sources: dict[int, frozenset[int]] = {}

    def of(self, pks: Iterable[int]) -> frozenset[int]:
        wanted = list(pks)
        missing = [pk for pk in wanted if pk not in self._known]
        if missing:
            rows = QuestionPage.objects.filter(pk__in=missing).values_list("pk", "translation_of")
            self._known |= {pk: source or pk for pk, source in rows}
        return frozenset(self._known.get(pk, pk) for pk in wanted)

    def sources_of(self, pk: int) -> frozenset[int]:
        if pk not in self._sources:
            rows = QuestionPage.objects.filter(pk__in=[pk, *self.of([pk])])
            found = rows.values_list("sources__target", flat=True)
            self._sources[pk] = frozenset(target for target in found if target)
        return self._sources[pk]


class _Truth:
    """What is public and in force now, each entry asked for once in a run."""

    def __init__(self) -> None:
        self._known: dict[int, Answerable | None] = {}

    def __call__(
        self, ids: Iterable[int], *, at: datetime.datetime | None = None
    ) -> Mapping[int, Answerable]:
        wanted = list(ids)
        missing = [pk for pk in wanted if pk not in self._known]
        if missing:
            found = answerable(missing)
            self._known |= {pk: found.get(pk) for pk in missing}
        there = ((pk, self._known[pk]) for pk in wanted)
        return {pk: entry for pk, entry in there if entry is not None}


@dataclass(frozen=True, slots=True)
class _Imagining:
    """What would be public and in force."""

    truth: Truth
    imagined: Imagined

    def __call__(
        self, ids: Iterable[int], *, at: datetime.datetime | None = None
    ) -> Mapping[int, Answerable]:
        wanted = list(ids)
        rows = self.imagined.rows
        found = dict(self.truth([pk for pk in wanted if pk not in rows], at=at))
        now = timezone.now()
        for pk in wanted:
            if pk in rows and (entry := self.imagined.answerable(pk, now)) is not None:
                found[pk] = entry
        return found


# --- runs -----------------------------------------------------------------------------------------
def measure(
    say: Say = lambda done, total: None, retriever: Retriever | None = None
) -> Mapping[str, Stand]:
    """How all golden questions in use are answered now. Nothing is written."""
    return stands(golden_in_use(), retriever or serving.retriever(), _Truth(), _Groups(), say)


def run(*, cause: str, by: Any = None, say: Say = lambda done, total: None) -> GoldenRun:
    """Ask all golden questions and keep how they were answered, for later runs to compare."""
    return keep(measure(say), cause=cause, by=by)


def run_nightly(_site: int | None = None) -> int:
    """The scheduled job; called for each site, once a night is enough."""
    since = timezone.now() - _NIGHT
    if GoldenRun.objects.filter(cause=GoldenRun.Cause.NIGHT, began_at__gt=since).exists():
        return 0
    if not golden_in_use().exists():
        return 0
    return run(cause=GoldenRun.Cause.NIGHT).asked


def baseline() -> GoldenRun | None:
    """The newest run that was finished."""
    return GoldenRun.objects.filter(ended_at__isnull=False).order_by("-pk").first()


def stands_of(row: GoldenRun) -> Mapping[str, Stand]:
    """What was kept of a run."""
    return {
        str(one.question_id): Stand(one.status, tuple(one.shown), one.rank, one.right)
        for one in row.results.all()
    }


def gates_digest() -> str:
    """Names the gates' coefficients and the sample that they compare with."""
    files = resources.files("assistant.retrieval")
    content = b"".join(files.joinpath(name).read_bytes() for name in ("gates.json", "gates.npz"))
    return hashlib.sha256(content).hexdigest()


def moved_between(earlier: GoldenRun, later: GoldenRun) -> Sequence[GoldenMove]:
    """What two runs answered otherwise, among the questions that both asked."""
    found = moves(stands_of(earlier), stands_of(later))
    keys = [int(move.question) for move in found]
    return named(found, GoldenQuestion.objects.filter(pk__in=keys))


def wrong_in(row: GoldenRun) -> Sequence[GoldenResult]:
    """The questions of a run that were not answered as they should be."""
    return list(
        row.results.filter(right=False).select_related("question").order_by("question__key")
    )


def moved_since(earlier: GoldenRun, found: Mapping[str, Stand]) -> Sequence[GoldenMove]:
    """What is answered otherwise than in a run that was kept."""
    moved = moves(stands_of(earlier), found)
    keys = [int(move.question) for move in moved]
    return named(moved, GoldenQuestion.objects.filter(pk__in=keys))


@transaction.atomic
def keep(found: Mapping[str, Stand], *, cause: str, by: Any = None) -> GoldenRun:
    """Keep how questions were answered: what later runs are compared with."""
    row = GoldenRun.objects.create(
        cause=cause,
        by=by,
        models_used=embedding.fingerprint(serving.embedders().models),
        gates=gates_digest(),
        seq=DatabaseSource().generation().seq,
        asked=len(found),
        right=sum(stand.right for stand in found.values()),
        ended_at=timezone.now(),
    )
    # A question may have been deleted while the others were asked.
    there = set(GoldenQuestion.objects.values_list("pk", flat=True))
    GoldenResult.objects.bulk_create(
        [
            GoldenResult(
                run=row,
                question_id=int(key),
                status=stand.status,
                shown=list(stand.shown),
                rank=stand.rank,
                right=stand.right,
            )
            for key, stand in found.items()
            if int(key) in there
        ],
        batch_size=500,
    )
    kept = list(GoldenRun.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT_RUNS])
    GoldenRun.objects.exclude(pk__in=kept).delete()
    return row
