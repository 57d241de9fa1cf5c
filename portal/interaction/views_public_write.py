"""Writing a letter: the form, what is said before it is sent, and the receipt.

No account, no cookie. The form works without a script; what is refused comes back with everything
that was written, files included.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.plugin_api import from_elsewhere, pinned

from . import form_keys, limits, waiting_files
from .forms_public import WriteForm
from .masking import holds_stopping
from .models import Channel, LetterKind, OtherChannel
from .selectors.channels import channels_named
from .selectors.drafts import draft_of
from .selectors.kinds import DEFAULT, intro_of, is_spoken_at, open_kinds
from .selectors.similar import Similar, similar_to
from .services.intake import Received, Sender, digest_of_letter, receive, sent_with
from .surroundings import Place, own_path, place_of
from .upload_handler import BoundedUploads, bound_uploads, is_far_too_large
from .uploads import ACCEPTED, LARGEST, MOST_FILES, FileRefused, check_file, too_large

logger = logging.getLogger(__name__)
RETRY = 60  # seconds after which a fault is likely over
PERSONAL, ALIKE = "personal", "alike"
_PUBLIC_HEADERS = {"X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"}


@dataclass(slots=True)
class Sheet:
    """A form as it stands: what was written, what is to be said about it."""

    place: Place
    kinds: Sequence[LetterKind]
    token: str
    form: WriteForm
    key: str = ""  # as it came with the form; "" where that has none that holds
    problem: str = ""
    file_problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    channels: Sequence[OtherChannel] = ()
    similar: Similar | None = None

    @property
    def is_personal(self) -> bool:
        return PERSONAL in self.notices

    def response(self, request: HttpRequest, *, status: int = 200) -> HttpResponse:
        kind = self.form["kind"].value() or ""
        context = {
            "place": self.place,
            "portal": self.place.portal,
            "sheet": self,
            "form": self.form,
            "is_error": kind == LetterKind.ERROR,
            "intro": intro_of(self.place.site, kind) if kind in self.kinds else "",
            "key": self.key or form_keys.key_for(self.token),
            "files": waiting_files.waiting(self.token) if request.method == "POST" else (),
            "seen": " ".join(self.notices),
            "accepted": ACCEPTED,
            "most_files": MOST_FILES,
            "largest": LARGEST // 1024**2,
            "action": self.place.url("write"),
            "similar_url": self.place.url("similar"),
            "status_url": self.place.url("status"),
            "hub_url": self.place.url("hub") if self.place.in_chinese else "",
        }
        response = render(request, "interaction/public/write.html", context, status=status)
        for name, value in _PUBLIC_HEADERS.items():
            response.headers[name] = value
        return response


@never_cache
@csrf_exempt  # no cookie, no account: where the form comes from is asked instead
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """An empty form (``?kind=``), or one that was sent."""
    place = place_of(request)
    kinds = _kinds(place)
    if request.method == "POST":
        return _posted(request, place, kinds)
    kind = request.GET.get("kind", "")
    return _empty(request, place, kinds, kind if kind in kinds else "")


@never_cache
@require_http_methods(["GET", "HEAD"])
def report_error(request: HttpRequest) -> HttpResponse:
    """The form for an error on a page (找错): ``?page=/path&text=…``, else the page before."""
    place = place_of(request)
    kinds = _kinds(place)
    if LetterKind.ERROR not in kinds:
        raise Http404("No reports of errors are taken")
    page = own_path(request.GET.get("page", "")) or _page_before(request)
    marked = request.GET.get("text", "").replace("\0", "")[:500]
    return _empty(request, place, kinds, LetterKind.ERROR, page=page, marked=marked)


@never_cache
@require_http_methods(["GET", "HEAD"])
def prepared(request: HttpRequest, token: str) -> HttpResponse:
    """A letter that was filled in elsewhere, by the assistant say, for its writer to complete."""
    place = place_of(request)
    kinds = _kinds(place)
    draft = draft_of(token)
    if draft is None:
        return _empty(request, place, kinds, "", problem=_("This draft is no longer kept."))
    return _empty(
        request, place, kinds, draft.kind, token=token, subject=draft.subject, text=draft.text,
        page=draft.page_path, error_kind=draft.error_kind,
    )  # fmt: skip


@never_cache
@csrf_exempt
@sensitive_post_parameters()
@require_POST
@pinned()
def similar(request: HttpRequest) -> HttpResponse:
    """What may answer already, as a piece of the page; asked while a letter is written."""
    place = place_of(request)
    if from_elsewhere(request):
        return HttpResponse(status=403, content_type="text/plain")
    if not limits.may_ask_similar(limits.visitor(request)):
        return HttpResponse(status=429, content_type="text/plain")
    subject, text = request.POST.get("subject", "")[:200], request.POST.get("text", "")[:2_000]
    context = {
        "place": place,
        "similar": similar_to(subject, text, site=place.site, language=place.language),
        "channels": channels_named(f"{subject}\n{text}", place.site),
        "is_personal": holds_stopping(f"{subject}\n{text}"),
        "in_window": True,
    }
    response = render(request, "interaction/public/before_sending.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


# --- the form -------------------------------------------------------------------------------------
def _kinds(place: Place) -> Sequence[LetterKind]:
    kinds = open_kinds(place.site) if is_spoken_at(place.site, place.language) else ()
    if not kinds:
        raise Http404("No letters are taken")
    return kinds


def _page_before(request: HttpRequest) -> str:
    before = request.headers.get("Referer", "")
    start = f"{request.scheme}://{request.get_host()}/"
    path = own_path(before) if before.startswith(start) else ""
    return "" if "/letters/" in path else path


def _empty(
    request: HttpRequest, place: Place, kinds: Sequence[LetterKind], kind: str, *,
    token: str = "", problem: str = "", **initial: str,
) -> HttpResponse:  # fmt: skip
    chosen = kind if kind in kinds else ""
    if not chosen and len(kinds) and DEFAULT in kinds and not request.GET.get("kind"):
        chosen = DEFAULT
    form = WriteForm(
        kinds=kinds,
        is_abroad=not place.in_chinese,
        initial={"kind": chosen, "may_publish": True, **initial},
    )
    sheet = Sheet(place, kinds, token or form_keys.new_token(), form, problem=problem)
    return sheet.response(request)


def _posted(request: HttpRequest, place: Place, kinds: Sequence[LetterKind]) -> HttpResponse:
    if is_far_too_large(request):
        return _too_large(request, place, kinds)
    handler = bound_uploads(request)
    try:
        posted = request.POST
    except MultiPartParserError:
        return _empty(
            request, place, kinds, "",
            problem=_("The form arrived incomplete. Please send it once more."),
        )  # fmt: skip
    form = WriteForm(posted, kinds=kinds, is_abroad=not place.in_chinese)
    typed = posted.get("key", "")
    key = form_keys.read_key(typed)
    token = form_keys.token_of(typed) or form_keys.new_token()
    sheet = Sheet(place, kinds, token, form, key=typed if key else "")
    if from_elsewhere(request):
        sheet.problem = _("The form was sent from another website. Please send it from here.")
        return sheet.response(request, status=403)
    sent = sent_with(token)
    if sent is not None:
        if _is_same(form, sent):  # the receipt got lost on its way: counts against no limit
            waiting_files.forget(token)
            return _receipt(request, place, sent)
        _turn_over(sheet, sent)
    _take_files(request, sheet, handler)
    if sent is not None:
        return sheet.response(request, status=422)
    if key is None:
        sheet.problem = _(
            "The form was open for very long. Nothing is lost: please look it over and send it."
        )
        return sheet.response(request, status=422)
    if "attach" in posted or "drop" in posted:  # only the files were to be changed
        form = WriteForm(
            kinds=kinds, is_abroad=not place.in_chinese, initial=_as_initial(form, posted)
        )
        sheet.form = form
        return sheet.response(request, status=422 if sheet.file_problems else 200)
    if not form.is_valid():
        sheet.problem = _("The letter was not sent yet. Please look at these again:")
        return sheet.response(request, status=422)
    if sheet.file_problems:
        sheet.problem = _("The letter was not sent yet, because of its files:")
        return sheet.response(request, status=422)
    if key.is_too_fast:
        sheet.problem = _("That was very quick. Please press the button once more.")
        return sheet.response(request, status=422)
    if _has_something_to_say(request, sheet):
        return sheet.response(request)
    return _sent(request, sheet)


def _is_same(form: WriteForm, sent: Received) -> bool:
    told = form.cleaned_data if form.is_valid() else {}
    written = digest_of_letter(told.get("subject", ""), told.get("text", ""))
    return written == sent.letter.digest


def _turn_over(sheet: Sheet, sent: Received) -> None:
    """Another letter was written on a sheet that was sent before (the page before, in a browser):
    it gets a sheet of its own, so that it is not taken for the one that has arrived."""
    sheet.token, sheet.key = form_keys.new_token(), ""
    sheet.problem = _(
        "This form was sent before, as letter %(number)s. What stands here now is another letter: "
        "to send it as well, please press the button once more."
    ) % {"number": sent.letter.number}


def _as_initial(form: WriteForm, posted: Any) -> dict[str, Any]:
    initial = {name: posted.get(name, "") for name in form.fields}
    return initial | {"may_publish": "may_publish" in posted}


def _too_large(request: HttpRequest, place: Place, kinds: Sequence[LetterKind]) -> HttpResponse:
    """Not even read: what was written is with the writer, who goes back to it."""
    context = {"place": place, "portal": place.portal, "largest": LARGEST // 1024**2}
    response = render(request, "interaction/public/too_large.html", context, status=413)
    response.headers["Connection"] = "close"
    return response


def _take_files(request: HttpRequest, sheet: Sheet, handler: BoundedUploads) -> None:
    """Check what came with the form and lay it aside; say of each file why it is not taken."""
    sheet.file_problems += [too_large(name) for name in handler.dropped]
    waiting_files.take_out(sheet.token, request.POST.getlist("drop"))
    checked = []
    there = {file.key for file in waiting_files.waiting(sheet.token)}
    dropped = set(request.POST.getlist("drop"))
    if set(request.POST.getlist("waits")) - dropped - there:
        sheet.file_problems.append(
            _("Files that you had attached are no longer kept. Please attach them again.")
        )
    for upload in request.FILES.getlist("files"):
        try:
            file = check_file(upload.read(), upload.name or "")
        except FileRefused as error:
            sheet.file_problems.append(str(error))
            continue
        if file.sha256[:24] not in there:
            there.add(file.sha256[:24])
            checked.append(file)
    room = MOST_FILES - (len(there) - len(checked))
    if handler.are_too_many or len(checked) > room:
        sheet.file_problems.append(
            ngettext(
                "At most %(most)d file can be attached.",
                "At most %(most)d files can be attached.",
                MOST_FILES,
            )
            % {"most": MOST_FILES}
        )
        checked = checked[:room]
    if not checked:
        return
    try:
        if not waiting_files.has_room():
            raise OSError("too much is waiting")
        waiting_files.add(sheet.token, checked)
    except OSError:
        sheet.file_problems.append(
            _("Files cannot be taken just now. You can send the letter without them.")
        )


# --- before it is sent ----------------------------------------------------------------------------
def _has_something_to_say(request: HttpRequest, sheet: Sheet) -> bool:
    """Whether the writer should look at something first. It is said once, then it goes on."""
    told = sheet.form.cleaned_data
    words = f"{told['subject']}\n{told['text']}"
    notices = []
    if holds_stopping(f"{words}\n{told['marked']}"):
        notices.append(PERSONAL)
    channels = channels_named(words, sheet.place.site)
    notices += [f"channel-{channel.pk}" for channel in channels]
    alike = None
    if told["kind"] in (LetterKind.CONSULTATION, LetterKind.SUGGESTION):
        alike = similar_to(
            told["subject"], told["text"], site=sheet.place.site, language=sheet.place.language
        )
        if alike:
            notices.append(ALIKE)
    seen = set(request.POST.get("seen", "").split())
    if not set(notices) - seen:
        return False
    sheet.notices, sheet.channels, sheet.similar = sorted({*notices, *seen}), channels, alike
    sheet.problem = _("Before it is sent: please look at this. Your letter was not sent yet.")
    return True


# --- sending --------------------------------------------------------------------------------------
def _sent(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    place, told = sheet.place, sheet.form.cleaned_data
    visitor = limits.visitor(request)
    wait = limits.wait_for_letter(visitor, place.site)
    if wait:
        sheet.problem = _(
            "Too many letters were sent from your network within an hour. Nothing is lost: please "
            "send it again in %(minutes)d minutes."
        ) % {"minutes": -(-wait // 60)}
        response = sheet.response(request, status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    draft = draft_of(sheet.token)
    is_error = told["kind"] == LetterKind.ERROR
    try:
        received = receive(
            site=place.portal.structure.records[place.site],
            kind=told["kind"],
            subject=told["subject"],
            text=told["text"],
            language=place.language,
            sender=Sender(
                name=told["name"],
                phone=told.get("phone", ""),
                email=told["email"],
                wants_mail=bool(told["email"]),
            ),
            channel=Channel.ASSISTANT if draft is not None else Channel.WEB,
            page_path=told["page"],
            marked_text=told["marked"] if is_error else "",
            error_kind=told["error_kind"] if is_error else "",
            conversation=draft.conversation if draft is not None else "",
            files=[file.file for file in waiting_files.waiting(sheet.token)],
            token=sheet.token,
            may_publish=told["may_publish"],
            visitor=visitor,
        )
    except ValidationError as error:
        sheet.problem = " ".join(error.messages)
        return sheet.response(request, status=422)
    except (OperationalError, OSError):  # a locked database, a full disk: the text must not go
        logger.exception("A letter could not be stored")
        sheet.problem = _(
            "Your letter could not be sent just now. Nothing is lost: please try again."
        )
        response = sheet.response(request, status=503)
        response.headers["Retry-After"] = str(RETRY)
        return response
    if not _is_same(sheet.form, received):  # another window was faster with the same sheet
        _turn_over(sheet, received)
        return sheet.response(request, status=422)
    waiting_files.forget(sheet.token)
    return _receipt(request, place, received)


def _receipt(request: HttpRequest, place: Place, received: Received) -> HttpResponse:
    """Shown in answer to the form itself: the code stands in no address and in no cookie."""
    context = {
        "place": place,
        "portal": place.portal,
        "letter": received.letter,
        "code": received.code,
        "status_url": place.url("status"),
        "hub_url": place.url("write"),
    }
    response = render(request, "interaction/public/receipt.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
