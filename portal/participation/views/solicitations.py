"""An opinion on a clause or on the whole: form, sending, thanks."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page

from portal.participation import guards
from portal.participation.drafts import DraftClause, clauses_of
from portal.participation.forms import OpinionForm
from portal.participation.guards import Stop
from portal.participation.models import Activity, Opinion, SolicitationPage, Stage
from portal.participation.selectors.public import Place, public_place, stage_of
from portal.participation.selectors.solicitations import whole
from portal.participation.services.errors import ParticipationError
from portal.participation.services.solicitations import give_opinion

from .answering import page_with, thanks

TEMPLATE = "participation/opinion_form.html"


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """``?clause=`` names the clause; without it the opinion is about the whole."""
    place = public_place(request, SolicitationPage, pk)
    clause = _clause(request, place)
    if clause is None and request.method != "POST":
        raise Http404
    context: dict[str, object] = {"clause": clause or whole()}
    if clause is None:  # gone since the form was opened: sent again it is about the whole
        context["action"] = request.path
    if request.method != "POST":
        if stage_of(place.activity) != Stage.OPEN:
            return page_with(request, place, "participation/not_open.html", {}, status=200)
        context |= {"form": OpinionForm(), "key": guards.new_key("opinion", pk)}
        return page_with(request, place, TEMPLATE, context)
    if guards.is_trapped(request.POST):
        return thanks(place)  # a program: told what it wants to hear
    form = OpinionForm(request.POST)
    typed = request.POST.get("key", "")
    key = guards.read_key(typed, "opinion", pk)
    context |= {"form": form, "key": typed if key else guards.new_key("opinion", pk)}
    if not form.is_valid():
        return page_with(request, place, TEMPLATE, context, status=422)
    if not key:
        stop = Stop(_("This sheet is too old. Your text is still here: please send it again."), 422)
        return page_with(request, place, TEMPLATE, context, stop=stop)
    if clause is None:
        stop = Stop(
            _("The draft has this clause no longer. Your text is still here: sent again, it is an "
              "opinion on the whole. You may also copy it and choose another clause."), 422,
        )  # fmt: skip
        return page_with(request, place, TEMPLATE, context, stop=stop)
    stored = Opinion.objects.filter(key=key)
    stop_or_none = guards.stop_of(request, "opinion", pk, stored=stored)
    if stop_or_none is not None:
        return page_with(request, place, TEMPLATE, context, stop=stop_or_none)
    told = form.cleaned_data
    try:
        give_opinion(
            page=place.page,
            clause=clause.id,
            text=told["text"],
            name=told["name"],
            contact=told["contact"],
            key=key,
            language=place.portal.language,
        )
    except ParticipationError as error:
        return page_with(request, place, TEMPLATE, context, stop=Stop(str(error.message), 422))
    return thanks(place)


def _clause(request: HttpRequest, place: Place) -> DraftClause | None:
    """None where the draft has no such clause, perhaps no longer."""
    wanted = request.GET.get("clause", "")
    if not wanted:
        return whole()
    for clause in clauses_of(place.page, place.portal.site_pk):
        if clause.id == wanted and clause.can_be_named:
            return clause
    return None


@never_cache
@require_safe
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Thanks, and what happens next."""
    activity = Activity.objects.select_related("page__content_type").filter(page=pk).first()
    model = activity.page.specific_class if activity is not None else None
    if model is None or model is Page:
        raise Http404
    place = public_place(request, model, pk)
    return page_with(request, place, "participation/thanks.html", {"activity": place.activity})
