"""Alarms about public pages: what was found, and what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.proofreading.models import Alarm
from portal.proofreading.selectors.alarms import alarms_for, sees_alarms
from portal.proofreading.services.sweeping import decide

_PER_PAGE = 30


class AlarmsView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "proofreading/admin/alarms.html"
    page_title = gettext_lazy("Alarms about public pages")
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not sees_alarms(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        open_first = Case(
            When(state=Alarm.State.OPEN, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        alarms = alarms_for(self.request.user).order_by(open_first, "-found_at", "-pk")
        return super().get_context_data(**kwargs) | {
            "alarms": Paginator(alarms, _PER_PAGE).get_page(self.request.GET.get("p")),
            "problem": kwargs.get("problem", ""),
            "wrong": kwargs.get("wrong"),
            "typed": kwargs.get("typed", ""),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = request.POST.get("alarm", "")
        known = alarms_for(request.user)
        alarm = get_object_or_404(known, pk=int(number) if number.isascii() and number.isdecimal()
                                  and len(number) < 19 else 0)  # fmt: skip
        reason = request.POST.get("reason", "")
        try:
            state = request.POST.get("state", "")
            decide(alarm=alarm, state=state, reason=reason, user=request.user)
        except ValidationError as error:
            context = self.get_context_data(
                problem=" ".join(error.messages), wrong=alarm.pk, typed=reason
            )
            return self.render_to_response(context, status=422)
        messages.success(request, _("The decision is on record."))
        return HttpResponseRedirect(request.path)
