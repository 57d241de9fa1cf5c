"""One topic of public opinion with everything that is done about it, and the hot list."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from portal.plugin_api import Action, clocks, may, sites_allowing
from portal.policy_interpretation.models import HotQuestion, Invitation, OpinionTopic
from portal.policy_interpretation.selectors.opinion import hot_list, topics_of
from portal.policy_interpretation.services import opinion

from .obligations import may_see_board

SHOWN_QUESTIONS = 100


class ReasonForm(forms.Form):
    """One line or text that an action asks for."""

    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class InviteForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=None)
    request = forms.CharField(
        label=_("What it is asked for"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Invitation._meta.get_field("unit").related_model._default_manager
        self.fields["unit"].queryset = units.order_by("full_name")  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Answer"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )
    page = forms.ModelChoiceField(
        label=_("Page with the answer"),
        queryset=Page.objects.filter(live=True),
        required=False,
        widget=AdminPageChooser,
    )


class TopicView(WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """A topic: limits, what people ask, invited units, approval, the pages that answer."""

    template_name = "policy_interpretation/admin/opinion.html"
    page_title = _("Public opinion")
    header_icon = "comment"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        topics = OpinionTopic.objects.select_related("site", "unit", "approved_by")
        self.topic = get_object_or_404(topics, pk=kwargs["pk"])
        if not may(request.user, Action.PAGE_CHANGE, self.topic.site_id):
            raise PermissionDenied
        self.bound: dict[str, forms.Form] = {}
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actions: dict[str, Callable[[HttpRequest], None]] = {
            "respond": self._respond,
            "done": self._done,
            "approve": self._approve,
            "close": self._close,
            "invite": self._invite,
            "answer": self._answer,
        }
        action = actions.get(request.POST.get("action", ""))
        try:
            if action is not None:
                action(request)
                return HttpResponseRedirect(request.path)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        self.topic.refresh_from_db()
        return self.render_to_response(self.get_context_data(**kwargs))

    def _respond(self, request: HttpRequest) -> None:
        opinion.respond(topic=self.topic, by=request.user)

    def _done(self, request: HttpRequest) -> None:
        opinion.note_done(topic=self.topic, kind=request.POST.get("kind", ""), by=request.user)

    def _approve(self, request: HttpRequest) -> None:
        form = self._valid("approve", ReasonForm(request.POST, label=_("Who approved it")))
        opinion.approve(topic=self.topic, name=form.cleaned_data["text"], by=request.user)

    def _close(self, request: HttpRequest) -> None:
        form = self._valid("close", ReasonForm(request.POST, label=_("What came of it")))
        opinion.close(topic=self.topic, conclusion=form.cleaned_data["text"], by=request.user)

    def _invite(self, request: HttpRequest) -> None:
        form = self._valid("invite", InviteForm(request.POST))
        opinion.invite(topic=self.topic, by=request.user, **form.cleaned_data)

    def _answer(self, request: HttpRequest) -> None:
        pk = request.POST.get("invitation", "")
        invitation = get_object_or_404(self.topic.invitations, pk=int(pk) if pk.isdecimal() else 0)
        form = self._valid(f"answer-{invitation.pk}", AnswerForm(request.POST))
        opinion.answer(invitation=invitation, by=request.user, **form.cleaned_data)

    def _valid(self, name: str, form: forms.Form) -> Any:
        """The form, valid; otherwise it is shown again with what was typed.

        Raises:
            ValidationError: it is not valid.
        """
        self.bound[name] = form
        if not form.is_valid():
            raise ValidationError(gettext("Something is missing; see below."))
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topic, user = self.topic, self.request.user
        releases = may(user, Action.PAGE_PUBLISH, topic.site_id)
        invitations = []
        for row in topic.invitations.select_related("unit", "clock", "answer_page", "answered_by"):
            own = user.organisation_id == row.unit_id
            form = self.bound.get(f"answer-{row.pk}") or AnswerForm(auto_id=f"id_{row.pk}_%s")
            words = clocks.words(row.clock) if row.clock else None
            invitations.append((row, words, form if (own or releases) else None))
        all_clocks = clocks.of(opinion.subject(topic)).order_by("due_at")
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "topic": topic,
            "clocks": [(clock, clocks.words(clock)) for clock in all_clocks],
            "questions": topic.questions.all()[:SHOWN_QUESTIONS],
            "responses": topic.responses.all(),
            "invitations": invitations,
            "form_media": AnswerForm().media,
            "releases": releases,
            "invite": self.bound.get("invite") or InviteForm(auto_id="id_invite_%s"),
            "approve": self.bound.get("approve")
            or ReasonForm(label=_("Who approved it"), auto_id="id_approve_%s"),
            "close": self.bound.get("close")
            or ReasonForm(label=_("What came of it"), auto_id="id_close_%s"),
        }


class HotListView(WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """What many ask and nobody has taken up: put under a topic, or set aside."""

    template_name = "policy_interpretation/admin/hot_list.html"
    page_title = _("Hot list")
    header_icon = "help"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_board(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def _topics(self) -> QuerySet[OpinionTopic]:
        return topics_of(self.request.user).exclude(state=OpinionTopic.State.CLOSED)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "collect":
            new = sum(opinion.collect(pk) for pk in self._sites())
            messages.success(request, gettext("New questions: %(count)d") % {"count": new})
            return HttpResponseRedirect(request.path)
        pk = request.POST.get("question", "")
        question = get_object_or_404(hot_list(request.user), pk=int(pk) if pk.isdecimal() else 0)
        try:
            return HttpResponseRedirect(self._handle(request, question))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return self.render_to_response(self.get_context_data(**kwargs))

    def _handle(self, request: HttpRequest, question: HotQuestion) -> str:
        if request.POST.get("action") == "set_aside":
            opinion.set_aside(question=question, by=request.user)
            return request.path
        asked = request.POST.get("topic", "")
        topic = None
        if asked != "new":
            topic = self._topics().filter(pk=int(asked) if asked.isdecimal() else 0).first()
            if topic is None:
                raise ValidationError(gettext("Choose an open topic of the same site."))
        done = opinion.assign_question(question=question, topic=topic, by=request.user)
        return reverse("policy_opinion", args=[done.topic_id])

    def _sites(self) -> list[int]:
        sites = sites_allowing(self.request.user, Action.PAGE_CHANGE)
        records = HotQuestion._meta.get_field("site").related_model._default_manager.all()
        return [record.pk for record in records if sites is None or record.pk in sites]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topics = list(self._topics())
        rows = [
            (question, [topic for topic in topics if topic.site_id == question.site_id])
            for question in hot_list(self.request.user)[:SHOWN_QUESTIONS]
        ]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"rows": rows}
