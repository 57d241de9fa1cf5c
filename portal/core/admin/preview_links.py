"""The links to a page's preview: making one, with its QR code; seeing and revoking the others."""

from collections.abc import Iterator
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.core import shared_previews
from portal.core.models import SharedPreview


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


class ShareForm(forms.Form):
    """How long a link lasts, and what it shows."""

    NEWEST, THIS = "newest", "this"

    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=7,
        choices=lambda: [(days, _days(days)) for days in shared_previews.DAYS],
        widget=forms.RadioSelect,
    )
    version = forms.ChoiceField(
        label=_("Shows"),
        initial=NEWEST,
        choices=[
            (NEWEST, _("always the newest draft")),
            (THIS, _("the draft as it is now, also after later changes")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("For whom"),
        max_length=80,
        required=False,
        help_text=_("For yourself, to know the link again in the list below."),
    )


class PreviewLinksView(WagtailAdminTemplateMixin, FormView):
    template_name = "portal/admin/preview_links.html"
    form_class = ShareForm
    page_title = _("Share a preview")
    header_icon = "link"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.page = get_object_or_404(Page, pk=kwargs["page_id"])
        if not shared_previews.may_share(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        title: str = self.page.get_admin_display_title()
        return title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = SharedPreview.objects.active().filter(page=self.page)
        return super().get_context_data(**kwargs) | {
            "links": links.select_related("created_by", "revision"),
            "edit_url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            "has_draft": self.page.latest_revision_id is not None,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "revoke" in request.POST:
            return self._revoke(request.POST["revoke"])
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def _revoke(self, number: str) -> HttpResponse:
        # Found by its page, whose editor this is: links of other pages cannot be named.
        own = SharedPreview.objects.filter(page=self.page)
        preview = get_object_or_404(own, pk=int(number) if number.isdecimal() else 0)
        shared_previews.revoke(preview=preview, user=self.request.user)
        messages.success(self.request, gettext("The link no longer opens the preview."))
        return HttpResponseRedirect(reverse("portal_preview_links", args=[self.page.pk]))

    def form_valid(self, form: ShareForm) -> HttpResponse:
        """Answers with the link itself: it can be shown this once only."""
        fixed = form.cleaned_data["version"] == ShareForm.THIS
        preview, token = shared_previews.share(
            page=self.page,
            user=self.request.user,
            days=form.cleaned_data["days"],
            revision=self.page.latest_revision if fixed else None,
            note=form.cleaned_data["note"],
        )
        path = reverse("shared_preview", args=[token])
        address = shared_previews.address_of(self.page, path)
        address = address if "//" in address else self.request.build_absolute_uri(path)
        code = segno.make(address, error="m")
        return self.render_to_response(
            self.get_context_data(
                form=ShareForm(),
                new_link=preview,
                new_address=address,
                qr_code=code.svg_data_uri(scale=5, border=2, light="#ffffff"),
            )
        )


def share_button(page: Page, user: Any, view_name: str, next_url: str = "") -> Iterator[Button]:
    """In the menu beside the title of a page that is edited, so by somebody who may edit it."""
    if view_name == "edit" and page.latest_revision_id:
        yield Button(
            gettext("Share a preview"),
            reverse("portal_preview_links", args=[page.pk]),
            icon_name="link",
            priority=12,
        )
