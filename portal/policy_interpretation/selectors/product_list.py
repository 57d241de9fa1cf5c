"""The list of all products of a site, with its facets; everything stands in the query string."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DateTimeField, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.plugin_api import (
    ListItem,
    PortalContext,
    date_text,
    mark_text,
    public_urls,
    site_home,
    with_standing,
)
from portal.policy_interpretation.models import (
    AuthorKind,
    InterpretationLink,
    InterpretationPage,
    ProductForm,
)

PER_PAGE = 20
_FACETS = {"form": ProductForm, "author": AuthorKind}
_FIELDS = {"form": "form", "author": "author_kind", "year": "year"}


@dataclass(frozen=True, slots=True)
class FacetValue:
    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Facet:
    title: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class ListedProduct:
    title: str
    url: str
    form_label: str
    author_label: str
    author: str
    summary: str
    date_text: str
    documents: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True)
class ProductList:
    """What the page shows. ``page`` counts from 1."""

    rows: tuple[ListedProduct, ...]
    count: int
    page: int
    filters: Mapping[str, str]
    facets: tuple[Facet, ...]

    @property
    def is_filtered(self) -> bool:
        return self.is_narrowed or self.page > 1

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the site was asked for."""
        return not self.filters.keys() <= {"site"}

    @cached_property
    def pages(self) -> int:
        return max(1, -(-self.count // PER_PAGE))

    def url(self, page: int) -> str:
        return _address(self.filters, page)

    @property
    def number(self) -> int:
        return self.page

    @property
    def items(self) -> list[tuple[str, str, bool]]:
        """(label, address, is current); "…" without an address stands for what is left out."""
        near = range(self.page - 2, self.page + 3)
        shown = sorted(n for n in {1, self.pages, *near} if 1 <= n <= self.pages)
        found: list[tuple[str, str, bool]] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number - before > 1:
                found.append(("…", "", False))
            found.append((str(number), self.url(number), number == self.page))
        return found

    @property
    def previous_url(self) -> str:
        return self.url(self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(self.page + 1) if self.page < self.pages else ""

    @property
    def all_url(self) -> str:
        return _address({name: self.filters[name] for name in ("site",) if name in self.filters})


def _address(filters: Mapping[str, str], page: int = 1) -> str:
    query = dict(filters) | ({"page": str(page)} if page > 1 else {})
    base = reverse("policy_interpretation:interpretations")
    return f"{base}?{urlencode(query)}" if query else base


def products_at(portal: PortalContext) -> QuerySet[Any]:
    """The public products below a site's home in its language; of the main site those of all."""
    root = portal.site_root
    assert root is not None
    hidden = Q()
    for path in portal.structure.hidden_paths:
        hidden |= Q(path__startswith=path)
    found = InterpretationPage.objects.filter(
        live=True, alias_of__isnull=True, path__startswith=root.path
    )
    if hidden:
        found = found.exclude(hidden)
    shown = Coalesce("date", "first_published_at", output_field=DateTimeField())
    return found.annotate(shown=shown, year=ExtractYear("shown"))


def read(query: Mapping[str, str], portal: PortalContext) -> ProductList:
    """The list for a query string; values that mean nothing are left out. Six queries."""
    filters = _filters(query)
    everything = products_at(portal)
    facets = tuple(_facet(name, everything, filters) for name in _FIELDS)
    chosen = _filtered(everything, filters)
    count = chosen.count()
    pages = max(1, -(-count // PER_PAGE))
    asked = query.get("page", "")
    page = min(int(asked), pages) if asked.isdigit() and len(asked) < 6 and int(asked) else 1
    start = (page - 1) * PER_PAGE
    rows = _rows(chosen.order_by("-shown", "-pk")[start : start + PER_PAGE])
    return ProductList(rows, count, page, filters, facets)


def _filters(query: Mapping[str, str]) -> dict[str, str]:
    found = {
        name: query[name] for name, choices in _FACETS.items() if query.get(name) in choices.values
    }
    year = query.get("year", "")
    if len(year) == 4 and year.isdigit() and year.isascii():
        found["year"] = year
    if query.get("site"):  # whose list it is: the view knows it already
        found["site"] = query["site"]
    return found


def _filtered(
    products: QuerySet[Any], filters: Mapping[str, str], without: str = ""
) -> QuerySet[Any]:
    conditions = {
        _FIELDS[name]: value
        for name, value in filters.items()
        if name in _FIELDS and name != without
    }
    return products.filter(**conditions)


def _facet(name: str, products: QuerySet[Any], filters: Mapping[str, str]) -> Facet:
    """How many there would be of each value, with the other filters as they are."""
    field = _FIELDS[name]
    counted = _filtered(products, filters, without=name).order_by().values(field)
    counts = {
        str(row[field]): row["number"] for row in counted.annotate(number=Count("pk"))
        if row[field] is not None
    }  # fmt: skip
    labels = (
        {value: str(label) for value, label in _FACETS[name].choices} if name in _FACETS else {}
    )
    order = list(labels) if labels else sorted(counts, reverse=True)
    others = {key: value for key, value in filters.items() if key != name}
    values = [FacetValue(_("All"), sum(counts.values()), _address(others), name not in filters)]
    values += [
        FacetValue(
            labels.get(value, value), counts[value], _address(others | {name: value}),
            filters.get(name) == value,
        )
        for value in order
        if value in counts
    ]  # fmt: skip
    titles = {"form": _("Form"), "author": _("Who explains"), "year": _("Year")}
    return Facet(titles[name], tuple(values))


def _rows(products: QuerySet[Any]) -> tuple[ListedProduct, ...]:
    found = list(
        with_standing(products.prefetch_related(None)).values_list(
            "pk", "path", "url_path", "title", "form", "author_kind", "author", "summary", "shown",
            "standing",
        )
    )  # fmt: skip
    urls = public_urls((row[0], row[1], row[2]) for row in found)
    documents = _documents([row[0] for row in found])
    forms, authors = dict(ProductForm.choices), dict(AuthorKind.choices)
    return tuple(
        ListedProduct(
            title, urls[pk], str(forms.get(form, form)), str(authors.get(kind, kind)), author,
            summary, date_text(shown)[:10], documents.get(pk, ()), mark_text(standing),
        )
        for pk, _path, _url_path, title, form, kind, author, summary, shown, standing in found
        if pk in urls
    )  # fmt: skip


def _documents(pks: list[int]) -> dict[int, tuple[str, ...]]:
    """The titles of the public documents that products interpret; one query."""
    found: dict[int, tuple[str, ...]] = {}
    links = InterpretationLink.objects.filter(page_id__in=pks, policy__live=True)
    rows = list(
        links.order_by("page_id", "sort_order").values_list(
            "page_id", "policy__title", "policy_id", "policy__path", "policy__url_path"
        )
    )
    public = public_urls(row[2:] for row in rows)
    for pk, title, policy, _path, _url_path in rows:
        if policy in public:
            found[pk] = (*found.get(pk, ()), title)
    return found


def latest_products(site_pk: int | None, language: str, count: int) -> list[ListItem]:
    """The newest public products of a site for lists in homes. One query."""
    root = site_home(site_pk, language)
    if root is None:
        return []
    shown = Coalesce("date", "first_published_at", output_field=DateTimeField())
    products = (
        InterpretationPage.objects.filter(
            live=True, alias_of__isnull=True, path__startswith=root.path
        )
        .annotate(shown=shown)
        .filter(shown__isnull=False)
        .order_by("-shown", "-pk")
    )
    found = with_standing(products).values_list(
        "pk", "path", "url_path", "title", "summary", "source", "shown", "standing"
    )
    # A few more: those that are hidden from the public are left out below.
    rows = list(found[: count + 10])
    urls = public_urls((row[0], row[1], row[2]) for row in rows)
    return [
        ListItem(
            title=title,
            url=urls[pk],
            date=date,
            summary=summary,
            source=source,
            mark=mark_text(standing),
        )
        for pk, _path, _url_path, title, summary, source, date, standing in rows
        if pk in urls
    ][:count]
