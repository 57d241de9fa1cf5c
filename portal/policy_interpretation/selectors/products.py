"""Which products interpret a document, and what a product's page says of its documents."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from portal.plugin_api import Publication, date_text, page_today, previews_led_to, public_urls
from portal.policy_interpretation.clauses import ClauseData, from_json, label_of
from portal.policy_interpretation.models import (
    AuthorKind,
    InterpretationLink,
    InterpretationPage,
    PolicyPage,
    PolicyRecord,
    PolicyVersion,
    ProductForm,
)
from portal.policy_interpretation.validity import Validity

_FORMS = dict(ProductForm.choices)
_AUTHORS = dict(AuthorKind.choices)


@dataclass(frozen=True, slots=True)
class ProductLink:
    """A public product as lists beside a document print it.

    ``clauses`` are the ids that it points to (empty: the whole document). ``date`` is aware.
    """

    pk: int
    title: str
    url: str
    form: str
    form_label: str
    author_kind: str
    author_label: str
    author: str
    date: datetime.datetime | None
    date_text: str
    summary: str = ""
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedThen:
    """A product as it was public at a moment; ``version`` is the revision."""

    pk: int
    path: str
    url_path: str
    title: str
    version: int | None
    date: datetime.datetime | None

    @property
    def sort_key(self) -> tuple[datetime.datetime, int]:
        return (self.date or datetime.datetime.min.replace(tzinfo=datetime.UTC), self.pk)


def end_of(day: datetime.date) -> datetime.datetime:
    """The last moment of a day; now where it is not over."""
    tomorrow = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min)
    return min(timezone.now(), timezone.make_aware(tomorrow) - datetime.timedelta(microseconds=1))


def _links(policy_pk: int) -> QuerySet[InterpretationLink]:
    """Links from what is public in the document's own language; aliases show their original."""
    return InterpretationLink.objects.filter(
        policy_id=policy_pk,
        page__live=True,
        page__alias_of__isnull=True,
        page__locale_id=F("policy__locale_id"),
    )


def published_then(policy_pk: int, at: datetime.datetime) -> list[PublishedThen]:
    """The products of a document that were public at a moment and still are. One query."""
    row = Publication.objects.public(at).filter(page_id=OuterRef("page_id")).order_by("-since")
    links = (
        _links(policy_pk)
        .annotate(then=Subquery(row.values("pk")[:1]))
        .filter(then__isnull=False)
        .annotate(
            title_then=Subquery(row.values("title")[:1]),
            version=Subquery(row.values("version")[:1]),
        )
    )
    return [
        PublishedThen(pk, path, url_path, title, version, date or first)
        for pk, path, url_path, title, version, date, first in links.values_list(
            "page_id", "page__path", "page__url_path", "title_then", "version", "page__date",
            "page__first_published_at",
        )
    ]  # fmt: skip


def products_of(policy_pk: int, day: datetime.date | None = None) -> list[ProductLink]:
    """The public products of a document, the newest first. One query.

    Args:
        policy_pk: the document itself, not an alias of it.
        day: only what was public at the end of this day and still is, under its title of then;
            which documents a product interprets is read as it is now.
    """
    links = _links(policy_pk)
    title = F("page__title")
    if day is not None and day < page_today():
        row = (
            Publication.objects.public(end_of(day))
            .filter(page_id=OuterRef("page_id"))
            .order_by("-since")
        )
        links = links.filter(Exists(row))
        title = Subquery(row.values("title")[:1])  # type: ignore[assignment]
    rows = list(
        links.annotate(shown_title=title).values_list(
            "page_id", "page__path", "page__url_path", "shown_title", "page__form",
            "page__author_kind", "page__author", "page__date", "page__first_published_at",
            "page__summary", "clauses",
        )
    )  # fmt: skip
    urls = public_urls((row[0], row[1], row[2]) for row in rows)
    found = [
        _product(pk, urls[pk], title, form, kind, author, date or first, summary, clauses)
        for pk, _path, _url_path, title, form, kind, author, date, first, summary, clauses in rows
        if pk in urls
    ]
    return sorted(found, key=_newest, reverse=True)


def _product(
    pk: int,
    url: str,
    title: str,
    form: str,
    kind: str,
    author: str,
    date: datetime.datetime | None,
    summary: str = "",
    clauses: Iterable[str] = (),
) -> ProductLink:
    return ProductLink(
        pk, title, url, form, str(_FORMS.get(form, form)), kind, str(_AUTHORS.get(kind, kind)),
        author, date, date_text(date)[:10], summary, tuple(clauses or ()),
    )  # fmt: skip


def _newest(product: ProductLink) -> tuple[datetime.datetime, int]:
    return (product.date or datetime.datetime.min.replace(tzinfo=datetime.UTC), product.pk)


# --- the page of a product ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ClauseLink:
    """A clause that a product explains; ``words`` are the beginning of its text.

    ``url`` is "" where the text no longer has it (``is_gone``, with its last words) or the
    document is not public.
    """

    id: str
    label: str
    words: str
    text: str
    url: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Interpreted:
    """A document on top of a product's page, with what a reader must know of it today.

    ``url`` is "" where the document is not public. ``is_older`` says that the text was amended
    after the product was published.
    """

    pk: int
    title: str
    number: str
    url: str
    validity: Validity
    ended_on: datetime.date | None
    ended_by_title: str
    ended_by_url: str
    amended_on: datetime.date | None
    is_older: bool
    reading_url: str
    clauses: tuple[ClauseLink, ...] = ()

    @property
    def is_over(self) -> bool:
        """Repealed or expired; a document that is to take effect is not."""
        return self.validity in (Validity.REPEALED, Validity.EXPIRED)

    @property
    def is_public(self) -> bool:
        return bool(self.url)


@dataclass(frozen=True, slots=True)
class Explained:
    """A block of ``plain_words``: the clauses in full and what they mean. ``id`` is the block's."""

    id: str
    clauses: tuple[ClauseLink, ...]
    text: str


def _with_below(text: list[ClauseData], chosen: Iterable[str]) -> dict[str, str]:
    """The words of each chosen clause with all that lies below it, a line each.

    What is below another chosen clause stands there and not again by itself.
    """
    wanted = set(chosen)
    owner: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for clause in text:
        above = owner.get(clause.parent)
        if above is not None:
            owner[clause.id] = above
            found[above].append(f"{clause.number} {clause.text}".strip())
        elif clause.id in wanted:
            owner[clause.id] = clause.id
            found[clause.id] = [clause.text]
    return {key: "\n".join(lines) for key, lines in found.items()}


class _Documents:
    """The documents that a product speaks of, read once: two queries, three with lost clauses."""

    def __init__(self, page: InterpretationPage) -> None:
        self.page = page
        self.links = [link for link in page.interprets.all() if link.policy_id]
        self.first = self.links[0].policy_id if self.links else None
        self.blocks = [
            (raw.get("id") or "", raw["value"]["policy"] or self.first, raw["value"])
            for raw in page.plain_words.raw_data
        ]
        wanted = {link.policy_id for link in self.links}
        wanted |= {policy for _id, policy, _value in self.blocks if policy}
        policies = PolicyPage.objects.filter(pk__in=wanted)
        self.policies = {
            policy.pk: policy for policy in policies.select_related("policy_record__repealed_by")
        }
        self.urls = _addresses(self.policies.values())
        self.texts = {pk: policy.clauses() for pk, policy in self.policies.items()}
        self.earlier = self._earlier()

    def _earlier(self) -> dict[int, dict[str, ClauseData]]:
        lost = set()
        pointed = [(link.policy_id, link.clauses) for link in self.links]
        pointed += [(policy, value["clauses"]) for _id, policy, value in self.blocks]
        for policy, clauses in pointed:
            text = self.texts.get(policy or 0)
            if text is not None and not {*(clauses or ())} <= {clause.id for clause in text}:
                lost.add(policy)
        return _earlier_clauses(lost) if lost else {}

    def clauses(self, policy: int, chosen: Iterable[str]) -> tuple[ClauseLink, ...]:
        text, url = self.texts[policy], self.urls.get(policy, "")
        return tuple(_clause_links(chosen, text, self.earlier.get(policy, {}), url))

    def interpreted(self) -> list[Interpreted]:
        """The documents on top of the page, in the order of the editor."""
        return [
            _interpreted(
                self.page, self.policies[link.policy_id], self.urls,
                self.clauses(link.policy_id, link.clauses or ()),
            )
            for link in self.links
            if link.policy_id in self.policies
        ]  # fmt: skip

    def explained(self) -> list[Explained]:
        return [
            Explained(key, self._in_full(policy, value["clauses"] or ()), value["text"] or "")
            for key, policy, value in self.blocks
            if policy is not None and policy in self.policies
        ]

    def _in_full(self, policy: int, chosen: Iterable[str]) -> tuple[ClauseLink, ...]:
        words = _with_below(self.texts[policy], chosen)
        return tuple(
            clause if clause.is_gone else replace(clause, text=words[clause.id])
            for clause in self.clauses(policy, chosen)
            if clause.is_gone or clause.id in words
        )


def _addresses(policies: Iterable[PolicyPage]) -> dict[int, str]:
    """Addresses of the public ones among documents and those that repealed them.

    In the preview of a set, documents that go public with it count as well.
    """
    pages = [*policies]
    records = [getattr(policy, "policy_record", None) for policy in pages]
    pages += [record.repealed_by for record in records if record and record.repealed_by]
    previews = previews_led_to()
    public = public_urls((page.pk, page.path, page.url_path) for page in pages if page.live)
    return public | {page.pk: previews[page.pk] for page in pages if page.pk in previews}


def _earlier_clauses(policy_pks: Iterable[int]) -> dict[int, dict[str, ClauseData]]:
    """All clauses that the texts ever had, by document and id; the latest words win."""
    found: dict[int, dict[str, ClauseData]] = {}
    versions = PolicyVersion.objects.filter(policy_id__in=policy_pks)
    for policy_pk, clauses in versions.values_list("policy_id", "clauses"):
        known = found.setdefault(policy_pk, {})
        known.update((clause.id, clause) for clause in from_json(clauses))
    return found


def _interpreted(
    page: InterpretationPage,
    policy: PolicyPage,
    urls: dict[int, str],
    clauses: tuple[ClauseLink, ...],
) -> Interpreted:
    today = page_today()
    record: PolicyRecord | None = getattr(policy, "policy_record", None)
    ended_by = record.repealed_by if record else None
    since = record.text_since if record else None
    shown = page.displayed_date()
    url = urls.get(policy.pk, "")
    validity = policy.validity(today)
    ended_on = {
        Validity.REPEALED: record.repealed_on if record else None,
        Validity.EXPIRED: policy.dates.valid_through,
        Validity.NOT_YET_EFFECTIVE: policy.effective_on,
    }.get(validity)
    return Interpreted(
        pk=policy.pk,
        title=policy.title,
        number=policy.document_number,
        url=url,
        validity=validity,
        ended_on=ended_on,
        ended_by_title=ended_by.title if ended_by and ended_by.pk in urls else "",
        ended_by_url=urls.get(ended_by.pk, "") if ended_by else "",
        amended_on=since,
        is_older=bool(since and shown and since <= today and timezone.localdate(shown) < since),
        reading_url=reverse("policy_interpretation:reading", args=[policy.pk])
        if url and policy.live
        else "",
        clauses=clauses,
    )


def _clause_links(
    chosen: Iterable[str], text: list[ClauseData], earlier: dict[str, ClauseData], url: str
) -> Iterable[ClauseLink]:
    wanted = set(chosen)
    known = {clause.id for clause in text}
    for clause in text:  # in the order of the text, whatever the order of choosing
        if clause.id in wanted:
            address = f"{url}#{clause.anchor}" if url else ""
            label = label_of(text, clause.id)
            yield ClauseLink(clause.id, label, _words(clause.text), clause.text, address)
    for clause_id in chosen:
        before = earlier.get(clause_id)
        if clause_id not in known and before is not None:
            words = _words(before.text)
            yield ClauseLink(clause_id, before.number, words, before.text, "", True)


def _words(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 40 else words[:40] + "…"


def product_context(page: InterpretationPage) -> dict[str, object]:
    """What the page of a product shows beside its own fields."""
    read = _Documents(page)
    documents = read.interpreted()
    return {
        "interpreted": documents,
        "explained": read.explained(),
        "is_outdated": any(document.is_older for document in documents),
        "is_orphaned": bool(documents)
        and not any(document.is_public and not document.is_over for document in documents),
        "siblings": siblings(page, [document.pk for document in documents]),
    }


def siblings(page: InterpretationPage, policy_pks: Iterable[int]) -> list[ProductLink]:
    """Other public products of the same documents: the same thing in another form. One query."""
    rows = list(
        InterpretationPage.objects.filter(
            interprets__policy_id__in=list(policy_pks),
            live=True,
            alias_of__isnull=True,
            locale_id=page.locale_id,
        )
        .exclude(pk=page.alias_of_id or page.pk)
        .distinct()
        .values_list(
            "pk", "path", "url_path", "title", "form", "author_kind", "author", "date",
            "first_published_at",
        )[:50]
    )  # fmt: skip
    urls = public_urls((row[0], row[1], row[2]) for row in rows)
    found = [
        _product(pk, urls[pk], title, form, kind, author, date or first)
        for pk, _path, _url_path, title, form, kind, author, date, first in rows
        if pk in urls
    ]
    return sorted(found, key=_newest, reverse=True)


# --- figures --------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Ratio:
    """How many public documents have at least one public interpretation (R-POL-07)."""

    documents: int
    interpreted: int

    @property
    def percent(self) -> float | None:
        """One decimal; None where there is no document."""
        return round(self.interpreted * 100 / self.documents, 1) if self.documents else None


def interpretation_ratio(
    site_pk: int | None = None, *, year: int | None = None, levels: Iterable[str] = ()
) -> Ratio:
    """The ratio of a site (None: all), of the documents issued in a year, of certain levels.

    One query. Documents carried from higher bodies count unless ``levels`` leaves them out.
    """
    records = PolicyRecord.objects.filter(page__live=True)
    if site_pk is not None:
        records = records.filter(site_id=site_pk)
    if year is not None:
        records = records.filter(year=year)
    if levels:
        records = records.filter(level__in=list(levels))
    product = InterpretationLink.objects.filter(
        policy_id=OuterRef("page_id"), page__live=True, page__alias_of__isnull=True
    )
    flags = list(records.annotate(has=Exists(product)).values_list("has", flat=True))
    return Ratio(len(flags), sum(flags))
