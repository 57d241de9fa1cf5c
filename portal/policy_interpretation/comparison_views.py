"""Tables of old and new text: as a page, and as a Word file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from portal.plugin_api import PortalContext, portal_of

from .comparison_docx import CONTENT_TYPE, to_docx
from .days import read_day
from .models import PolicyPage
from .selectors.comparison import (
    NotComparable,
    Table,
    amendment_side_by_side,
    documents_side_by_side,
)


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """``?with=`` names another public document, ``?on=`` the day of an amendment of this one.

    ``?show=all`` prints the clauses that are the same as well; ``?format=docx`` gives the file.
    """
    page = _public(request, pk)
    portal = portal_of(request).for_page(page)
    table: Table | None = None
    problem = ""
    try:
        table = _table(request, page, portal)
    except NotComparable as error:
        problem = str(error)
    if table is not None and request.GET.get("format") == "docx":
        return _file(request, page, table)
    shows_all = request.GET.get("show") == "all"
    query = request.GET.copy()
    query.pop("show", None)
    context = {
        "portal": portal,
        "page": page,
        "table": table,
        "problem": problem,
        "shows_all": shows_all,
        "rows": (table.rows if shows_all else table.changed_rows) if table else (),
        "query": query.urlencode(),
    }
    response = render(request, "policy_interpretation/comparison.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, max_age=60)
    return response


def _table(request: HttpRequest, page: PolicyPage, portal: PortalContext) -> Table:
    other, day = request.GET.get("with", ""), request.GET.get("on", "")
    if other:
        if not (other.isascii() and other.isdigit() and len(other) < 10):
            raise NotComparable(gettext("The address names no document to compare with."))
        if int(other) == page.pk:
            raise NotComparable(gettext("A document cannot be compared with itself."))
        return documents_side_by_side(page, _public(request, int(other)), portal)
    found = read_day(day)
    if found is None:
        raise NotComparable(gettext("The address names no document and no day to compare with."))
    return amendment_side_by_side(page, found, portal)


def _public(request: HttpRequest, pk: int) -> PolicyPage:
    pages = PolicyPage.objects.select_related("policy_record")
    page = get_object_or_404(pages, pk=pk, live=True, alias_of__isnull=True)
    if page.get_url(request) is None or portal_of(request).structure.is_private(page.path):
        raise Http404
    return page


def _file(request: HttpRequest, page: PolicyPage, table: Table) -> HttpResponse:
    address = request.build_absolute_uri(request.path)
    name = "".join(sign for sign in page.title if sign.isprintable() and sign not in '/\\:*?"<>|')
    response = HttpResponse(to_docx(table, address=address), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(
        True, f"{name[:60]}-{gettext('comparison')}.docx"
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response
