"""The host's screen of an interview: on air, entries, questions, transcript."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser
from wagtail.permissions import policy_registry

from portal.participation.models import ActivityKind, InterviewPage, InterviewQuestion, LiveEntry
from portal.participation.permissions import may_go_on_air
from portal.participation.selectors.interviews import (
    is_on_air,
    question_counts,
    questions_due,
    questions_in,
    speakers_of,
    staff_entries,
    state_of,
)
from portal.participation.services import interviews as services
from portal.participation.services.errors import ParticipationError

from .base import ActivityScreen, numbers_in

ON_A_PAGE = 50
_State = InterviewQuestion.State


class _PictureForm(forms.Form):
    """Pictures that the person may choose, and that blind people are told about."""

    image: Any = forms.ModelChoiceField(
        queryset=None, required=False, widget=AdminImageChooser, label=""
    )

    def __init__(self, data: Any, user: Any) -> None:
        super().__init__(data)
        policy = policy_registry.get_by_type(get_image_model())
        field: Any = self.fields["image"]
        field.queryset = policy.instances_user_has_permission_for(user, "choose")

    def clean_image(self) -> Any:
        image = self.cleaned_data["image"]
        if image is not None and image.lacks_description:
            raise forms.ValidationError(
                gettext("The picture has no description. Write one under Images first.")
            )
        return image


class InterviewScreen(ActivityScreen):
    """Everything about one interview. Going on air makes public at once what is posted: that is
    for those who may publish; who may edit posts and answers."""

    template_name = "participation/admin/interview.html"
    kind = ActivityKind.INTERVIEW

    def _question(self, request: HttpRequest) -> InterviewQuestion:
        return get_object_or_404(
            InterviewQuestion, interview=self.page, pk=_number(request.POST.get("question"))
        )

    def _entry(self, request: HttpRequest) -> LiveEntry:
        pk = _number(request.POST.get("entry"))
        return get_object_or_404(LiveEntry, interview=self.page, pk=pk)

    # --- questions -------------------------------------------------------------------------------
    def do_take(self, request: HttpRequest) -> str:
        """Those that are ticked, or the one beside whose button was pressed."""
        single = _number(request.POST.get("take"))
        wanted = [single] if single else numbers_in(request)
        rows = list(InterviewQuestion.objects.filter(interview=self.page, pk__in=wanted))
        if not rows:
            raise ParticipationError(gettext("Tick the questions first."))
        for question in rows:
            services.look_at(question=question, take=True)
        message = ngettext(
            "%(number)d question is taken.", "%(number)d questions are taken.", len(rows)
        )
        return message % {"number": len(rows)}

    def do_refuse(self, request: HttpRequest) -> str:
        reason = request.POST.get("reason", "")
        services.look_at(question=self._question(request), take=False, reason=reason)
        return gettext("The question is not taken.")

    def do_answer(self, request: HttpRequest) -> str:
        services.answer(question=self._question(request), text=request.POST.get("text", ""))
        return gettext("The answer is saved and public.")

    # --- on air ----------------------------------------------------------------------------------
    def _demand_right_to_air(self, request: HttpRequest) -> None:
        if not may_go_on_air(request.user, self.activity):
            raise PermissionDenied

    def do_begin(self, request: HttpRequest) -> str:
        self._demand_right_to_air(request)
        services.go_on_air(page=self.page, by=request.user)
        return gettext("The interview is live.")

    def do_end(self, request: HttpRequest) -> str:
        self._demand_right_to_air(request)
        services.end(page=self.page, by=request.user)
        return gettext("The interview has ended. Open questions are due from now on.")

    def do_post(self, request: HttpRequest) -> str:
        picture = _PictureForm(request.POST, request.user)
        if not picture.is_valid():
            raise ParticipationError(" ".join(map(str, picture.errors["image"])))
        services.post(
            page=self.page,
            speaker=request.POST.get("speaker", ""),
            text=request.POST.get("text", ""),
            image=picture.cleaned_data["image"],
            question=self._question(request) if request.POST.get("question") else None,
            by=request.user,
        )
        return gettext("The entry is public.")

    def do_correct(self, request: HttpRequest) -> str:
        services.correct(
            entry=self._entry(request),
            text=request.POST.get("text", ""),
            speaker=request.POST.get("speaker", ""),
            by=request.user,
        )
        return gettext("Corrected.")

    def do_withdraw(self, request: HttpRequest) -> str:
        services.withdraw(entry=self._entry(request), by=request.user)
        return gettext("Withdrawn.")

    # --- afterwards ------------------------------------------------------------------------------
    def do_transcript(self, request: HttpRequest) -> str:
        if not self.page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        services.compose_transcript(
            page=self.page, by=request.user, replaces="replaces" in request.POST
        )
        return gettext("The transcript stands in a draft of the page. Hand it in for review.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        self.activity.refresh_from_db()
        page: InterviewPage = self.page
        counts = question_counts(page.pk)
        picture = _PictureForm(
            self.request.POST if self.typed.get("action") == "post" else None, self.request.user
        )
        entries = staff_entries(page.pk)
        wanted = self.request.GET.get("state") or _first_state(counts)
        questions = Paginator(questions_in(page.pk, wanted), ON_A_PAGE)
        open_now = [*questions_in(page.pk, _State.TAKEN)[:200]]
        context["media"] += picture.media
        return context | {
            "state": state_of(page, self.activity),
            "is_on_air": is_on_air(self.activity, timezone.now()),
            "may_go_on_air": may_go_on_air(self.request.user, self.activity),
            "picture": picture,
            "questions": questions.get_page(self.request.GET.get("p")),
            "wanted": wanted,
            "states": [(key, label, counts[key]) for key, label in _State.choices],
            "taken": open_now,
            "to": self.typed.get("question") or self.request.GET.get("question", ""),
            "entries": entries,
            "last_speaker": self.typed.get("speaker") or (entries[0].speaker if entries else ""),
            "speakers": speakers_of(page),
            "due": questions_due(page.pk),
            "has_transcript": bool(page.get_latest_revision_as_object().transcript),
        }


def _first_state(counts: dict[str, int]) -> str:
    """What there is to do: read first, then answer."""
    waiting = (state for state in (_State.NEW, _State.TAKEN) if counts[state])
    return next(waiting, _State.ANSWERED)


def _number(typed: str | None) -> int:
    typed = typed or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0


def export_rows(page: Any) -> Iterator[list[str]]:
    """Questions without those who asked them."""
    yield [gettext("Number"), gettext("Sent"), gettext("Question"), gettext("State"),
           gettext("Answer"), gettext("Reason")]  # fmt: skip
    states = dict(_State.choices)
    for row in InterviewQuestion.objects.filter(interview=page).order_by("pk").iterator():
        yield [
            str(row.pk), timezone.localtime(row.sent_at).strftime("%Y-%m-%d %H:%M"), row.text,
            str(states[_State(row.state)]), row.answer, row.reason,
        ]  # fmt: skip
