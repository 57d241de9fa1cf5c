"""Short addresses of clauses, which survive every move of the page."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from portal.plugin_api import request_site

from .models import PolicyPage


@require_safe
def clause_link(request: HttpRequest, pk: int, clause: str) -> HttpResponse:
    """To the place of a clause in its document; 404 where the document is not public."""
    page = get_object_or_404(PolicyPage, pk=pk, live=True)
    url = page.get_url(request)
    if url is None or request_site(request) is None:
        raise Http404
    return HttpResponseRedirect(f"{url}#c-{clause}")
