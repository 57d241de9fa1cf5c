"""Ratings of services in the admin: the queue, and one rating with look and reply."""

import hashlib
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.plugin_api import clocks
from portal.services import ratings as desk
from portal.services.models import GuideRating

PER_PAGE = 30
QUEUES = {
    "owed": _("wait for a reply"),
    "unseen": _("words to look at"),
    "all": _("all"),
}


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Reply"),
        help_text=_("Public below the rating. Say what was done; name nobody."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=desk.LONGEST_REPLY,
    )


class RatingsView(WagtailAdminTemplateMixin, TemplateView):
    """What waits for a reply first; narrowed by queue."""

    template_name = "services/admin/ratings.html"
    page_title = _("Ratings of services")
    header_icon = "comment"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not desk.sees_ratings(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("queue", "owed")
        queue = asked if asked in QUEUES else "owed"
        found = desk.ratings_for(self.request.user)
        narrowed = {
            "owed": found.filter(score__lte=desk.BAD, reply="").order_by("at", "pk"),
            "unseen": found.filter(shown=None).exclude(text="").order_by("at", "pk"),
            "all": found,
        }
        page = Paginator(narrowed[queue], PER_PAGE).get_page(self.request.GET.get("p"))
        rows = list(page.object_list)
        running = desk.open_clocks(rows)
        labels = dict(desk.SCORES)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "queue": queue,
            "queues": QUEUES.items(),
            "page": page,
            "rows": [
                (
                    row,
                    labels.get(row.score, ""),
                    clocks.words(running[desk.subject_of(row)])
                    if desk.subject_of(row) in running
                    else None,
                )
                for row in rows
            ],
        }


class RatingView(WagtailAdminTemplateMixin, TemplateView):
    """One rating: read, decide on its words, reply."""

    template_name = "services/admin/rating.html"
    page_title = _("Rating of a service")
    header_icon = "comment"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ratings = GuideRating.objects.select_related("page", "page__owner_unit", "site")
        self.rating = get_object_or_404(ratings, pk=kwargs["pk"])
        self.replies = desk.may_reply(request.user, self.rating)
        self.looks = desk.may_look(request.user, self.rating)
        if not (self.replies or self.looks):
            raise PermissionDenied
        self.form: ReplyForm | None = None
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.rating.page.title)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        if action in ("show", "hide"):
            if not self.looks:
                raise PermissionDenied
            # The words that somebody saw, not those that stand there by now.
            is_seen = request.POST.get("seen") == _digest(self.rating.text)
            if not (is_seen and desk.decide(rating=self.rating, shown=action == "show")):
                messages.error(request, gettext("The words have changed meanwhile: look again."))
            return HttpResponseRedirect(request.path)
        if action != "reply" or not self.replies:
            raise PermissionDenied
        self.form = ReplyForm(request.POST)
        if self.form.is_valid():
            try:
                desk.reply(rating=self.rating, text=self.form.cleaned_data["text"], by=request.user)
            except ValidationError as error:
                self.form.add_error("text", error)
            else:
                messages.success(request, gettext("The reply is public now."))
                return HttpResponseRedirect(reverse("services_ratings"))
        return self.render_to_response(self.get_context_data(**kwargs), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rating = self.rating
        clock = clocks.of(desk.subject_of(rating)).first()
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "rating": rating,
            "seen": _digest(rating.text),
            "label": dict(desk.SCORES).get(rating.score, ""),
            "reasons": desk.reason_labels(rating.reasons),
            "due": clocks.words(clock) if clock else None,
            "form": self.form or ReplyForm(initial={"text": rating.reply}),
            "replies": self.replies,
            "looks": self.looks,
        }


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:24]


class RatingsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return desk.sees_ratings(request.user)
