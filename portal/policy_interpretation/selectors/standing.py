"""Whether documents are in force, found by what people call them: for other plugins."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from portal.plugin_api import DocumentNamed, PolicyStanding, main_site_pk, public_pages, public_urls
from portal.policy_interpretation.models import PolicyEffect, PolicyPage, PolicyRecord
from portal.policy_interpretation.models.documents import STANDINGS
from portal.policy_interpretation.models.effects import EffectKind
from portal.policy_interpretation.numbers import number_key
from portal.policy_interpretation.validity import Dates, validity_on
from portal.text.official.numbers import normalise_document_number
from portal.text.official.script import simplified
from portal.text.segmentation import query_tokens

_DATES = ("effective_on", "valid_through", "repealed_on", "amended_on", "partly_invalid_on")
_SIGNS = re.compile(r"[\s《》〈〉“”\"'（）()、，,。.·]+")
_LEAST = 4  # characters of a part of a title
_EMPTY = frozenset(["的", "和", "与", "及", "关于", "the", "of", "and"])
_MOST_ROWS = 200


def find_standing(
    words: str, *, site: int | None, language: str, day: datetime.date, count: int
) -> list[PolicyStanding]:
    """See ``PolicyStandings.find``. At most five queries."""
    records = _public(language).filter(Q(issued_on__isnull=True) | Q(issued_on__lte=day))
    if site is not None:
        records = records.filter(site__in={site, main_site_pk()})
    if normalise_document_number(words):
        found = list(records.filter(number_key=number_key(words))[:count])
    else:
        found = _by_title(records, words)[:count]
    return _told(found, day)


def read_standing(document: int, *, day: datetime.date) -> PolicyStanding | None:
    """See ``PolicyStandings.read``."""
    page = PolicyPage.objects.filter(pk=document, live=True).values("alias_of_id").first()
    if page is None:
        return None
    original = page["alias_of_id"] or document
    found = _told(list(_public(None).filter(page=original)), day)
    return found[0] if found else None


def _public(language: str | None) -> QuerySet[PolicyRecord]:
    records = PolicyRecord.objects.filter(
        public_pages("page__path"), page__live=True, page__alias_of__isnull=True
    ).select_related("page")
    if language is not None:
        code = "zh-hans" if language.startswith("zh") else language
        records = records.filter(page__locale__language_code=code)
    return records.order_by("-published_at", "-page")


def _by_title(records: QuerySet[PolicyRecord], words: str) -> list[PolicyRecord]:
    """Whole titles alone, else those with all the words: in this order first, the shorter first."""
    wanted = _plain(words)
    tokens = [token for token in query_tokens(simplified(words)) if token not in _EMPTY]
    if len(wanted) < _LEAST or not tokens:
        return []
    having = Q()
    for token in tokens:
        having &= Q(title__icontains=token)
    rows = list(records.filter(having)[:_MOST_ROWS])
    whole = [row for row in rows if _plain(row.title) == wanted]
    return whole or sorted(rows, key=lambda row: (wanted not in _plain(row.title), len(row.title)))


def _plain(text: str) -> str:
    return _SIGNS.sub("", simplified(unicodedata.normalize("NFKC", text)).casefold())


# --- what is told ---------------------------------------------------------------------------------
def _told(records: Sequence[PolicyRecord], day: datetime.date) -> list[PolicyStanding]:
    urls = _urls(record.page for record in records)
    others = _others(records, day)
    return [
        _standing(record, urls[record.page_id], others, day)
        for record in records
        if record.page_id in urls
    ]


def _standing(
    record: PolicyRecord,
    url: str,
    others: dict[tuple[int, str], DocumentNamed],
    day: datetime.date,
) -> PolicyStanding:
    dates = Dates(**{name: getattr(record, name) for name in _DATES})
    ended = record.repealed_on if record.repealed_on and record.repealed_on <= day else None
    amended = record.amended_on if record.amended_on and record.amended_on <= day else None
    return PolicyStanding(
        document=record.page_id,
        title=record.title,
        number=record.document_number,
        url=url,
        standing=STANDINGS[validity_on(dates, day)].value,
        bodies=tuple(name for name in record.bodies.split("、") if name),
        issued_on=record.issued_on,
        in_force_from=record.effective_on,
        valid_through=record.valid_through,
        ended_on=ended,
        is_replaced=record.is_replaced,
        ended_by=_ended_by(record, others) if ended else None,
        amended_on=amended,
        amended_by=others.get((record.page_id, EffectKind.AMENDED)) if amended else None,
    )


def _ended_by(
    record: PolicyRecord, others: dict[tuple[int, str], DocumentNamed]
) -> DocumentNamed | None:
    known = others.get((record.page_id, EffectKind.REPEALED))
    if known is not None:
        return known
    return DocumentNamed(record.repeal_basis) if record.repeal_basis else None


def _others(
    records: Sequence[PolicyRecord], day: datetime.date
) -> dict[tuple[int, str], DocumentNamed]:
    """What ended or amended each, where it is in the library and public."""
    by = {record.page_id: record.repealed_by_id for record in records if record.repealed_by_id}
    amending = dict(
        PolicyEffect.objects.filter(
            policy__in=[record.page_id for record in records if record.amended_on],
            kind=EffectKind.AMENDED,
            undone_at__isnull=True,
            by__isnull=False,
            since__lte=day,
        )
        .order_by("since", "pk")
        .values_list("policy_id", "by_id")
    )
    wanted = {*by.values(), *amending.values()}
    pages = {page.pk: page for page in PolicyPage.objects.filter(pk__in=wanted, live=True)}
    urls = _urls(pages.values())
    named = {
        pk: DocumentNamed(page.title, page.document_number, urls[pk])
        for pk, page in pages.items()
        if pk in urls
    }
    return {
        (policy, kind): named[other]
        for kind, pairs in ((EffectKind.REPEALED, by), (EffectKind.AMENDED, amending))
        for policy, other in pairs.items()
        if other in named
    }


def _urls(pages: Iterable[PolicyPage]) -> dict[int, str]:
    return public_urls((page.pk, page.path, page.url_path) for page in pages)
