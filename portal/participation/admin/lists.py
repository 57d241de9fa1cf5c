"""All activities of the own sites, and their exports."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.participation.exports import as_file
from portal.participation.models import Activity, ActivityKind, Stage
from portal.participation.permissions import may_work_on, workable_by
from portal.participation.selectors.hub import BEGINS, ENDS, stage_condition
from portal.participation.selectors.public import stage_of

from . import interviews, solicitations, surveys
from .base import Screen

ON_A_PAGE = 40
_SCREENS = {
    ActivityKind.SOLICITATION: solicitations.SolicitationScreen,
    ActivityKind.SURVEY: surveys.SurveyScreen,
    ActivityKind.INTERVIEW: interviews.InterviewScreen,
}
_ROWS = {
    ActivityKind.SOLICITATION: solicitations.export_rows,
    ActivityKind.SURVEY: surveys.export_rows,
    ActivityKind.INTERVIEW: interviews.export_rows,
}


class ActivitiesScreen(Screen):
    """What the own sites ask: those whose result is owed first."""

    template_name = "participation/admin/activities.html"
    page_title = _("Participation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        stage = self.request.GET.get("stage", "")
        rows = workable_by(self.request.user).annotate(ends=ENDS, begins=BEGINS)
        if stage in Stage.values:
            rows = rows.filter(stage_condition(stage, timezone.now()))
        rows = rows.select_related("page", "site").order_by(
            Coalesce("ends", timezone.now()).desc(), "-page"
        )
        page = Paginator(rows, ON_A_PAGE).get_page(self.request.GET.get("p"))
        return context | {
            "rows": page,
            "lines": [(row, stage_of(row)) for row in page],
            "stages": Stage.choices,
            "stage": stage,
        }


def activity(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The screen of an activity, by its kind."""
    row = get_object_or_404(Activity, page=pk)
    if not may_work_on(request.user, row):
        raise PermissionDenied
    return _SCREENS[ActivityKind(row.kind)].as_view()(request, pk=pk)


def export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """What came in, as a file."""
    row = get_object_or_404(Activity.objects.select_related("page"), page=pk)
    if not may_work_on(request.user, row):
        raise PermissionDenied
    if kind not in ("csv", "xlsx"):
        raise Http404
    return as_file(_ROWS[ActivityKind(row.kind)](row.page.specific), f"{row.kind}-{pk}", kind)
