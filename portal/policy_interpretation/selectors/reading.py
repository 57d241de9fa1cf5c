"""The reading view: what explains which clause on a day, and how much of a text is explained."""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from wagtail.models import Revision

from portal.plugin_api import page_today, public_urls
from portal.policy_interpretation.clauses import ClauseData, from_json, label_of
from portal.policy_interpretation.coverage import Coverage, coverage_of_text
from portal.policy_interpretation.models import (
    AuthorKind,
    ClauseExplanation,
    PolicyPage,
    PolicyVersion,
    ProductForm,
)
from portal.policy_interpretation.selectors.products import end_of, published_then
from portal.policy_interpretation.services.products import explanations_in

_FORMS = dict(ProductForm.choices)
_AUTHORS = dict(AuthorKind.choices)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Plain words (``text`` is rich text) and the public product that they come from."""

    text: str
    product_pk: int
    position: int
    title: str
    url: str
    form: str
    author: str

    @property
    def key(self) -> tuple[int, int]:
        return (self.product_pk, self.position)


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One clause and what stands beside it.

    ``explanations`` are printed here; ``elsewhere`` are (anchor, label) of clauses where an
    explanation that speaks of this clause, too, is printed already.
    """

    clause: ClauseData
    label: str
    depth: int
    is_uncovered: bool
    explanations: tuple[Explanation, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()

    @property
    def is_explained(self) -> bool:
        return bool(self.explanations or self.elsewhere)


@dataclass(frozen=True, slots=True)
class Reading:
    rows: tuple[ReadingRow, ...]
    coverage: Coverage


# --- texts ----------------------------------------------------------------------------------
def texts_on(policies: Iterable[PolicyPage], day: datetime.date) -> dict[int, list[ClauseData]]:
    """The clauses in force on a day, of each document; what is published where none was yet.

    One query for all of them. A draft that was never public is read as it stands.
    """
    by_pk = {policy.pk: policy for policy in policies}
    found: dict[int, list[ClauseData]] = {}
    versions = PolicyVersion.objects.filter(
        Q(since__isnull=True) | Q(since__lte=day),
        Q(until__isnull=True) | Q(until__gt=day),
        policy_id__in=by_pk,
    )
    for policy_pk, clauses in versions.values_list("policy_id", "clauses"):
        found[policy_pk] = from_json(clauses)
    return {pk: found[pk] if pk in found else by_pk[pk].clauses() for pk in by_pk}


# --- explanations ---------------------------------------------------------------------------
def explanations_on(
    policy_pk: int, day: datetime.date | None = None
) -> dict[str, list[Explanation]]:
    """The public explanations of a document by clause id.

    Args:
        policy_pk: the document (not an alias of it).
        day: None or today: what is public now, one query. An earlier day: what the products said
            that were public at its end and still are; two queries.
    """
    if day is None or day >= page_today():
        return _explained_now(policy_pk)
    return _explained_then(policy_pk, day)


def _public_explanations() -> QuerySet[ClauseExplanation]:
    """Those in the document's own language; translations explain it to others."""
    return ClauseExplanation.objects.filter(
        product__live=True, product__locale_id=F("policy__locale_id")
    )


def _explained_now(policy_pk: int) -> dict[str, list[Explanation]]:
    rows = list(
        _public_explanations()
        .filter(policy_id=policy_pk)
        .order_by("product__date", "product__first_published_at", "product_id", "position", "pk")
        .values_list(
            "clause", "text", "position", "product_id", "product__path", "product__url_path",
            "product__title", "product__form", "product__author_kind", "product__author",
        )
    )  # fmt: skip
    urls = public_urls((row[3], row[4], row[5]) for row in rows)
    found: dict[str, list[Explanation]] = defaultdict(list)
    for clause, text, position, pk, _path, _url_path, title, form, kind, author in rows:
        if pk in urls:
            explanation = _explanation(text, pk, position, title, urls[pk], form, kind, author)
            found[clause].append(explanation)
    return dict(found)


def _explained_then(policy_pk: int, day: datetime.date) -> dict[str, list[Explanation]]:
    """Read from the revisions that were public then: they say what stood there, word for word."""
    then = published_then(policy_pk, end_of(day))
    urls = public_urls((row.pk, row.path, row.url_path) for row in then)
    by_version = {row.version: row for row in then if row.pk in urls and row.version}
    found: dict[str, list[Explanation]] = defaultdict(list)
    revisions = Revision.objects.filter(pk__in=by_version).values_list("pk", "content")
    for version, content in sorted(revisions, key=lambda item: by_version[item[0]].sort_key):
        row = by_version[version]
        links = content.get("interprets") or []
        first = links[0]["policy"] if links else None
        for policy, clause, position, text in explanations_in(_blocks(content), first):
            if policy == policy_pk:
                form, kind = content.get("form", ""), content.get("author_kind", "")
                found[clause].append(
                    _explanation(
                        text, row.pk, position, row.title, urls[row.pk], form, kind,
                        content.get("author", ""),
                    )
                )  # fmt: skip
    return dict(found)


def _blocks(content: Mapping[str, object]) -> list[dict[str, object]]:
    stored = content.get("plain_words") or "[]"
    found: list[dict[str, object]] = json.loads(stored) if isinstance(stored, str) else stored  # type: ignore[assignment]
    return found


def _explanation(
    text: str, pk: int, position: int, title: str, url: str, form: str, kind: str, author: str
) -> Explanation:
    return Explanation(
        text, pk, position, title, url, str(_FORMS.get(form, "")),
        author or str(_AUTHORS.get(kind, "")),
    )  # fmt: skip


# --- coverage -------------------------------------------------------------------------------
def coverage(policy: PolicyPage, day: datetime.date | None = None) -> Coverage:
    """How much of a document public products explain; the rule is in ``coverage.py``."""
    return coverage_of([policy], day)[policy.pk]


def coverage_of(
    policies: Iterable[PolicyPage], day: datetime.date | None = None
) -> dict[int, Coverage]:
    """The same for many documents as they stand today, or of each on an earlier day.

    Two queries for all of them today.
    """
    policies = list(policies)
    today = page_today()
    texts = texts_on(policies, day or today)
    explained: dict[int, set[str]] = defaultdict(set)
    if day is None or day >= today:
        rows = list(
            _public_explanations()
            .filter(policy_id__in=texts)
            .values_list("policy_id", "clause", "product_id", "product__path", "product__url_path")
        )
        public = public_urls((row[2], row[3], row[4]) for row in rows)
        for policy_pk, clause, product_pk, _path, _url_path in rows:
            if product_pk in public:
                explained[policy_pk].add(clause)
    else:
        for policy_pk in texts:
            explained[policy_pk] = set(explanations_on(policy_pk, day))
    return {
        pk: coverage_of_text(clauses, explained[pk], day or today) for pk, clauses in texts.items()
    }


# --- the view -------------------------------------------------------------------------------
def reading(policy: PolicyPage, day: datetime.date | None = None) -> Reading:
    """Every clause as of a day (None: today) with the plain words beside it."""
    shown_day = day or page_today()
    clauses = texts_on([policy], shown_day)[policy.pk]
    by_clause = explanations_on(policy.pk, day)
    measured = coverage_of_text(clauses, set(by_clause), shown_day)
    uncovered = set(measured.uncovered)
    printed: dict[tuple[int, int], tuple[str, str]] = {}
    depths: dict[str, int] = {"": -1}
    rows = []
    for clause in clauses:
        depths[clause.id] = depths[clause.parent] + 1
        label = label_of(clauses, clause.id)
        here, elsewhere = [], []
        for explanation in by_clause.get(clause.id, ()):
            if explanation.key in printed:
                elsewhere.append(printed[explanation.key])
            else:
                printed[explanation.key] = (clause.anchor, label)
                here.append(explanation)
        rows.append(
            ReadingRow(
                clause, label, depths[clause.id], clause.id in uncovered,
                tuple(here), tuple(elsewhere),
            )
        )  # fmt: skip
    return Reading(tuple(rows), measured)
