"""What the screens have in common: who may open them, actions, windows of long lists."""

from collections.abc import Callable
from typing import Any, ClassVar, Literal

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.reposting.permissions import (
    reads_somewhere,
    sees_orders_somewhere,
    sets_up_somewhere,
    works_somewhere,
)

STYLE = forms.Media(css={"all": ["reposting/admin/reposting.css"]})
ON_A_PAGE = 40


class BoundedPaginator(Paginator):
    """Counts no further than anybody turns pages: more is narrowed by the filters."""

    MOST = 2_000

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


type Need = Literal["work", "set_up", "orders", "read"]
_MET: dict[Need, Callable[[Any], bool]] = {
    "work": works_somewhere,
    "set_up": sets_up_somewhere,
    "orders": sees_orders_somewhere,
    "read": reads_somewhere,
}


def window(rows: QuerySet[Any], request: HttpRequest) -> Page:
    return BoundedPaginator(rows, ON_A_PAGE).get_page(request.GET.get("p"))


def kept(request: HttpRequest) -> str:
    """The filters of a list as a query, for the links to its other pages."""
    asked = request.GET.copy()
    asked.pop("p", None)
    return asked.urlencode()


def number_in(text: str | None) -> int | None:
    """A primary key that somebody typed or forged; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def numbers_in(request: HttpRequest, name: str = "row") -> list[int]:
    found = (number_in(value) for value in request.POST.getlist(name)[:1000])
    return [number for number in found if number is not None]


class Screen(WagtailAdminTemplateMixin, TemplateView):
    """``needs`` says who may open it. What is posted names an ``action``: a method ``do_…``."""

    header_icon = "redirect"
    needs: ClassVar[Need] = "work"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _MET[self.needs](request.user):
            raise PermissionDenied
        self.typed: dict[str, str] = {}
        found: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        work = getattr(self, f"do_{request.POST.get('action', '')}", None)
        if work is None:
            raise PermissionDenied
        try:
            said = work(request)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            # What was typed stays: the screen is shown again, not fetched anew.
            self.typed = {name: request.POST.get(name, "") for name in request.POST}
            return self.render_to_response(self.get_context_data(**kwargs), status=422)
        if isinstance(said, HttpResponse):
            return said
        if said:
            messages.success(request, said)
        return HttpResponseRedirect(request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["media"] = context.get("media", forms.Media()) + STYLE
        context["typed"] = self.typed
        return context
