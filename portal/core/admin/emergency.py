"""Withdrawing everywhere at once, from the header of a page."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.core.gate import PublishRefused
from portal.core.models import ReviewRound
from portal.core.reviews.withdrawal import (
    everywhere,
    put_back,
    replaceable_by,
    with_descendants,
    withdraw_everywhere,
)
from portal.core.withheld_files import affected_by, withheld_of


class EmergencyView(WagtailAdminTemplateMixin, TemplateView):
    """Shows everything that would go, asks for the reason, does it in one step."""

    template_name = "portal/admin/emergency.html"
    page_title = _("Emergency withdrawal")
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.page = get_object_or_404(Page, pk=kwargs["page_id"])
        if not self.page.specific_deferred.permissions_for_user(request.user).can_unpublish():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        title: str = self.page.get_admin_display_title()
        return title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = with_descendants(everywhere(self.page))
        affected = affected_by(pages)
        return super().get_context_data(**kwargs) | {
            "pages": pages,
            "going": [each for each in affected if each.goes],
            "staying": [each for each in affected if not each.goes],
            "offline": withheld_of(self.page),
            "versions": replaceable_by(self.page),
            "errors": getattr(self, "errors", []),
            "reason": self.request.POST.get("reason", ""),
            "edit_url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reason = request.POST.get("reason", "")
        try:
            if "version" in request.POST:
                number = request.POST["version"]
                review = get_object_or_404(ReviewRound, pk=number if number.isdecimal() else 0)
                put_back(page=self.page, review=review, user=request.user, reason=reason)
                text = gettext("The earlier version is public again.")
            else:
                done = withdraw_everywhere(page=self.page, user=request.user, reason=reason)
                text = ngettext(
                    "Withdrawn: %(count)d page.", "Withdrawn: %(count)d pages.", len(done.items)
                ) % {"count": len(done.items)}
        except PublishRefused as refused:
            self.errors = [problem.message for problem in refused.problems]
        except ValidationError as error:
            self.errors = error.messages
        else:
            messages.success(request, text)
            return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[self.page.pk]))
        return self.get(request, *args, **kwargs)


def emergency_button(
    page: Page, user: Any, next_url: str | None = None, view_name: str = "edit"
) -> Iterator[Button]:
    """Among the buttons of a public page's header."""
    if not page.live:
        return
    rights = page.specific_deferred.permissions_for_user(user)
    if rights.can_publish() and rights.can_unpublish():  # the first asks no query
        yield Button(
            _("Withdraw everywhere"),
            reverse("portal_emergency_withdrawal", args=[page.pk]),
            icon_name="warning",
            priority=70,
        )
