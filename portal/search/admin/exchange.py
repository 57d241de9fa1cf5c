"""Synonyms as a table: check, take over, download."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.permissions import policy_registry

from portal.plugin_api import LARGEST_TABLE, TABLE_TYPES, TableError, table_response
from portal.search.models import SynonymRule
from portal.search.permissions import RULES, may_somewhere
from portal.search.services import exchange

from .base import DeskView


class SynonymTableView(DeskView):
    """Takes a file, says what it would do, and does it when that is confirmed."""

    template_name = "portal_search/admin/synonyms_table.html"
    page_title = gettext_lazy("Synonyms as a table")
    header_icon = "table"
    needed = RULES

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"refused": [], **kwargs}) | {
            "columns": exchange.COLUMNS,
            "kinds": list(TABLE_TYPES),
            "back": reverse("synonymrule:index"),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            rows = self._rows(request)
        except TableError as error:
            return self._shown(problem=str(error))
        is_check = "take" not in request.POST
        taken = exchange.take_table(rows=rows, by=request.user, only_check=is_check)
        if is_check:
            return self._shown(
                status=200,
                taken=taken,
                refused=taken.refused,
                rows=json.dumps(rows, ensure_ascii=False),
            )
        said = _("%(added)d added, %(changed)d changed, %(same)d were the same.") % {
            "added": taken.added,
            "changed": taken.changed,
            "same": taken.same,
        }
        messages.success(request, said)
        if taken.refused:
            return self._shown(refused=taken.refused)
        return HttpResponseRedirect(reverse("synonymrule:index"))

    def _rows(self, request: HttpRequest) -> list[tuple[int, dict[str, str]]]:
        """Of the file, or those that were checked and are confirmed."""
        if "rows" in request.POST:
            return _confirmed(request.POST["rows"])
        upload = request.FILES.get("file")
        if upload is None:
            raise TableError(_("Choose a file."))
        if (upload.size or 0) > LARGEST_TABLE:
            raise TableError(_("The file is larger than 2 MB."))
        return exchange.rows_of_file(b"".join(upload.chunks()))

    def _shown(self, status: int = 422, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context), status=status)


def _confirmed(text: str) -> list[tuple[int, dict[str, str]]]:
    try:
        found = [
            (int(line), {str(name): str(cell) for name, cell in row.items()})
            for line, row in json.loads(text)
        ]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise TableError(_("Choose the file again.")) from error
    return found[: exchange.MOST_ROWS]


@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The synonyms that the account may set, as ``csv`` or ``xlsx``."""
    if not may_somewhere(request.user, RULES):
        raise PermissionDenied
    if kind not in TABLE_TYPES:
        raise Http404
    policy = policy_registry.get_by_type(SynonymRule)
    rules = policy.instances_user_has_any_permission_for(request.user, ["change"])
    rows = exchange.table(rules.select_related("site").order_by("pk"))
    return table_response(kind, "synonyms", exchange.COLUMNS, rows)
