"""How large a gap is, which entries came closest, and who ought to answer."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import CharField, Count, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin.answering.finding import Search, find
from assistant.portal_plugin.answering.related import official_passages
from assistant.portal_plugin.models import Gap, GapQuestion, QuestionPage
from assistant.retrieval.contract import ALL_SITES
from portal.plugin_api import Passage, main_site_pk

RECENT = datetime.timedelta(days=28)
EXAMPLES, NEAREST = 6, 5
# Clauses of a unit's documents say less about who answers than its entries do.
_OF_A_CLAUSE = 0.5

# Who is not known is a person each.
PERSON = Coalesce(NullIf("asker", Value("")), Cast("pk", CharField()))


def count(gaps: QuerySet[Gap], *, now: datetime.datetime | None = None) -> None:
    """Write anew how many questions of how many people gaps have, and when they were asked."""
    moment = now or timezone.now()
    recent, before = moment - RECENT, moment - 2 * RECENT
    rows = (
        GapQuestion.objects.filter(gap__in=gaps)
        .order_by()
        .values("gap")
        .annotate(
            size=Count("pk"),
            askers=Count(PERSON, distinct=True),
            first_at=Min("at"),
            last_at=Max("at"),
            recent=Count("pk", filter=Q(at__gte=recent)),
            before=Count("pk", filter=Q(at__gte=before, at__lt=recent)),
        )
    )
    found = {row["gap"]: row for row in rows}
    nothing = {"size": 0, "askers": 0, "first_at": None, "last_at": None, "recent": 0, "before": 0}
    changed = []
    for gap in gaps:
        values = found.get(gap.pk, nothing)
        for name in nothing:
            setattr(gap, name, values[name])  # type: ignore[literal-required]
        changed.append(gap)
    Gap.objects.bulk_update(changed, [*nothing], batch_size=200)


def examine(gap: Gap) -> None:
    """Look for the nearest entries and clauses; guess the owner, unless somebody has said it."""
    examples = examples_of(gap)
    nearest = _nearest(gap, examples)
    units, topics, columns = _votes(gap, examples, nearest)
    gap.nearest, gap.examined_size = nearest, gap.size
    if gap.owner_is_guess:
        gap.owner_unit_id = _first(units)
        gap.topic_id, gap.column_id = _first(topics), _first(columns)
    gap.save(
        update_fields=["nearest", "examined_size", "owner_unit", "topic", "column"],
    )


def examples_of(gap: Gap, most: int = EXAMPLES) -> list[GapQuestion]:
    """Questions that show what the gap is about: its title, then one of each language, the newest
    first."""
    rows = list(gap.questions.order_by("-at", "-pk")[:200])
    rows.sort(key=lambda row: row.text != gap.title)
    seen: set[str] = set()
    chosen: list[GapQuestion] = []
    others: list[GapQuestion] = []
    for row in rows:
        (others if row.language in seen else chosen).append(row)
        seen.add(row.language)
    return [*chosen, *others][:most]


def clauses_near(gap: Gap, most: int = 3) -> Sequence[Passage]:
    """Official text about the gap, the best first; none where nobody provides it."""
    found: dict[str, Passage] = {}
    for row in examples_of(gap):
        for passage in official_passages(
            row.text, site=gap.site_id, language="zh-hans", at=None, count=most
        ):
            known = found.get(passage.key)
            if known is None or known.score < passage.score:
                found[passage.key] = passage
    return sorted(found.values(), key=lambda passage: -passage.score)[:most]


def page_of(passage: Passage) -> int | None:
    """The page that a passage stands in, where it says so (``page:17#c-0f…``)."""
    kind, _colon, rest = passage.key.partition(":")
    number = rest.partition("#")[0]
    return int(number) if kind == "page" and number.isdecimal() else None


def _nearest(gap: Gap, examples: Sequence[GapQuestion]) -> list[dict[str, float]]:
    """``{"page", "score", "share"}``: mean score, and for what share of the examples it was among
    the first five. Scores say how entries compare, not how well they fit."""
    scores: dict[int, list[float]] = {}
    for row in examples:
        found = find(Search(row.text, row.language, sites=_sites(gap.site_id)))
        for match in found.matches[:NEAREST]:
            scores.setdefault(match.entry.page, []).append(float(match.score))
    total = max(len(examples), 1)
    rows: list[dict[str, float]] = [
        {
            "page": page,
            "score": round(sum(some) / len(some), 3),
            "share": round(len(some) / total, 2),
        }
        for page, some in scores.items()
    ]
    return sorted(rows, key=lambda row: (-row["share"], -row["score"]))[:NEAREST]


def _sites(site: int) -> frozenset[int] | None:
    main = main_site_pk()
    if site == main:
        return None
    return frozenset({ALL_SITES, site, *([main] if main else [])})


def _votes(
    gap: Gap, examples: Sequence[GapQuestion], nearest: Sequence[dict[str, float]]
) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """Units, topics and columns, each with how much speaks for it."""
    units: Counter[int] = Counter()
    topics: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    pages = QuestionPage.objects.in_bulk([int(row["page"]) for row in nearest])
    columns_of = _columns(pages.values())
    for place, row in enumerate(nearest, 1):
        page = pages.get(int(row["page"]))
        if page is None:
            continue
        weight = row["share"] / place
        _vote(units, page.owner_unit_id, weight)
        _vote(topics, page.topic_id, weight)
        _vote(columns, columns_of.get(page.pk), weight)
    documents = {pk: passage.score for passage in clauses_near(gap) if (pk := page_of(passage))}
    for document in Page.objects.filter(pk__in=documents).specific():
        owner = getattr(document, "owner_unit_id", None)
        _vote(units, owner, _OF_A_CLAUSE * documents[document.pk])
    return units, topics, columns


def _vote(votes: Counter[int], pk: int | None, weight: float) -> None:
    if pk is not None:
        votes[pk] += weight  # type: ignore[assignment] # counters count in shares, too


def _columns(pages: Iterable[QuestionPage]) -> dict[int, int]:
    above = {page.pk: page.path[: -Page.steplen] for page in pages}
    found = dict(Page.objects.filter(path__in=above.values()).values_list("path", "pk"))
    return {pk: found[path] for pk, path in above.items() if path in found}


def _first(votes: Counter[int]) -> int | None:
    ordered = votes.most_common(1)
    return ordered[0][0] if ordered else None
