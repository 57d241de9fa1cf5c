"""Phrasings that visitors used: taking or refusing them, many at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from assistant.portal_plugin.models import PhrasingProposal
from assistant.portal_plugin.selectors.tasks import may_work_on_entries, proposals_for
from assistant.portal_plugin.services.proposals import accept, refuse

PER_PAGE = 50


class ProposalsView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "assistant/admin/proposals.html"
    page_title = _("Phrasings of visitors")
    header_icon = "comment"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_work_on_entries(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state = self.request.GET.get("state", "")
        if state not in PhrasingProposal.State.values:
            state = PhrasingProposal.State.OPEN
        # One entry's phrasings together, the most asked for entry first.
        rows = proposals_for(self.request.user).filter(state=state).order_by("-count", "-last_at")
        return super().get_context_data(**kwargs) | {
            "state": state,
            "states": PhrasingProposal.State.choices,
            "proposals": Paginator(rows, PER_PAGE).get_page(self.request.GET.get("p")),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = [
            int(number)
            for number in request.POST.getlist("proposal")
            if number.isascii() and number.isdecimal() and len(number) < 19
        ]
        # Only what the account sees; the services ask for the right on each entry once more.
        own = proposals_for(request.user).filter(pk__in=wanted).values_list("pk", flat=True)
        pks = list(own)
        if not pks:
            messages.warning(request, gettext("Choose at least one phrasing."))
        elif request.POST.get("do") == "accept":
            done = accept(pks=pks, user=request.user)
            words = ngettext(
                "%(count)d phrasing was added; it counts from now on.",
                "%(count)d phrasings were added; they count from now on.",
                done,
            )
            messages.success(request, words % {"count": done})
        elif request.POST.get("do") == "refuse":
            done = refuse(pks=pks, user=request.user)
            words = ngettext(
                "%(count)d phrasing was refused.", "%(count)d phrasings were refused.", done
            )
            messages.success(request, words % {"count": done})
        return HttpResponseRedirect(reverse("assistant_proposals"))
