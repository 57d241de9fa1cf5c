"""What stands above the text of a document: the box of facts, the banner on its validity."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from portal.plugin_api import PortalContext
from portal.policy_interpretation.models import PolicyAmendment, PolicyPage, PolicyRecord
from portal.policy_interpretation.models.documents import Audience
from portal.policy_interpretation.validity import Validity

from .relations import Related, RelationGroup, flat
from .texts import Reading


@dataclass(frozen=True, slots=True)
class Value:
    text: str
    url: str = ""
    is_external: bool = False
    day: datetime.date | None = None  # shown as the readers of the page write it


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line of the box. ``field``: the form field that it comes from, for the preview."""

    label: str
    values: Sequence[Value]
    field: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """Why a document must not be taken for what is in force in full.

    ``tone`` is "over" (no longer in force), "early" or "partly".
    """

    tone: str
    label: str
    sentence: str
    document: Related | None = None
    clauses: Sequence[tuple[str, str]] = ()  # (number, anchor) of those that ended


@dataclass(frozen=True, slots=True)
class Offer:
    """A comparison table that a page offers."""

    label: str
    url: str


def facts_of(
    page: PolicyPage, bodies: Sequence[str], read: Reading, index_number: str
) -> list[Fact]:
    """The box of R-POL-01 in the order of national pages; what is empty is left out."""
    library = reverse("policy_interpretation:library")

    def narrowed(**query: str) -> str:
        return f"{library}?{urlencode(query)}"

    def day(value: datetime.date | None) -> list[Value]:
        return [Value(value.isoformat(), day=value)] if value else []

    def text(value: object) -> list[Value]:
        return [Value(str(value))] if value else []

    theme = page.theme
    published = page.displayed_date()
    record = page.record
    found = [
        Fact(gettext("Index number"), text(index_number), "index_number"),
        Fact(
            gettext("Theme"),
            [Value(str(theme), narrowed(theme=theme.code))] if theme else [],
            "theme",
        ),
        Fact(
            gettext("Issuing body"),
            [Value(name, narrowed(body=name)) for name in bodies],
            "issuing_bodies",
        ),
        Fact(gettext("Date of issue"), day(page.issued_on), "issued_on"),
        Fact(gettext("Document number"), text(page.document_number), "document_number"),
        Fact(
            gettext("Published on"),
            day(timezone.localdate(published) if published else None),
            "date",
        ),
        Fact(
            gettext("Genre"),
            [Value(page.get_genre_display(), narrowed(genre=page.genre))],
            "genre",
        ),
        Fact(
            gettext("Validity"),
            [Value(str(read.validity.label)), *text(page.validity_note)],
            "validity_note",
            tone="over" if read.validity in (Validity.REPEALED, Validity.EXPIRED) else "",
        ),
        Fact(gettext("In force from"), day(page.effective_on), "effective_on"),
        Fact(gettext("Valid through"), day(page.dates.valid_through), "valid_through"),
        Fact(
            gettext("Replaced on") if record and record.is_replaced else gettext("Repealed on"),
            day(record.repealed_on if record else None),
        ),
        Fact(
            gettext("Who it is for"),
            [Value(str(Audience(key).label), narrowed(audience=key)) for key in _known(page)],
            "audience",
        ),
        Fact(gettext("Disclosure"), text(page.get_disclosure_display()), "disclosure"),
        Fact(gettext("Keywords"), text(page.keywords.replace(",", " ")), "keywords"),
        Fact(
            gettext("Source"),
            [Value(page.source or page.source_url, page.source_url, bool(page.source_url))]
            if page.source or page.source_url
            else [],
            "source",
        ),
    ]
    return [fact for fact in found if fact.values]


def _amended_elsewhere(
    record: "PolicyRecord | None", groups: Sequence[RelationGroup]
) -> Banner | None:
    """Another document says that it amends this one, whose text is still as it was."""
    if record is None or record.amended_on is None:
        return None
    by = next(
        (group.items[0] for group in groups if group.incoming and group.kind == "amends"), None
    )
    sentence = gettext("Amended with effect from %(day)s by the document named here.")
    return Banner("partly", gettext("Amended"), sentence % {"day": _long(record.amended_on)}, by)


def banner_of(
    page: PolicyPage,
    read: Reading,
    amendments: Iterable[PolicyAmendment],
    groups: Sequence[RelationGroup],
    repealed_by: Related | None,
) -> Banner | None:
    """The banner for the day that is read; None where the document is simply in force."""
    record = page.record
    match read.validity:
        case Validity.REPEALED if record is not None and record.repealed_on:
            day = _long(record.repealed_on)
            if record.is_replaced:
                sentence = gettext("Replaced from %(day)s on.") % {"day": day}
            else:
                sentence = gettext("Repealed from %(day)s on.") % {"day": day}
            outside = Related(None, record.repeal_basis, "", "", None)
            document = repealed_by or (outside if record.repeal_basis else None)
            label = gettext("Replaced") if record.is_replaced else gettext("Repealed")
            return Banner("over", label, sentence, document)
        case Validity.EXPIRED if last_day := page.dates.valid_through:
            sentence = gettext("It was valid through %(day)s.") % {"day": _long(last_day)}
            early = record is not None and record.early_end == last_day and record.repeal_basis
            document = (
                Related(None, record.repeal_basis, "", "", None) if early and record else None
            )
            return Banner("over", gettext("Expired"), sentence, document)
        case Validity.NOT_YET_EFFECTIVE if page.effective_on:
            sentence = gettext("It takes effect on %(day)s.") % {"day": _long(page.effective_on)}
            return Banner("early", gettext("Not yet in force"), sentence)
        case Validity.PARTLY_INVALID:
            ended = [c for c in read.clauses if c.invalid_from and c.invalid_from <= read.day]
            return Banner(
                "partly",
                gettext("Partly invalid"),
                gettext("These clauses are no longer in force:"),
                clauses=[(c.number or c.text[:12], c.anchor) for c in ended],
            )
        case Validity.AMENDED:
            last = max(
                (a for a in amendments if a.effective_on <= read.day),
                key=lambda amendment: amendment.effective_on,
                default=None,
            )
            if last is None:
                return _amended_elsewhere(record, groups)
            sentence = gettext("Amended with effect from %(day)s. This is the amended text.")
            return Banner(
                "partly",
                gettext("Amended"),
                sentence % {"day": _long(last.effective_on)},
                amending_document(last, groups),
            )
    return None


def amending_document(
    amendment: PolicyAmendment, groups: Sequence[RelationGroup]
) -> Related | None:
    """The document behind an amendment, with its address where it is public here."""
    basis = amendment.basis
    if basis is not None and basis.live:
        known = next((item for _group, item in flat(groups) if item.pk == basis.pk), None)
        return known or Related(basis.pk, basis.title, basis.document_number, "", None)
    if amendment.basis_text:
        return Related(None, amendment.basis_text, "", "", None)
    return None


def repealing_document(record: PolicyRecord | None, portal: PortalContext) -> Related | None:
    """The public document that ended this one."""
    if record is None or record.repealed_by is None or not record.repealed_by.live:
        return None
    page = record.repealed_by
    if portal.structure.is_private(page.path):
        return None
    url = portal.structure.url(page.url_path, portal.host)
    return Related(page.pk, page.title, page.document_number, url, record.repealed_on)


def comparisons(
    policy_pk: int | None,
    amendments: Iterable[PolicyAmendment],
    groups: Sequence[RelationGroup],
) -> list[Offer]:
    """The tables of old and new that a document takes part in: amendments and replacements."""
    if not policy_pk:
        return []
    address = reverse("policy_interpretation:compare", args=[policy_pk])
    days = sorted({amendment.effective_on.isoformat() for amendment in amendments}, reverse=True)
    found = [
        Offer(
            gettext("Compare the text before and after %(day)s") % {"day": day},
            f"{address}?on={day}",
        )
        for day in days
    ]
    found += [
        Offer(
            gettext("Compare with %(title)s") % {"title": f"《{item.title}》"},
            f"{address}?with={item.pk}",
        )
        for group, item in flat(groups)
        if group.kind == "replaces" and item.pk is not None
    ]
    return found


def _known(page: PolicyPage) -> list[str]:
    return [key for key in (page.audience or "").split(",") if key in Audience.values]


def _long(day: datetime.date) -> str:
    return date_format(day, "DATE_FORMAT")
