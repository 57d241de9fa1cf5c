"""What a platform and the portal tell each other, started by hand: items, guides, certificates."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.plugin_api import Action, BatchForm, OutsideError, PrivateAddress, may, site_of_path
from portal.services import platforms
from portal.services.exchange.reading import FileRefused
from portal.services.models import ServicePlatform
from portal.services.permissions import columns_for
from portal.services.platform_exchange import hand_over, take_items


class ItemsForm(BatchForm):
    """Into which column; the file comes from the platform."""

    file = None  # type: ignore[assignment]
    only_changed = forms.BooleanField(
        label=_("Only what changed since it was read the last time"), required=False
    )


class CertificateForm(forms.Form):
    kind = forms.CharField(label=_("Kind of certificate"), max_length=80)
    number = forms.CharField(
        label=_("Number of the certificate"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@method_decorator(sensitive_post_parameters("number"), name="dispatch")
class PlatformExchangeView(WagtailAdminTemplateMixin, TemplateView):
    """Each part is there if the adaptor knows it."""

    template_name = "services/admin/platform_exchange.html"
    page_title = _("Exchange with a service platform")
    header_icon = "link"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = get_object_or_404(ServicePlatform, pk=kwargs["pk"])
        if not may(request.user, Action.SITE_SETTINGS, row.site_id):
            raise PermissionDenied
        found = [one for one in platforms.connected(row.site_id) if one.row.pk == row.pk]
        if not found:  # switched off, or without its adaptor
            raise Http404
        self.one = found[0]
        self.shown: dict[str, Any] = {}
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.one.row.name

    def _items_form(self, *data: Any) -> ItemsForm:
        columns = [
            column
            for column in columns_for(self.request.user)
            if site_of_path(column.path) == self.one.row.site_id
        ]
        return ItemsForm(*data, columns=columns)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "platform": self.one.row,
            "knows": self.one.adaptor.knows,
            "items_form": self._items_form(),
            "certificate_form": CertificateForm(),
            **self.shown,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parts = {"items": self._items, "push": self._push, "certificates": self._certificate}
        asked = request.POST.get("do", "")
        if asked not in parts or asked not in self.one.adaptor.knows:
            raise PermissionDenied
        try:
            answer = parts[asked](request)
        except (OutsideError, PrivateAddress) as fault:
            told = str(fault) or gettext("The address leads into a private network.")
            messages.error(request, gettext("The platform says: %(words)s") % {"words": told})
            answer = None
        return answer or self.render_to_response(self.get_context_data(**kwargs))

    def _items(self, request: HttpRequest) -> HttpResponse | None:
        form = self._items_form(request.POST)
        self.shown["items_form"] = form
        if not form.is_valid():
            return None
        told = form.cleaned_data
        try:
            batch = take_items(
                one=self.one,
                column=form.columns[told["column"]],
                user=request.user,
                only_changed=told["only_changed"],
            )
        except FileRefused as refused:
            messages.warning(request, str(refused))
            return None
        return HttpResponseRedirect(reverse("services_import", args=[batch.pk]))

    def _push(self, request: HttpRequest) -> None:
        self.shown["handed"] = hand_over(self.one)

    def _certificate(self, request: HttpRequest) -> None:
        form = CertificateForm(request.POST)
        self.shown["certificate_form"] = form
        if form.is_valid():
            self.shown["is_looked_up"] = True
            self.shown["certificate"] = platforms.certificate(
                site_pk=self.one.row.site_id, **form.cleaned_data
            )


urls = [
    path(
        "service-platforms/<int:pk>/exchange/",
        PlatformExchangeView.as_view(),
        name="services_platform_exchange",
    )
]
