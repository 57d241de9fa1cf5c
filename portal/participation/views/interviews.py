"""A question to an interview, and what is said in it while it is live."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from portal.participation import guards
from portal.participation.forms import QuestionForm
from portal.participation.guards import Stop
from portal.participation.live import kept_news, open_stream
from portal.participation.models import InterviewPage, InterviewQuestion
from portal.participation.selectors.interviews import is_on_air, takes_questions
from portal.participation.selectors.public import public_place
from portal.participation.services.errors import ParticipationError
from portal.participation.services.interviews import ask as ask_question

from .answering import page_with

TEMPLATE = "participation/interviews/ask.html"
PLACE_KEPT = 5  # seconds that an interview stays readable for those who ask every few seconds


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a question, and sending it."""
    place = public_place(request, InterviewPage, pk)
    context: dict[str, object] = {"is_open": takes_questions(place.page, place.activity)}
    if request.method != "POST":
        begins = place.page.questions_from
        context["is_coming"] = begins is not None and timezone.now() < begins
        context |= {"form": QuestionForm(), "key": guards.new_key("question", pk)}
        return page_with(request, place, TEMPLATE, context)
    thanks = HttpResponseRedirect(reverse("participation:asked", args=[pk]))
    if guards.is_trapped(request.POST):
        return thanks  # a program: told what it wants to hear
    form = QuestionForm(request.POST)
    typed = request.POST.get("key", "")
    key = guards.read_key(typed, "question", pk)
    # Whatever stops it now, the form comes back with what was typed.
    context |= {"form": form, "key": typed if key else guards.new_key("question", pk)}
    context["is_open"] = True
    if not form.is_valid():
        return page_with(request, place, TEMPLATE, context, status=422)
    if not key:
        stop = Stop(_("This sheet is too old. Your text is still here: please send it again."), 422)
        return page_with(request, place, TEMPLATE, context, stop=stop)
    stored = InterviewQuestion.objects.filter(key=key)
    too_much = guards.stop_of(request, "question", pk, stored=stored)
    if too_much is not None:
        return page_with(request, place, TEMPLATE, context, stop=too_much)
    told = form.cleaned_data
    try:
        ask_question(
            page=place.page,
            text=told["text"],
            name=told["name"],
            contact=told["contact"],
            key=key,
            language=place.portal.language,
        )
    except ParticipationError as error:
        return page_with(request, place, TEMPLATE, context, stop=Stop(str(error.message), 422))
    return thanks


@never_cache
@require_safe
def asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Thanks, and what happens next: a page that may be loaded again."""
    place = public_place(request, InterviewPage, pk)
    return page_with(request, place, "participation/interviews/asked.html", {})


@never_cache
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Server-sent events; 503 where all places are taken: then ``news`` is asked instead."""
    place = public_place(request, InterviewPage, pk)
    if not is_on_air(place.activity, timezone.now()):
        return HttpResponse(status=204)  # browsers do not come back after it
    since = _since(request.headers.get("Last-Event-ID") or request.GET.get("since", "0"))
    content_type = "text/event-stream; charset=utf-8"
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type)
    stream = open_stream(pk, since)
    if stream is None:
        return HttpResponse(status=503, headers={"Retry-After": "10"})
    response = StreamingHttpResponse(stream, content_type=content_type)
    response.headers["X-Accel-Buffering"] = "no"  # a web server in front passes each event on
    return response


@never_cache
@require_safe
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed since a number, at once: for browsers that find no place in a stream."""
    known = f"participation:place:{request.get_host()}:{pk}"
    if cache.get(known) is None:
        public_place(request, InterviewPage, pk)
        cache.set(known, True, PLACE_KEPT)
    told = kept_news(pk, _since(request.GET.get("since", "0")))
    return HttpResponse(told, content_type="application/json")


def _since(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
