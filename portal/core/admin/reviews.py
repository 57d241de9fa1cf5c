"""The reviews in the admin: what waits for me, one item in review, and its preview."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.models import Page, Revision

from portal.core import extension_points, gate, roles, structure
from portal.core.gate import PublishRefused
from portal.core.models import ReviewRound, ReviewSignature, ReviewStep, ReviewTask
from portal.core.publishing_points import release_links
from portal.core.reviews import secrecy
from portal.core.reviews.dates import earlier_date
from portal.core.reviews.duties import (
    current_task,
    current_tasks,
    duty_of,
    objection,
    signable,
    takers,
    waiting_for,
)
from portal.core.reviews.holding import holder_of
from portal.core.reviews.related import related_items
from portal.core.reviews.services import (
    ReviewRefused,
    explain_date,
    make_urgent,
    note_correction,
    note_opening,
    send_back,
    sign,
    take_back,
)
from portal.core.roles import Action

PER_PAGE = 50
_LIMIT = 8


# --- what waits for me ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: an item and the step that somebody is to take."""

    review: ReviewRound
    step: str
    url: str


def waiting_lines(user: Any) -> list[Waiting]:
    """Everything that this account could sign now, urgent ones first, over all sites."""
    return [
        Waiting(review, task.get_step_display(), reverse("portal_review", args=[review.pk]))
        for review, task in signable(user, list(waiting_for(user)))
    ]


class WaitingPanel(Component):
    """On the editors' first page: what waits for the own signature."""

    name = "reviews"
    template_name = "portal/admin/reviews_panel.html"
    order = 90

    def __init__(self, lines: list[Waiting]) -> None:
        self.lines = lines

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {
            "lines": self.lines[:_LIMIT],
            "more": max(len(self.lines) - _LIMIT, 0),
            "all_url": reverse("portal_reviews"),
        }


class WaitingForMe:
    order = 90

    def panel(self, request: HttpRequest) -> WaitingPanel | None:
        lines = waiting_lines(request.user)
        return WaitingPanel(lines) if lines else None


extension_points.dashboard_panels.register("reviews", WaitingForMe())


class ReviewsView(WagtailAdminTemplateMixin, TemplateView):
    """Three lists: what waits for me, what I handed in, what runs at the sites that I run."""

    template_name = "portal/admin/reviews.html"
    page_title = _("Reviews")
    header_icon = "tasks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.request.user
        tabs = [("waiting", _("Waiting for me")), ("mine", _("Handed in by me"))]
        sites = roles.sites_allowing(user, Action.PUBLICATION_RECORD)
        if sites is None or sites:
            tabs.append(("sites", _("In my sites")))
        shown = self.request.GET.get("show", "waiting")
        if shown not in {key for key, _label in tabs}:
            shown = "waiting"
        if shown == "waiting":
            lines: Any = waiting_lines(user)
        else:
            rounds = ReviewRound.objects.select_related(
                "site", "workflow_state__current_task_state"
            )
            if shown == "mine":
                rounds = rounds.filter(provider=user.pk)
            else:
                rounds = rounds.open()
                rounds = rounds if sites is None else rounds.filter(site__in=sites)
            lines = rounds
        page = Paginator(lines, PER_PAGE).get_page(self.request.GET.get("p"))
        if shown != "waiting":
            page.object_list = _lines(list(page.object_list))
        context |= {"tabs": tabs, "shown": shown, "page": page, "now": timezone.now()}
        return context


def _lines(rounds: list[ReviewRound]) -> list[Waiting]:
    tasks = current_tasks(rounds)
    return [
        Waiting(
            review,
            (tasks[review.pk].get_step_display() if review.pk in tasks else "")
            or review.get_state_display(),
            reverse("portal_review", args=[review.pk]),
        )
        for review in rounds
    ]


# --- one item ------------------------------------------------------------------------------------
class SignForm(forms.Form):
    """The decision on a step; the secrecy review answers its questions one by one."""

    opinion = forms.CharField(
        label=_("Opinion"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Goes on record. To return an item, say here what has to be changed."),
    )

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        if step != ReviewStep.SECRECY:
            return
        for key, question in secrecy.QUESTIONS.items():
            self.fields[key] = forms.ChoiceField(
                label=question,
                choices=list(secrecy.ANSWERS.items()),
                widget=forms.RadioSelect,
                required=False,
            )
        self.order_fields([*secrecy.QUESTIONS, "opinion"])

    def answers(self) -> dict[str, str]:
        return {key: self.cleaned_data.get(key, "") for key in secrecy.QUESTIONS}


def _form_of(task: ReviewTask, sent: SignForm | None) -> Any:
    """The form of the step that waits; what was said of one that waits no more stays in view."""
    form: Any = SignForm(step=task.step)
    if sent is not None:
        form._errors = ErrorDict({NON_FIELD_ERRORS: sent.non_field_errors()})
    return form


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the screen shows it: who signed it, or who may."""

    label: str
    signature: ReviewSignature | None
    is_now: bool
    names: str = ""


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """Everything that whoever decides on an item has to see, and the decision."""

    template_name = "portal/admin/review.html"
    page_title = _("Review")
    header_icon = "tasks"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.review = get_object_or_404(
            ReviewRound.objects.select_related(
                "site", "page", "workflow_state__current_task_state"
            ),
            pk=kwargs["pk"],
        )
        self.task = current_task(self.review)
        if not may_see(request.user, self.review):
            raise PermissionDenied
        self.duty = duty_of(request.user, self.review, self.task) if self.task else None
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.review.title

    @cached_property
    def objection(self) -> str:
        """What speaks against this account's signature; "" also where it is not asked for one."""
        if self.task is None or self.duty is None:
            return ""
        return objection(self.request.user, self.review, self.task)

    @property
    def may_sign(self) -> bool:
        return self.task is not None and self.duty is not None and not self.objection

    @property
    def may_arrange(self) -> bool:
        """Whether the account handed the item in, or runs the site."""
        user = self.request.user
        return self.review.provider_id == user.pk or roles.may(
            user, Action.SITE_SETTINGS, self.review.site_id
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.task is not None and self.duty is not None:
            note_opening(review=self.review, user=request.user)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = SignForm(request.POST, step=request.POST.get("step", ""))
        try:
            if not self.form.is_valid():
                return self.get(request, *args, **kwargs)
            done = self._do(request)
        except PublishRefused as refused:
            for problem in refused.problems:
                self.form.add_error(None, problem.message)
        except ValidationError as error:
            self.form.add_error(None, error)
        else:
            messages.success(request, done, buttons=self._public_buttons())
            return HttpResponseRedirect(self._next_url())
        return self.get(request, *args, **kwargs)

    def _public_buttons(self) -> list[Any]:
        page = Page.objects.filter(pk=self.review.page_id, live=True).first()
        url = page.full_url if page is not None else None
        if page is None or not url:
            return []
        links = release_links.apply([], page=page, site=structure.current().site_pk_for(page.path))
        return [
            messages.button(url, _("View live"), new_window=False),
            *(messages.button(address, label, new_window=False) for label, address in links),
        ]

    def _do(self, request: HttpRequest) -> str:
        user, text = request.user, self.form.cleaned_data["opinion"]
        what: dict[str, Any] = {"review": self.review, "step": self.form.step, "user": user}
        address = request.META.get("REMOTE_ADDR") or None
        if "sign" in request.POST:
            answers = self.form.answers() if self.form.step == ReviewStep.SECRECY else None
            review = sign(**what, opinion=text, answers=answers, address=address)
            return _what_happened(review)
        if "return" in request.POST:
            send_back(**what, reason=text, address=address)
            return gettext("Returned to %(who)s.") % {"who": self.review.provider_name}
        if not self.may_arrange:
            raise PermissionDenied
        if "urgent" in request.POST:
            make_urgent(review=self.review, user=user, reason=request.POST.get("reason", ""))
            return gettext("It is on the fast lane now.")
        if "correction" in request.POST:
            note_correction(review=self.review, text=request.POST.get("text", ""))
            return gettext("The note for readers is saved.")
        if "date" in request.POST:
            explain_date(review=self.review, reason=request.POST.get("reason", ""))
            return gettext("The reason is on record.")
        if "take-back" in request.POST and self.review.page is not None:
            if not take_back(page=self.review.page, user=user):
                raise ReviewRefused(gettext("This review is over."))
            return gettext("Taken back. You can go on writing.")
        raise ReviewRefused(gettext("Nothing was chosen."))

    def _next_url(self) -> str:
        """The next item that waits, so that a morning's work goes through without a detour."""
        if "sign" not in self.request.POST and "return" not in self.request.POST:
            return reverse("portal_review", args=[self.review.pk])
        return reverse("portal_reviews")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        review, task = self.review, self.task
        revision = Revision.objects.filter(pk=review.revision_id).first()
        version = revision.as_object() if revision is not None and review.page else None
        form = getattr(self, "form", None)
        if task is not None and (form is None or form.step != task.step):
            form = _form_of(task, form)
        context |= {
            "review": review,
            "form": form,
            "task": task,
            "duty": self.duty,
            "may_sign": self.may_sign,
            "objection": self.objection,
            "may_arrange": self.may_arrange and task is not None,
            "steps": list(step_lines(review, task)),
            "version": version,
            "preview_url": reverse("portal_review_preview", args=[review.pk]),
            "edit_url": _edit_url(self.request.user, review.page),
            "earlier_date": (
                earlier_date(review, version) if task is not None and version is not None else None
            ),
            "is_change": bool(review.page and review.page.live),
        }
        if version is not None and task is not None:
            problems = gate.problems_of(version)
            context |= {
                "blocking": [problem for problem in problems if problem.blocking],
                "warnings": [problem for problem in problems if not problem.blocking],
                "related": related_items(version),
                "changes": changes_of(self.request, review.page, version),
                "held_by": holder_of(version),
            }
        earlier = ReviewRound.objects.filter(item=review.item).exclude(pk=review.pk)
        context["earlier"] = earlier.prefetch_related("signatures")[:10]
        return context


def _what_happened(review: ReviewRound) -> str:
    if review.state == ReviewRound.State.RELEASED:
        return gettext("“%(title)s” is public.") % {"title": review.title}
    if review.state == ReviewRound.State.SIGNED:
        held = holder_of(review.page) if review.page is not None else None
        if held:
            return gettext("Signed. It goes live with the set “%(name)s”.") % {"name": held}
        return gettext("Signed. It goes live at the time that is set in it.")
    task = current_task(review)
    step = task.get_step_display() if task is not None else ""
    return gettext("Signed. Next: %(step)s.") % {"step": step}


def may_see(user: Any, review: ReviewRound) -> bool:
    """Who may see a review: who wrote the item, who takes a step of it, who keeps the records."""
    if user.pk in review.writers or review.signatures.filter(account=user).exists():
        return True
    if roles.may(user, Action.PUBLICATION_RECORD, review.site_id):
        return True
    tasks: Any = ReviewTask.objects.none()
    if review.workflow_state is not None:
        tasks = ReviewTask.objects.filter(
            workflow_tasks__workflow=review.workflow_state.workflow_id
        )
    return any(duty_of(user, review, task) is not None for task in tasks)


def step_lines(review: ReviewRound, now: ReviewTask | None) -> Any:
    """The steps in their order, each with its signature or the people who may give it."""
    signed = {row.step: row for row in review.signatures.all()}
    for step in ReviewStep:
        is_now = now is not None and now.step == step
        names = ""
        if is_now and now is not None:
            people = takers(review, now)
            names = "、".join(person.get_full_name() or person.username for person in people[:8])
        yield StepLine(str(step.label), signed.get(step), is_now, names)


def changes_of(request: HttpRequest, page: Page | None, version: Page) -> list[Any]:
    """Field by field what differs from what is public; empty for what is not public yet."""
    if page is None or not page.live:
        return []
    public = page.specific
    panel = public.get_edit_handler().get_bound_panel(instance=public, request=request, form=None)
    compared = [comparison(public, version) for comparison in panel.get_comparison()]
    return [diff for diff in compared if diff.has_changed()]


def _edit_url(user: Any, page: Page | None) -> str:
    if page is None or not page.specific_deferred.permissions_for_user(user).can_edit():
        return ""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


@xframe_options_sameorigin
def review_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The very version that is decided on, as readers would see it."""
    review = get_object_or_404(ReviewRound.objects.select_related("page"), pk=pk)
    if not may_see(request.user, review):
        raise PermissionDenied
    revision = get_object_or_404(Revision, pk=review.revision_id)
    page: Any = revision.as_object()
    with translation.override(page.locale.language_code):
        response: HttpResponse = page.make_preview_request(request, page.default_preview_mode)
        if hasattr(response, "render"):
            response.render()
    response.headers["Cache-Control"] = "private, no-store"
    return response
