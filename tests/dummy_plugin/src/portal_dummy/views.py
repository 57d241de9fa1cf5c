from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.plugin_api import request_site

from .models import Note


@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    found = Note.objects.filter(site_id=request_site(request))[:20]
    return render(request, "dummy/notes.html", {"notes": found})


@require_safe
def note(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Note, pk=pk, site_id=request_site(request))
    return render(request, "dummy/notes.html", {"notes": [found]})
