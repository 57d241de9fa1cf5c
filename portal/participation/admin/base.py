"""What the staff's screens have in common: whose they are, and answers to what was pressed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.participation.models import Activity
from portal.participation.permissions import may_work_on, works_somewhere
from portal.participation.services.errors import ParticipationError


class BoundedPaginator(Paginator):
    """Counts no further than anybody turns pages: more is narrowed."""

    MOST = 1_000

    @cached_property
    def found(self) -> int:
        rows: Any = self.object_list
        number: int = rows.order_by()[: self.MOST + 1].count()
        return number

    @property
    def is_cut(self) -> bool:
        return self.found > self.MOST

    @cached_property
    def count(self) -> int:
        return min(self.found, self.MOST)


class Screen(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not works_somewhere(request.user):
            raise PermissionDenied
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        style = forms.Media(css={"all": ["participation/admin.css"]})
        context["media"] = context.get("media", forms.Media()) + style
        return context


class ActivityScreen(Screen):
    """One activity of the own sites. What is posted names an ``action``: a method ``do_…``."""

    kind = ""
    activity: Activity
    page: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.activity = get_object_or_404(
            Activity.objects.select_related("page", "site"), page=kwargs["pk"], kind=self.kind
        )
        if not may_work_on(request.user, self.activity):
            raise PermissionDenied
        self.page = self.activity.page.specific
        self.typed: dict[str, str] = {}
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.page.title)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        work = getattr(self, f"do_{request.POST.get('action', '')}", None)
        if work is None:
            raise PermissionDenied
        try:
            said = work(request)
        except ParticipationError as error:
            messages.error(request, error.message)
            # What was typed stays: the screen is shown again, not fetched anew.
            self.typed = {name: request.POST.get(name, "") for name in request.POST}
            return self.render_to_response(self.get_context_data(**kwargs), status=422)
        if said:
            messages.success(request, said)
        return HttpResponseRedirect(request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "activity": self.activity,
            "page": self.page,
            "typed": self.typed,
            "chosen": self.request.POST.getlist("row") if self.typed else [],
        }


def numbers_in(request: HttpRequest, name: str = "row") -> list[int]:
    """The primary keys that were ticked; whatever else was posted is left out."""
    typed = request.POST.getlist(name)
    numbers = (value for value in typed if value.isascii() and value.isdigit() and len(value) < 12)
    return [int(value) for value in numbers][:1000]
