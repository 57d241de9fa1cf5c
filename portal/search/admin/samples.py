"""Whether published titles are found: the nightly samples, and one at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from portal.search.models import SampleRun
from portal.search.permissions import READING, SETTINGS, may_at
from portal.search.services.sampling import sample_site

from .base import DeskView

_ON_A_PAGE = 20
# While somebody waits.
AT_ONCE = 10


class SamplesView(DeskView):
    """The samples of a site, the newest first, with what was missed and why."""

    template_name = "portal_search/admin/samples.html"
    page_title = gettext_lazy("Are published titles found?")
    header_icon = "crosshairs"
    needed = READING

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = SampleRun.objects.filter(site=self.site).prefetch_related("misses")
        page = Paginator(rows, _ON_A_PAGE).get_page(self.request.GET.get("p"))
        pks = {miss.page for run in page for miss in run.misses.all()}
        there = set(Page.objects.filter(pk__in=pks).values_list("pk", flat=True))
        query = self.request.GET.copy()
        query.pop("p", None)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "query": query.urlencode(),
            "there": there,
            "count": AT_ONCE,
            "may_run": may_at(self.request.user, SETTINGS, self.site.pk),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_at(request.user, SETTINGS, self.site.pk):
            raise PermissionDenied
        run = sample_site(self.site.pk, count=AT_ONCE)
        said = {"found": run.found, "number": run.looked_for}
        if run.found < run.looked_for:
            messages.warning(request, _("%(found)d of %(number)d titles were found.") % said)
        else:
            messages.success(request, _("All of %(number)d titles were found.") % said)
        return HttpResponseRedirect(request.get_full_path())
