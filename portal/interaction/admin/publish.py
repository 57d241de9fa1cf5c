"""What the public reads of a letter and its answer, looked over by a person before it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from portal.interaction.masking import masked
from portal.interaction.models import (
    FollowUp,
    Letter,
    LetterSender,
    Publicity,
    Reply,
    ReplyState,
    Verb,
)
from portal.interaction.permissions import moves_now
from portal.interaction.services import flow
from portal.interaction.services.questions import (
    draft_question,
    offers_questions,
    why_no_question,
)
from portal.text.detectors import Kind, scan_text

from .base import ScreenMixin
from .letter import letter_or_refuse

_PERSONAL = frozenset(
    {Kind.IDENTITY, Kind.BANK_CARD, Kind.MOBILE, Kind.EMAIL, Kind.ADDRESS, Kind.PASSPORT}
)
_GROUNDS = [
    choice
    for choice in Publicity.choices
    if choice[0] not in (Publicity.UNDECIDED, Publicity.PUBLIC)
]


class PublishForm(forms.Form):
    subject = forms.CharField(
        label=gettext_lazy("Subject, as published"), max_length=120, required=False
    )
    text = forms.CharField(
        label=gettext_lazy("Text, as published"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"), choices=[("", "–"), *_GROUNDS], required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Kept with your name; the share of results that are not public is "
                               "counted."),
    )  # fmt: skip

    def __init__(self, *args: Any, parts: Sequence["Part"] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in parts:
            self.fields[part.name] = forms.CharField(
                label=part.label,
                required=False,
                initial=part.masked,
                help_text=_("Empty: it is not shown.") if part.may_be_empty else "",
                widget=forms.Textarea(attrs={"rows": 10}),
            )


@dataclass(frozen=True, slots=True)
class Part:
    """Something beside subject and text that is looked over before it is shown."""

    name: str
    label: str
    original: str
    masked: str
    may_be_empty: bool = True


def parts_of(letter: Letter, names: list[str]) -> list[Part]:
    """Replies with their translations and the question that the writer has added, in the order in
    which the public reads them; the last reply must be there, the rest may be left out."""
    replies = list(
        Reply.objects.filter(letter=letter, state=ReplyState.RELEASED).order_by("released_at", "pk")
    )
    asked = FollowUp.objects.filter(letter=letter).first()
    found: list[Part] = []
    for place, reply in enumerate(replies):
        is_last = place == len(replies) - 1
        end = "" if is_last else f"_{reply.pk}"
        label = _("Reply, as published") if is_last else _("Earlier reply, as published")
        found.append(
            Part(
                f"reply{end}", label, reply.text,
                reply.masked_text or flow.public_words(reply.text, letter),
                may_be_empty=not is_last,
            )
        )  # fmt: skip
        if reply.translation:
            found.append(
                Part(f"translation{end}", _("Translation, as published"), reply.translation,
                     reply.masked_translation or flow.public_words(reply.translation, letter))
            )  # fmt: skip
        if place == 0 and asked is not None:
            found.append(
                Part("follow_up", _("Question added by the writer, as published"), asked.text,
                     asked.masked_text or masked(asked.text, names))
            )  # fmt: skip
    return found


class PublishView(ScreenMixin, TemplateView):
    """Original and masked text side by side; or the ground for not publishing."""

    template_name = "interaction/admin/publish.html"
    page_title = gettext_lazy("Publish the result")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.letter = letter_or_refuse(request, kwargs["pk"])
        self.moves = moves_now(request.user, self.letter)
        if flow.released_reply(self.letter) is None or not {Verb.PUBLISH, Verb.WITHHOLD} & set(
            self.moves
        ):
            raise PermissionDenied
        sender = LetterSender.objects.filter(letter=self.letter).first()
        names = [sender.name] if sender is not None and sender.name else []
        self.parts = parts_of(self.letter, names)
        self.form = PublishForm(initial=self._initial(names), parts=self.parts)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.letter.number

    def _initial(self, names: list[str]) -> dict[str, str]:
        letter = self.letter
        return {
            "subject": letter.masked_subject or masked(letter.subject, names=names),
            "text": letter.masked_text or masked(letter.text, names=names),
            "ground": "" if letter.may_publish else str(Publicity.WISHED),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = PublishForm(request.POST, parts=self.parts)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        told = self.form.cleaned_data
        is_public = request.POST.get("publicity") == "public"
        try:
            if is_public and not all(told[name].strip() for name in ("subject", "text", "reply")):
                raise ValidationError(_("Subject, text and reply must each say something."))
            with transaction.atomic():
                flow.demand_seen(self.letter, request.POST.get("seen", ""))
                flow.decide_publicity(
                    letter=self.letter,
                    by=request.user,
                    publicity=Publicity.PUBLIC if is_public else told["ground"],
                    reason=told["reason"],
                    masked_subject=told["subject"],
                    masked_text=told["text"],
                    masked_reply=told["reply"],
                    masked_translation=told.get("translation"),
                    masked_follow_up=told.get("follow_up"),
                    earlier=self._earlier(told),
                )
        except ValidationError as error:
            self.form.add_error(None, error)
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(
            request,
            _("Question and answer are public now.")
            if is_public
            else _("Recorded with the reason."),
        )
        return HttpResponseRedirect(reverse("interaction_letter", args=[self.letter.pk]))

    def _earlier(self, told: dict[str, Any]) -> dict[int, flow.Looked]:
        keys = [part.name[6:] for part in self.parts if part.name.startswith("reply_")]
        return {
            int(key): flow.Looked(told[f"reply_{key}"], told.get(f"translation_{key}", ""))
            for key in keys
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter, form = self.letter, self.form
        originals = {"subject": letter.subject, "text": letter.text}
        originals |= {part.name: part.original for part in self.parts}
        pairs = [
            {
                "original": original,
                "field": form[name],
                "found": _personal_in(str(form[name].value() or "")),
            }
            for name, original in originals.items()
        ]
        questions = ""
        if offers_questions(letter) and letter.published_at is not None:
            questions = why_no_question(letter) or _(
                "It is tied to the clauses of the reply's basis and is flagged when they end."
            )
        return super().get_context_data(**kwargs) | {
            "letter": letter,
            "seen": flow.standing_of(letter),
            "form": form,
            "pairs": pairs,
            "may_publish": Verb.PUBLISH in self.moves and letter.may_publish,
            "may_withhold": Verb.WITHHOLD in self.moves,
            "questions": questions,
        }


def _personal_in(text: str) -> list[str]:
    """Personal data that the masking left or somebody put back; an office's own is among it."""
    return [found.text for found in scan_text(text) if found.kind in _PERSONAL and found.text]


@require_POST
def make_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a public answer to whoever keeps questions and answers, as a draft."""
    letter = letter_or_refuse(request, pk)
    try:
        made = draft_question(letter=letter, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("interaction_publish", args=[pk]))
    if made.count:
        messages.success(
            request,
            _("A draft waits among the questions and answers: %(url)s") % {"url": made.url},
        )
    else:
        messages.warning(
            request, _("No draft was made: your account may not write questions and answers.")
        )
    return HttpResponseRedirect(reverse("interaction_publish", args=[pk]))
