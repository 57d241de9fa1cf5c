"""Choosing a starter, and the ordinary forms filled with it. Nothing is saved by itself.

The forms are Wagtail's own views: they check who may do what, and what they show is sent to their
ordinary addresses, so that autosave, preview, locks and reviews work as always.
"""

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page

from . import Starter, find, starters_for
from .thumbnails import thumbnail


def starter_kind(model: type[Page]) -> str:
    kind: str = getattr(model, "starter_kind", "")
    return kind


def _with_next(address: str, request: HttpRequest, **more: str) -> str:
    following = get_valid_next_url_from_request(request)
    query = more | ({"next": following} if following else {})
    return f"{address}?{urlencode(query)}" if query else address


class _ChoiceView(WagtailAdminTemplateMixin, TemplateView):
    """Starters with pictures; each is a link, so that it works without scripts."""

    template_name = "pages/admin/starters.html"
    page_title = gettext_lazy("Choose a starter")
    header_icon = "pick"
    kind: str
    http_method_names = ("get", "head")

    def address_of(self, starter: Starter) -> str:
        raise NotImplementedError

    def empty_address(self) -> str:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["choices"] = [
            {"starter": starter, "url": self.address_of(starter), "picture": thumbnail(starter)}
            for starter in starters_for(self.kind)
        ]
        context["empty_url"] = self.empty_address()
        return context


class ChooseForNewView(_ChoiceView):
    """Before a new page, below a parent."""

    def dispatch(
        self, request: HttpRequest, model_name: str, parent_page_id: int
    ) -> HttpResponseBase:
        parent = get_object_or_404(Page, pk=parent_page_id).specific
        if not parent.permissions_for_user(request.user).can_add_subpage():
            raise PermissionDenied
        self.model_name, self.parent = model_name, parent
        model = _page_model(model_name)
        if model not in parent.creatable_subpage_models() or not model.can_create_at(parent):
            raise PermissionDenied
        self.kind = starter_kind(model)
        self.page_subtitle = model.get_verbose_name()
        return super().dispatch(request)

    def get_page_subtitle(self) -> str:
        return str(self.page_subtitle)

    def address_of(self, starter: Starter) -> str:
        arguments = [starter.key, self.model_name, self.parent.pk]
        return _with_next(reverse("portal_new_from_starter", args=arguments), self.request)

    def empty_address(self) -> str:
        address = reverse("wagtailadmin_pages:add", args=["pages", self.model_name, self.parent.pk])
        return _with_next(address, self.request, starter="empty")


class ChooseForPageView(_ChoiceView):
    """For a page that stands and has no sections yet: a new sub-site's home, a channel."""

    def dispatch(self, request: HttpRequest, page_id: int) -> HttpResponseBase:
        page = get_object_or_404(Page, pk=page_id).specific
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        self.page = page
        self.kind = starter_kind(type(page))
        if not self.kind:
            raise Http404
        return super().dispatch(request)

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def address_of(self, starter: Starter) -> str:
        return _with_next(
            reverse("portal_page_from_starter", args=[starter.key, self.page.pk]), self.request
        )

    def empty_address(self) -> str:
        return _with_next(reverse("wagtailadmin_pages:edit", args=[self.page.pk]), self.request)


class NewFromStarterView(CreateView):
    """Wagtail's form for a new page, filled with a starter."""

    def dispatch(
        self, request: HttpRequest, key: str, model_name: str, parent_page_id: int
    ) -> HttpResponseBase:
        model = _page_model(model_name)
        starter = find(key, starter_kind(model))
        if starter is None:
            raise Http404
        self.starter = starter
        response: HttpResponseBase = super().dispatch(request, "pages", model_name, parent_page_id)
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        self.starter.fill(self.page)
        response: HttpResponse = super().get(request)
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        """The form is sent to Wagtail's own address."""
        return self.http_method_not_allowed(request)


class PageFromStarterView(EditView):
    """Wagtail's form for a page that stands, its empty sections filled with a starter."""

    def dispatch(self, request: HttpRequest, key: str, page_id: int) -> HttpResponseBase:
        model = get_object_or_404(Page, pk=page_id).specific_class
        starter = find(key, starter_kind(model)) if model is not None else None
        if starter is None:
            raise Http404
        self.starter = starter
        response: HttpResponseBase = super().dispatch(request, page_id)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.starter.fill(self.page)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form is sent to Wagtail's own address."""
        return self.http_method_not_allowed(request)


def _page_model(name: str) -> type[Page]:
    try:
        model = apps.get_model("pages", name)
    except LookupError as error:
        raise Http404(_("There is no such kind of page.")) from error
    if not starter_kind(model):
        raise Http404
    found: type[Page] = model
    return found
