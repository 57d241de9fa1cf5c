"""What the public pages of documents show."""

import datetime
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from portal.plugin_api import Attachment, PortalContext, attachment, page_today
from portal.policy_interpretation.coverage import coverage_of_text
from portal.policy_interpretation.days import asked_day
from portal.policy_interpretation.models import ClauseExplanation, PolicyPage
from portal.text.official.citing import Quoted

from . import facts, history, relations, texts
from .catalogue import index_number_of
from .citing import Citer
from .clauses import Lost, lost_clause
from .consultation import consultation_of, is_consultation
from .products import products_of


def policy_context(page: PolicyPage, request: HttpRequest, portal: PortalContext) -> dict[str, Any]:
    """A document as of today, or of the day that ``?asof=`` names.

    An alias shows its original: validity, relations, versions and address.
    """
    today = page_today()
    asked = asked_day(request)
    day = asked.day or today
    is_draft = bool(getattr(request, "is_preview", False))
    record = page.record
    original = page.alias_of_id or page.pk
    if page.alias_of_id and record is not None:
        portal.canonical_url = origin_of(record.page, portal) + portal.structure.url(
            record.page.url_path
        )
    read = texts.reading_of_draft(page) if is_draft else texts.reading_on(page, day)
    # Read once: the page's tags ask for them as well.
    page.issuing_bodies = list(page.issuing_bodies.select_related("organisation"))
    bodies = page.body_names()
    clause_path = reverse("policy_interpretation:clause", args=[original or 0, "0"])
    citer = Citer(
        document=_quoted(page, bodies, portal),
        clauses=read.clauses,
        clause_address=origin_of(page, portal) + clause_path.removesuffix("-0/"),
        today=today,
    )
    lines = texts.lines_of(read, citer.by_id)
    groups = relations.relations_of(original, portal, day) if original else []
    amendments = (
        list(page.amendments.select_related("basis"))
        if is_draft or (record is not None and record.amended_on)
        else []
    )
    repealed_by = facts.repealing_document(record, portal)
    products = products_of(original, asked.day) if original else []
    return {
        "asked": asked,
        "reading": read,
        "validity": read.validity,
        "today": today,
        "clauses": read.clauses,
        "lines": lines,
        "contents": texts.table_of_contents(lines),
        "bodies": bodies,
        "facts": facts.facts_of(page, bodies, read, index_number_of(page)),
        "banner": facts.banner_of(page, read, amendments, groups, repealed_by),
        "lost": _lost(original, request, read.day),
        "downloads": downloads_of(page),
        "relation_groups": [group for group in groups if not is_consultation(group)],
        "relations_url": reverse("policy_interpretation:relations", args=[original or 0]),
        "comparisons": facts.comparisons(original, amendments, groups),
        "events": history.history_of(
            page,
            clauses=read.clauses,
            amendments=amendments,
            groups=groups,
            repealed_by=repealed_by,
            products=[
                (timezone.localdate(product.date), product.title, product.url)
                for product in products
                if product.date is not None
            ],
            today=today,
        ),
        "citer": citer,
        # A translation has no clauses of its own to be cited: the Chinese text prevails.
        "is_citable": not page.is_translation,
        "consultation": consultation_of(groups, products),
        "products": products,
        **(reading_offer(original, read, asked.day) if products else {}),
        "library_url": reverse("policy_interpretation:library"),
        "share": {"url": portal.canonical_url, "qr_url": f"/qr/{original}.svg"},
        "print_url": f"?print=1&asof={asked.day.isoformat()}" if asked.day else "?print=1",
    }


def _quoted(page: PolicyPage, bodies: list[str], portal: PortalContext) -> Quoted:
    """What is cited: of a translation its Chinese original, which alone is the document."""
    record = page.record
    if not page.is_translation or record is None:
        return Quoted(
            page.title, page.document_number, tuple(bodies), page.issued_on, portal.canonical_url
        )
    original = record.page
    url = origin_of(original, portal) + portal.structure.url(original.url_path)
    return Quoted(original.title, original.document_number, tuple(bodies), original.issued_on, url)


def downloads_of(page: PolicyPage) -> list[Attachment]:
    """The document as it was issued and what was attached, with kind and size. One query."""
    return [
        replace(attachment(file.document), title=file.title or file.document.title)
        for file in page.files.select_related("document")
    ]


def reading_offer(
    policy_pk: int, read: texts.Reading, asked: datetime.date | None
) -> dict[str, Any]:
    """The reading view, where a clause is explained: address and coverage. One query.

    How much was explained on an earlier day only the view itself tells.
    """
    explained = ClauseExplanation.objects.filter(policy=policy_pk, product__live=True)
    ids = set(explained.values_list("clause", flat=True))
    if not ids:
        return {}
    url = reverse("policy_interpretation:reading", args=[policy_pk])
    if asked is not None:
        return {"reading_url": f"{url}?asof={asked.isoformat()}"}
    return {"reading_url": url, "coverage": coverage_of_text(read.clauses, ids, read.day)}


def origin_of(page: PolicyPage, portal: PortalContext) -> str:
    """Scheme and host of a page's site, for addresses that are taken away: codes, citations."""
    root = portal.structure.root_for_url_path(page.url_path)
    return root.origin if root is not None else portal.request.build_absolute_uri("/").rstrip("/")


def _lost(policy_pk: int | None, request: HttpRequest, day: datetime.date) -> Lost | None:
    wanted = request.GET.get("gone", "")
    return lost_clause(policy_pk, wanted) if wanted and policy_pk else None
