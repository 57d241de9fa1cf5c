"""One letter: what was written, where it went, what can be done with it now, and the reply."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.interaction.models import Letter, LetterSender, LetterState, LetterStep, Verb
from portal.interaction.permissions import (
    may_see,
    may_see_writer,
    moves_now,
    open_transfer,
    works_on_letters,
)
from portal.interaction.selectors.dates import alarm_of, due_words
from portal.interaction.selectors.desk import material
from portal.interaction.selectors.seen import (
    hidden_in,
    hiding,
    hiding_in_reply,
    seen_letter,
)
from portal.interaction.services import flow
from portal.plugin_api import Clock

from .base import ScreenMixin
from .moves import MOVES, MoveForm
from .reply import ReplyDesk
from .translating import translator_draft

_OF_REPLY = ("text", "translation", "guard_reason")
SCRIPT = forms.Media(js=["interaction/admin/letter.js"])


def letter_or_refuse(request: HttpRequest, pk: int) -> Letter:
    """A letter that the account may read.

    Raises:
        Http404, PermissionDenied
    """
    if not works_on_letters(request.user):
        raise PermissionDenied
    rows = Letter.objects.select_related("site", "unit", "holder", "clock", "merged_into", "page")
    letter: Letter = get_object_or_404(rows, pk=pk)
    if not may_see(request.user, letter):
        raise PermissionDenied
    return letter


class LetterView(ScreenMixin, TemplateView):
    """The working place: letter and history to the left, moves and reply, material beside it."""

    template_name = "interaction/admin/letter.html"
    page_title = gettext_lazy("Letter")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.letter = letter_or_refuse(request, kwargs["pk"])
        self.allowed = self._allowed()
        self.bound: MoveForm | None = None
        self.bound_verb = ""
        self.reply = ReplyDesk(request, self.letter, is_open=Verb.HAND_IN in self.allowed)
        return super().dispatch(request, *args, **kwargs)

    def _allowed(self) -> list[Verb]:
        """What may be done now; of the clock only what fits how it runs."""
        found = moves_now(self.request.user, self.letter)
        clock = self.letter.clock
        is_paused = clock is not None and clock.state == Clock.State.PAUSED
        left_out = {Verb.PAUSE, Verb.DEFER} if is_paused or clock is None else {Verb.RESUME}
        if self.letter.is_deferred:
            left_out.add(Verb.DEFER)
        if not self.letter.needs_translation and not self.letter.chinese_text:
            left_out.add(Verb.TRANSLATE)
        if self.letter.holder_id == getattr(self.request.user, "pk", None):
            left_out.add(Verb.TAKE)
        return [verb for verb in found if verb not in left_out]

    def get_page_subtitle(self) -> str:
        return self.letter.number

    # --- doing ----------------------------------------------------------------------------------
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "do" in request.POST:
            return self._write(request)
        verb = request.POST.get("move", "")
        screen = next((one for one in MOVES.values() if one.verb == verb), None)
        if screen is None:
            raise Http404
        form = screen.form(
            request.POST, letter=self.letter, user=request.user, prefix=str(screen.verb)
        )
        if form.is_valid():
            try:
                with transaction.atomic():
                    flow.demand_seen(self.letter, request.POST.get("seen", ""))
                    screen.run(letter=self.letter, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(
                    request,
                    _("%(number)s: %(done)s.")
                    % {"number": self.letter.number, "done": screen.verb.label},
                )
                return HttpResponseRedirect(self._next(request))
        self.bound, self.bound_verb = form, str(screen.verb)
        messages.error(request, _("Nothing was done. Please look at the marked words."))
        return self.render_to_response(self.get_context_data(), status=422)

    def _next(self, request: HttpRequest) -> str:
        """Back to the letter, or to the queue where the account may no longer read it."""
        if may_see(request.user, Letter.objects.get(pk=self.letter.pk)):
            return request.path
        return reverse("interaction_mine")

    def _write(self, request: HttpRequest) -> HttpResponse:
        wants_json = "application/json" in request.headers.get("Accept", "")
        try:
            told = self.reply.do(request.POST["do"])
        except ValidationError as error:
            if wants_json:
                return JsonResponse({"problem": " ".join(error.messages)}, status=422)
            messages.error(request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(), status=422)
        if wants_json:
            saved = _("Saved at %(time)s") % {"time": f"{timezone.localtime():%H:%M:%S}"}
            return JsonResponse(
                {
                    "saved": saved,
                    "findings": self.reply.findings_as_json(),
                    "version": self.reply.version,
                }
            )
        messages.success(request, told)
        return HttpResponseRedirect(f"{request.path}#reply")

    # --- showing --------------------------------------------------------------------------------
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter, user = self.letter, self.request.user
        hide, of_office = hiding(user, letter), hiding_in_reply(user, letter)
        context = super().get_context_data(**kwargs)
        screens = [self._screen(verb) for verb in self.allowed if verb in MOVES]
        main_moves = [one for one in screens if one["screen"].group == "main"]
        if len(main_moves) == 1 and self.bound is None:
            main_moves[0]["is_open"] = True  # what the letter waits for, without a click more
        media = SCRIPT + self.reply.form.media
        context["media"] = context["media"] + media
        sees_writer = may_see_writer(user, letter)
        is_open = letter.is_open
        return context | {
            "letter": seen_letter(letter, hide),
            "seen": flow.standing_of(letter),
            "is_foreign": not letter.language.startswith("zh"),
            "words": due_words(letter),
            "alarm": alarm_of(letter),
            "sees_writer": sees_writer,
            "sender": LetterSender.objects.filter(letter=letter).first() if sees_writer else None,
            "files": list(letter.files.all()) if sees_writer else [],
            "steps": _steps(letter, hide),
            "transfers": list(letter.transfers.select_related("from_unit", "to_unit")),
            "on_the_way": open_transfer(letter) if is_open else None,
            "opinions": [
                hidden_in(row, ("request", "opinion"), hide)
                for row in letter.advice.select_related("unit")
            ],
            "joined": list(letter.merged.filter(state=LetterState.MERGED)),
            "follow_up": _one(letter, "follow_up", hide),
            "rating": _one(letter, "rating", hide),
            "main_moves": main_moves,
            "more_moves": [one for one in screens if one["screen"].group != "main"],
            "may_publish": Verb.PUBLISH in self.allowed or Verb.WITHHOLD in self.allowed,
            "reply": self.reply,
            "draft": hidden_in(self.reply.row, _OF_REPLY, of_office) if self.reply.row else None,
            "released": [hidden_in(row, _OF_REPLY, of_office) for row in self.reply.released()],
            "draft_translation": translator_draft(letter)
            if "translate" in self.request.GET
            else "",
            "material": material(letter, user) if "material" in self.request.GET else None,
        }

    def _screen(self, verb: Verb) -> dict[str, Any]:
        screen = MOVES[verb]
        if self.bound is not None and self.bound_verb == verb:
            return {"screen": screen, "form": self.bound, "is_open": True}
        form = screen.form(letter=self.letter, user=self.request.user, prefix=str(verb))
        return {"screen": screen, "form": form, "is_open": False}


def _steps(letter: Letter, hide: Callable[[str], str]) -> list[LetterStep]:
    return [hidden_in(row, ("reason",), hide) for row in letter.steps.select_related("unit")]


def _one(letter: Letter, name: str, hide: Callable[[str], str]) -> Any:
    row = getattr(letter, name, None)
    return hidden_in(row, ("text",), hide) if row is not None else None


def material_beside(request: HttpRequest, pk: int) -> HttpResponse:
    """The side panel by itself: it asks other parts of the portal; the letter waits for none."""
    letter = letter_or_refuse(request, pk)
    context = {
        "letter": letter,
        "material": material(letter, request.user),
        "reply": ReplyDesk(
            request, letter, is_open=Verb.HAND_IN in moves_now(request.user, letter)
        ),
    }
    response = render(request, "interaction/admin/material.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def print_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Letter, reply and history on paper. Who wrote is on it only for who may know: whoever else
    prints it gets the words masked, the replies that greet the writer included."""
    letter = letter_or_refuse(request, pk)
    sees_writer = may_see_writer(request.user, letter)
    sender = LetterSender.objects.filter(letter=letter).first() if sees_writer else None
    hide, of_office = hiding(request.user, letter), hiding_in_reply(request.user, letter)
    replies = letter.replies.select_related("unit").prefetch_related("basis")
    context = {
        "letter": seen_letter(letter, hide),
        "sender": sender,
        "follow_up": _one(letter, "follow_up", hide),
        "words": due_words(letter),
        "steps": _steps(letter, hide),
        "replies": [hidden_in(row, _OF_REPLY, of_office) for row in replies],
    }
    response = render(request, "interaction/admin/print.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
