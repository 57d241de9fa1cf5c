"""Links to previews of pages and sets: making one, with its QR code; seeing and revoking them."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
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


class ShareSetForm(forms.Form):
    """How long a link lasts, and for whom it is."""

    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=7,
        choices=lambda: [(days, _days(days)) for days in shared_previews.DAYS],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("For whom"),
        max_length=80,
        required=False,
        help_text=_("For yourself, to know the link again in the list below."),
    )


class ShareForm(ShareSetForm):
    """Of a page also what the link shows."""

    NEWEST, THIS = "newest", "this"

    version = forms.ChoiceField(
        label=_("Shows"),
        initial=NEWEST,
        choices=[
            (NEWEST, _("always the newest draft")),
            (THIS, _("the draft as it is now, also after later changes")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("days", "version", "note")


class _LinksView(ABC, WagtailAdminTemplateMixin, FormView):
    """What links to a page and links to a set have in common."""

    template_name = "portal/admin/preview_links.html"
    page_title = _("Share a preview")
    header_icon = "link"
    back_label: Any = _("Back to the page")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self._find_subject(**kwargs):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @abstractmethod
    def _find_subject(self, **kwargs: Any) -> bool:
        """Whether this person may share what the address names."""

    @abstractmethod
    def _links(self) -> QuerySet[SharedPreview]:
        """The links of what the address names, over ones included."""

    @abstractmethod
    def _share(self, form: Any) -> tuple[SharedPreview, str]:
        """A new link and its token, as the form asks for it."""

    def _address(self, path: str) -> str:
        return path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        links = self._links() & SharedPreview.objects.active()
        return super().get_context_data(**kwargs) | {
            "links": links.select_related("created_by", "revision"),
            "back_label": self.back_label,
            "has_draft": True,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "revoke" in request.POST:
            return self._revoke(request.POST["revoke"])
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def _revoke(self, number: str) -> HttpResponse:
        # Found by what this screen is of: links of others cannot be named.
        preview = get_object_or_404(self._links(), pk=int(number) if number.isdecimal() else 0)
        shared_previews.revoke(preview=preview, user=self.request.user)
        messages.success(self.request, gettext("The link no longer opens the preview."))
        return HttpResponseRedirect(self.request.path)

    def form_valid(self, form: Any) -> HttpResponse:
        """Answers with the link itself: it can be shown this once only."""
        preview, token = self._share(form)
        path = reverse("shared_preview", args=[token])
        address = self._address(path)
        address = address if "//" in address else self.request.build_absolute_uri(path)
        code = segno.make(address, error="m")
        return self.render_to_response(
            self.get_context_data(
                form=self.get_form_class()(),
                new_link=preview,
                new_address=address,
                qr_code=code.svg_data_uri(scale=5, border=2, light="#ffffff"),
            )
        )


class PreviewLinksView(_LinksView):
    form_class = ShareForm

    def _find_subject(self, **kwargs: Any) -> bool:
        self.page = get_object_or_404(Page, pk=kwargs["page_id"])
        return shared_previews.may_share(self.request.user, self.page)

    def get_page_subtitle(self) -> str:
        title: str = self.page.get_admin_display_title()
        return title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "back_url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            "has_draft": self.page.latest_revision_id is not None,
            "lead": gettext(
                "Whoever has the link can read the draft, without an account and on any device, "
                "until the link expires. It shows this page only."
            ),
        }

    def _links(self) -> QuerySet[SharedPreview]:
        return SharedPreview.objects.filter(page=self.page)

    def _share(self, form: ShareForm) -> tuple[SharedPreview, str]:
        fixed = form.cleaned_data["version"] == ShareForm.THIS
        return shared_previews.share(
            page=self.page,
            user=self.request.user,
            days=form.cleaned_data["days"],
            revision=self.page.latest_revision if fixed else None,
            note=form.cleaned_data["note"],
        )

    def _address(self, path: str) -> str:
        return shared_previews.address_of(self.page, path)


class SetPreviewLinksView(_LinksView):
    """The same for a set of pages that a plugin keeps (``preview_sets``)."""

    form_class = ShareSetForm
    back_label = _("Back to the set")

    def _find_subject(self, **kwargs: Any) -> bool:
        found = shared_previews.ShownSet.find(kwargs["key"], kwargs["number"])
        if found is None:
            raise Http404
        self.shown_set = found
        return found.may_share(self.request.user)

    def get_page_subtitle(self) -> str:
        return str(self.shown_set.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.shown_set
        return super().get_context_data(**kwargs) | {
            "back_url": found.source.url(number=found.number),
            "of_set": True,
            "has_draft": bool(found.source.pages(number=found.number)),
            "lead": gettext(
                "Whoever has the link can read all drafts of the set, without an account and on "
                "any device, until the link expires. It shows nothing else."
            ),
        }

    def _links(self) -> QuerySet[SharedPreview]:
        found = self.shown_set
        return SharedPreview.objects.filter(shown_set=found.key, set_number=found.number)

    def _share(self, form: ShareSetForm) -> tuple[SharedPreview, str]:
        return shared_previews.share_set(
            of=self.shown_set,
            user=self.request.user,
            days=form.cleaned_data["days"],
            note=form.cleaned_data["note"],
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
