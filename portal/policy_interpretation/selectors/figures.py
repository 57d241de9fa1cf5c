"""Figures of a year for the annual report, counted from what is on record."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Count, DurationField, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import ExpressionWrapper

from portal.policy_interpretation.models import (
    InterpretationLink,
    InterpretationPage,
    Obligation,
    PolicyRecord,
)
from portal.policy_interpretation.models.products import AuthorKind, ProductForm
from portal.policy_interpretation.selectors.obligations import State, with_states


@dataclass(frozen=True, slots=True)
class Figures:
    """What a year came to.

    Attributes:
        documents: public documents published in the year; ``interpreted``: with a public product.
        owing: documents that owe products; ``owing_interpreted``: of these, with a public one.
        forms, author_kinds: (label, how many products that became public in the year).
        leaders: products by leaders (R-POL-20).
        owed: products owed by these documents, without waived ones; ``on_time`` of them.
        states: (label, how many) of all that they owe.
        mean_difference: from document to product, over what is fulfilled; negative: before it.
    """

    year: int
    documents: int
    interpreted: int
    owing: int
    owing_interpreted: int
    forms: list[tuple[str, int]]
    author_kinds: list[tuple[str, int]]
    leaders: int
    owed: int
    on_time: int
    states: list[tuple[str, int]]
    mean_difference: datetime.timedelta | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of the time difference report (R-POL-03). ``difference``: None without a product."""

    title: str
    document_number: str
    published_at: datetime.datetime | None
    product_at: datetime.datetime | None

    @property
    def difference(self) -> datetime.timedelta | None:
        if self.product_at is None or self.published_at is None:
            return None
        return self.product_at - self.published_at


def share(part: int, whole: int) -> float | None:
    """A percentage with one digit; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def _documents(year: int, sites: Sequence[int] | None) -> QuerySet[PolicyRecord]:
    found = PolicyRecord.objects.filter(
        page__live=True, page__alias_of=None, published_at__year=year
    )
    return found if sites is None else found.filter(site__in=sites)


def figures(
    year: int, sites: Sequence[int] | None, now: datetime.datetime | None = None
) -> Figures:
    """The figures of a year at some sites (None: all)."""
    documents = _documents(year, sites)
    product = InterpretationLink.objects.filter(
        policy=OuterRef("page_id"), page__live=True, page__alias_of=None
    )
    owes = Obligation.objects.filter(policy=OuterRef("page_id"), lapsed_at=None)
    counted = documents.aggregate(
        documents=Count("pk"),
        interpreted=Count("pk", filter=Q(Exists(product))),
        owing=Count("pk", filter=Q(Exists(owes))),
        owing_interpreted=Count("pk", filter=Q(Exists(owes)) & Q(Exists(product))),
    )
    products = InterpretationPage.objects.filter(
        live=True, alias_of=None, first_published_at__year=year
    )
    if sites is not None:
        at_sites = InterpretationLink.objects.filter(
            page=OuterRef("pk"), policy__policy_record__site__in=sites
        )
        products = products.filter(Exists(at_sites))
    by_form = dict(products.order_by().values_list("form").annotate(Count("pk")))
    by_kind = dict(products.order_by().values_list("author_kind").annotate(Count("pk")))
    owed = with_states(
        Obligation.objects.filter(policy__in=documents.values("page"), lapsed_at=None), now
    )
    by_state = dict(owed.order_by().values_list("state").annotate(Count("pk")))
    done = owed.filter(fulfilled_at__isnull=False)
    mean = done.aggregate(
        mean=Avg(
            ExpressionWrapper(F("fulfilled_at") - F("published_at"), output_field=DurationField())
        )
    )["mean"]
    return Figures(
        year=year,
        **counted,
        forms=[(str(form.label), by_form.get(form.value, 0)) for form in ProductForm],
        author_kinds=[(str(kind.label), by_kind.get(kind.value, 0)) for kind in AuthorKind],
        leaders=by_kind.get(AuthorKind.LEADER.value, 0),
        owed=sum(by_state.values()) - by_state.get(State.WAIVED.value, 0),
        on_time=done.filter(fulfilled_at__lte=F("due")).count(),
        states=[
            (str(state.label), by_state.get(state.value, 0))
            for state in State
            if state is not State.LAPSED
        ],
        mean_difference=mean,
    )


def differences(year: int, sites: Sequence[int] | None) -> list[Difference]:
    """For each document of a year when its first product became public."""
    products = InterpretationLink.objects.filter(
        policy=OuterRef("page_id"), page__live=True, page__alias_of=None
    )
    first = (
        products.order_by()
        .values("policy")
        .annotate(first=Min("page__first_published_at"))
        .values("first")
    )
    rows = (
        _documents(year, sites)
        .annotate(product_at=first)
        .order_by("page__first_published_at", "pk")
        .values_list("title", "document_number", "page__first_published_at", "product_at")
    )
    return [Difference(*row) for row in rows]
