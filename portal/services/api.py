"""Guides in the public API, below ``/api/v1/services``: what the entrance and the pages say."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router
from wagtail.rich_text import expand_db_html

from portal.plugin_api import (
    ApiId,
    ApiMissing,
    PublicTree,
    absolute_html,
    absolute_url,
    api_frame,
    public_tree,
)

from .api_schemas import (
    GuideBasisOut,
    GuideDetail,
    GuideItem,
    GuideListing,
    GuideMaterialOut,
    GuidePlaceOut,
    GuidesQuery,
    GuideStepOut,
    LanguageOfErrors,
    OpeningHours,
    TermItem,
    TermsQuery,
)
from .models import GuidePage
from .ratings import figures_of
from .selectors.basis import addresses_of
from .selectors.lists import Filters, GuideList, GuideRow, read_rows
from .selectors.shelf import shelf

NO_GUIDE = _("There is no such public service guide.")
CHINESE = "zh-hans"


def make_router() -> Router:
    """The router for the registry ``api_routers``; a new one with each call."""
    router = Router(tags=["services"])
    router.get(
        "/guides",
        response=GuideListing,
        operation_id="list_service_guides",
        summary="Service guides, in alphabetical order or by how well they fit a question",
    )(list_guides)
    router.get(
        "/guides/{int:guide_id}",
        response=GuideDetail,
        operation_id="get_service_guide",
        summary="One service guide with every field",
    )(get_guide)
    router.get(
        "/terms",
        response=list[TermItem],
        operation_id="list_service_terms",
        summary="The words by which services are sorted, with the number of guides",
    )(list_terms)
    return router


def list_guides(request: HttpRequest, query: Query[GuidesQuery]) -> GuideListing:
    """With the filters of the entrance; without `language` those in Chinese."""
    tree = public_tree(request)
    site_pk = tree.site(query.site).pk if query.site is not None else None
    narrowed = query.model_dump(exclude={"site", "language", "page", "page_size"})
    filters = Filters(**{name: str(value or "").strip() for name, value in narrowed.items()})
    found = GuideList(query.language or CHINESE, site_pk, filters)
    rows = read_rows(found.shelf, found.piece(query.offset, query.page_size))
    return GuideListing(
        items=[_item(tree, row) for row in rows],
        **api_frame(request, query, total=found.count, more=found.count > query.end),
    )


def get_guide(
    request: HttpRequest, guide_id: Path[ApiId], query: Query[LanguageOfErrors]
) -> GuideDetail:
    """As it is public now."""
    tree = public_tree(request)
    page = (
        GuidePage.objects.filter(pk=guide_id, live=True, alias_of=None)
        .select_related("owner_unit", "item_type", "online_level", "result_sample", "locale")
        .first()
    )
    if page is None or tree.node_around(page.path) is None:
        raise ApiMissing(NO_GUIDE)
    return _detail(page, tree.url(page.url_path))


def list_terms(request: HttpRequest, query: Query[TermsQuery]) -> list[TermItem]:
    """In the order of each list."""
    found = shelf(query.language or CHINESE)
    return [
        TermItem(
            dimension=term.dimension,
            key=term.key,
            label=term.label,
            english_label=term.english_label,
            explanation=term.explanation,
            count=found.having(term.dimension, term.key).bit_count(),
        )
        for term in found.terms.values()
        if query.dimension in (None, term.dimension)
    ]


def _item(tree: PublicTree, row: GuideRow) -> GuideItem:
    return GuideItem(
        id=row.pk,
        title=row.title,
        summary=row.summary,
        unit=row.unit,
        time_limit=row.limit,
        fee=row.fee,
        online_level=row.level_rank,
        online_level_label=row.level,
        item_type=row.item_type,
        base_code=row.base_code,
        phone=row.phone,
        url=tree.url(row.url_path),
    )


def _detail(page: GuidePage, url: str) -> GuideDetail:
    def file(document: Any) -> str | None:
        return absolute_url(document.url, url) if document else None

    terms: dict[str, list[str]] = {"life_event": [], "person": [], "subject": []}
    for term in page.terms.all():
        terms.setdefault(term.dimension, []).append(term.key)
    figures = figures_of(page.pk)
    basis = list(page.basis.select_related("target"))
    urls = addresses_of(basis)
    plain = {
        name: getattr(page, name)
        for name in (
            "title", "summary", "everyday_names", "main_item", "sub_item", "base_code",
            "implementation_code", "level", "handling", "legal_limit", "promised_limit", "visits",
            "visit_reason", "special_steps", "intermediary", "is_charged", "fee_standard",
            "fee_basis", "result_name", "delivery", "online_url", "appointment_url",
            "takes_payment_online", "sends_by_post", "contact_phone", "contact_ways", "promise",
            "norms", "discipline", "supervision",
        )
    }  # fmt: skip
    return GuideDetail(
        **plain,
        id=page.pk,
        url=url,
        language=page.locale.language_code,
        item_type=page.item_type.key if page.item_type else "",
        online_level=page.online_level.rank if page.online_level else None,
        online_level_label=page.online_level.shown_label if page.online_level else "",
        unit=str(page.owner_unit.full_name) if page.owner_unit else "",
        unit_code=page.owner_unit.code if page.owner_unit else "",
        served=[value for value in page.served.split(",") if value],
        life_events=terms["life_event"],
        persons=terms["person"],
        subjects=terms["subject"],
        conditions_html=absolute_html(expand_db_html(page.conditions), url),
        notes_html=absolute_html(expand_db_html(page.notes), url),
        result_sample=file(page.result_sample),
        materials=[
            GuideMaterialOut(
                name=row.name,
                necessity=row.necessity,
                form=row.form,
                copies=row.copies,
                source=row.source,
                case_note=row.case_note,
                instruction=row.instruction,
                basis=row.basis,
                blank_form=file(row.blank_form),
                instruction_file=file(row.instruction_file),
                sample=file(row.sample),
            )
            for row in page.materials.select_related("blank_form", "instruction_file", "sample")
        ],
        steps=[
            GuideStepOut(name=row.name, text=row.text, duration=row.duration)
            for row in page.steps.all()
        ],
        places=[
            GuidePlaceOut(
                name=row.name,
                counter=row.counter,
                address=row.address,
                english_address=row.english_address,
                phone=row.phone,
                latitude=float(row.latitude) if row.latitude is not None else None,
                longitude=float(row.longitude) if row.longitude is not None else None,
                directions=row.directions,
                hours=[
                    OpeningHours(days=span["days"], opens=span["from"], closes=span["until"])
                    for span in row.hours
                ],
                follows_calendar=row.follows_calendar,
                hours_note=row.hours_note,
            )
            for row in page.places.all()
        ],
        basis=[
            GuideBasisOut(
                label=row.label
                or (row.target.title if row.target and row.target_id in urls else ""),
                url=row.url,
                page=row.target_id if row.target_id in urls else None,
                clauses=list(row.clauses or ()) if row.target_id in urls else [],
                excerpt=row.excerpt,
            )
            for row in basis
            if row.label or row.target_id in urls
        ],
        ratings=figures.count,
        average_rating=figures.average,
    )
