"""How a letter stands, for whoever has number and code; what its writer may do there.

Number and code come by POST only: they stand in no address. Afterwards a signed word that is good
for an hour stands in the page's own forms, so that the code is not asked for with each press.
"""

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.plugin_api import from_elsewhere, pinned

from . import limits
from .forms_public import FollowUpForm, LookUpForm, RatingForm
from .models import Letter, LetterFile, ReplyFile, ReplyState
from .selectors.standing import shown_to_writer
from .services import flow
from .services.intake import find_by_code
from .surroundings import Place, place_of

_SALT = "interaction.opened"
OPEN_FOR = 3_600


@never_cache
@csrf_exempt  # no cookie, no account: where the form comes from is asked instead
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponseBase:
    """Number and code; then the letter and what its writer may do with it."""
    place = place_of(request)
    if request.method != "POST":
        number = request.GET.get("number", "")[:40]
        return _asked(request, place, LookUpForm(initial={"number": number}))
    if from_elsewhere(request):
        problem = _("The form was sent from another website. Please send it from here.")
        return _asked(request, place, LookUpForm(), problem=problem, code=403)
    if "opened" in request.POST:
        letter = _opened(request.POST["opened"])
        if letter is None:
            problem = _("The page was open for very long. Please give number and code again.")
            return _asked(request, place, LookUpForm(), problem=problem, code=422)
        act = _ACTS.get(request.POST.get("do", ""))
        return act(request, place, letter) if act is not None else _shown(request, place, letter)
    form = LookUpForm(request.POST)
    if not form.is_valid():
        return _asked(request, place, form, code=422)
    told = form.cleaned_data
    letter = find_by_code(number=told["number"], code=told["code"], visitor=limits.visitor(request))
    if letter is None:
        problem = _(
            "There is no letter with this number and this code, or it was tried too often. Please "
            "look at your receipt; after many tries wait an hour."
        )
        return _asked(request, place, form, problem=problem, code=422)
    return _shown(request, place, letter)


def opened_word(letter: Letter) -> str:
    """What the page's own forms carry instead of the code."""
    return signing.dumps(letter.pk, salt=_SALT)


def _opened(word: str) -> Letter | None:
    try:
        pk = signing.loads(word, salt=_SALT, max_age=OPEN_FOR)
    except signing.BadSignature:
        return None
    return Letter.objects.filter(pk=pk).first()


def _asked(
    request: HttpRequest, place: Place, form: LookUpForm, *, problem: str = "", code: int = 200
) -> HttpResponse:
    for name in form.fields:
        if form.is_bound and name in form.errors:
            form.fields[name].widget.attrs |= {
                "aria-invalid": "true", "aria-describedby": f"id_{name}_error"
            }  # fmt: skip
    context = {"place": place, "portal": place.portal, "form": form, "problem": problem}
    return _private(render(request, "interaction/public/look_up.html", context, status=code))


@pinned()
def _shown(
    request: HttpRequest, place: Place, letter: Letter, *, told: str = "", problem: str = "",
    code: int = 200, **forms: Any,
) -> HttpResponse:  # fmt: skip
    rating = getattr(letter, "rating", None)
    initial = (
        {"score": rating.score, "words": rating.text, "solved": _solved(rating.is_solved)}
        if rating is not None
        else None
    )
    context = {
        "place": place,
        "portal": place.portal,
        "shown": shown_to_writer(letter),
        "letter": letter,
        "opened": opened_word(letter),
        "rate_form": forms.get("rate_form") or RatingForm(initial=initial),
        "ask_form": forms.get("ask_form") or FollowUpForm(),
        "rating": rating,
        "told": told,
        "problem": problem,
        "action": place.url("status"),
    }
    return _private(render(request, "interaction/public/letter.html", context, status=code))


def _solved(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store, private"
    return response


# --- what the writer may do -----------------------------------------------------------------------
def _rate(request: HttpRequest, place: Place, letter: Letter) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _shown(request, place, letter, rate_form=form, code=422,
                      problem=_("Nothing was sent yet. Please look at this again."))  # fmt: skip
    told = form.cleaned_data

    def work() -> object:
        return flow.rate(
            letter=letter, score=told["score"], is_solved=form.is_solved, text=told["words"]
        )

    return _done(request, place, letter, work, _("Thank you. Your rating was kept."),
                 rate_form=form)  # fmt: skip


def _ask(request: HttpRequest, place: Place, letter: Letter) -> HttpResponse:
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return _shown(request, place, letter, ask_form=form, code=422,
                      problem=_("Nothing was sent yet. Please look at this again."))  # fmt: skip

    def work() -> object:
        return flow.follow_up(letter=letter, text=form.cleaned_data["text"])

    return _done(request, place, letter, work, _("Your question was sent to the office."),
                 ask_form=form)  # fmt: skip


def _withdraw(request: HttpRequest, place: Place, letter: Letter) -> HttpResponse:
    if request.POST.get("sure") != "yes":
        problem = _("Please tick that you want to take the letter back.")
        return _shown(request, place, letter, problem=problem, code=422)

    def work() -> object:
        return flow.withdraw(letter=letter)

    return _done(request, place, letter, work, _("Your letter was taken back."))


def _done(
    request: HttpRequest, place: Place, letter: Letter, work: Callable[[], object], told: str,
    **forms: Any,
) -> HttpResponse:  # fmt: skip
    try:
        work()
    except ValidationError as error:
        problem = " ".join(error.messages)
        return _shown(request, place, letter, problem=problem, code=422, **forms)
    return _shown(request, place, Letter.objects.get(pk=letter.pk), told=told)


def _download(request: HttpRequest, place: Place, letter: Letter) -> HttpResponse:
    """The letter and its answers as plain text, to be kept."""
    context = {"place": place, "letter": letter, "shown": shown_to_writer(letter)}
    text = render_to_string("interaction/public/letter.txt", context)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{letter.number}.txt"'
    return _private(response)


def _file(request: HttpRequest, place: Place, letter: Letter) -> HttpResponseBase:
    """A file of this letter or of one of its answers, and of no other."""
    kind, _dash, pk = request.POST.get("file", "").partition("-")
    row: LetterFile | ReplyFile | None = None
    if pk.isascii() and pk.isdecimal() and len(pk) < 12:
        if kind == "letter":
            row = LetterFile.objects.filter(pk=int(pk), letter=letter).first()
        elif kind == "reply":
            row = ReplyFile.objects.filter(
                pk=int(pk), reply__letter=letter, reply__state=ReplyState.RELEASED
            ).first()
    if row is None:
        return _shown(request, place, letter, problem=_("There is no such file."), code=404)
    response = FileResponse(row.file.open("rb"), content_type=row.mime_type)
    response.headers["Content-Disposition"] = str(content_disposition_header(True, row.name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store, private"
    return response


_ACTS: dict[str, Callable[[HttpRequest, Place, Letter], HttpResponseBase]] = {
    "rate": _rate,
    "ask": _ask,
    "withdraw": _withdraw,
    "download": _download,
    "file": _file,
}
