"""What the page's form shows of its record: fetched when the form is there, at no cost to it."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from portal.library.completeness import Lack, lacks
from portal.library.derivation import derive
from portal.library.forms import RecordForm
from portal.library.gate_checks import ON_THE_PAGE
from portal.library.house import house
from portal.library.models import LibraryRecord, Scheme, Sharing
from portal.library.permissions import may_look, may_write
from portal.library.selectors.lineage import uses
from portal.library.services.quality import CHECKS
from portal.library.services.records import merged

from .records import is_own

MOST_USES = 6


@require_safe
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece of HTML about the record that the page as it is drafted now has or would get."""
    page: Any = get_object_or_404(Page, pk=pk).specific
    if not may_look(request.user) or not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if not hasattr(page, "library_values"):
        return HttpResponse("")
    shown = page.alias_of.specific if page.alias_of_id is not None else page
    draft = shown.get_latest_revision_as_object()
    rows = LibraryRecord.objects.select_related("provider", "site", "page")
    record = rows.filter(item=f"page:{shown.pk}").first()
    values = merged(derive(draft), record)
    may = record is None or may_write(request.user, record)
    context = {
        "page": shown,
        "record": record,
        "is_alias": page.alias_of_id is not None,
        "lacks": [(lack, _place(shown, lack) if may else "") for lack in lacks(values)],
        "facts": _facts(values, record),
        **(_known(record, request.user) if record is not None else {}),
    }
    return render(request, "library/admin/panel.html", context)


def _known(record: LibraryRecord, user: Any) -> dict[str, Any]:
    found = [use for use in uses(record) if use.is_public or is_own(user, use.site_pk)]
    names = record.findings.values_list("check_name", flat=True)
    return {
        "findings": [CHECKS[name][0] for name in names if name in CHECKS],
        "uses": found[:MOST_USES],
        "more_uses": max(0, len(found) - MOST_USES),
    }


def _facts(values: Any, record: LibraryRecord | None) -> list[tuple[Any, str]]:
    """Label and words of what an editor answers for, as they will be with the next publication."""
    fields = {field.name: field for field in LibraryRecord._meta.fields}
    terms = house().terms
    shown = LibraryRecord(**{name: values[name] for name in values if name != "related"})
    words = {
        "theme": _named(terms[Scheme.THEME], shown.theme),
        "genre": _named(terms[Scheme.GENRE], shown.genre),
        "provider": shown.provider_text,
        "sharing": str(Sharing(shown.sharing).label),
        "validity": record.words("validity") if record is not None else "",
    }
    return [(fields[name].verbose_name, value) for name, value in words.items() if value]


def _named(terms: Any, code: str) -> str:
    return f"{code} {terms.get(code, '?')}" if code else ""


def _place(page: Any, lack: Lack) -> str:
    """Where a lack is mended: in the form of the page itself, or in that of the record."""
    own = ON_THE_PAGE.get(lack.field, "")
    try:
        page._meta.get_field(own)
    except FieldDoesNotExist:
        field = lack.field if lack.field in RecordForm.Meta.fields else ""
        return f"{reverse('library_of_page', args=[page.pk])}?{urlencode({'edit': field})}"
    return f"#id_{own}"
