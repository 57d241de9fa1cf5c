"""What all screens of the library have in common."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.library.models import LibraryRecord
from portal.library.permissions import may_look, may_see

STYLE = forms.Media(css={"all": ["library/library.css"]})


class LibraryView(WagtailAdminTemplateMixin, TemplateView):
    """For whoever sees the library at all; with its style."""

    header_icon = "folder-open-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may(request):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def may(self, request: HttpRequest) -> bool:
        return may_look(request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["media"] = context.get("media", forms.Media()) + STYLE
        return context


class RecordMixin(LibraryView):
    """For screens on one record that the account may see."""

    record: LibraryRecord

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = LibraryRecord.objects.select_related("provider", "site", "page", "column")
        self.record = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def may(self, request: HttpRequest) -> bool:
        return may_see(request.user, self.record)

    def get_page_subtitle(self) -> str:
        return self.record.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"record": self.record}


def put_errors(form: forms.BaseForm, error: Any) -> None:
    """What a service refused, at the field that it is about."""
    told = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for field, problems in told.items():
        for problem in problems:
            form.add_error(field if field in form.fields else None, problem)
