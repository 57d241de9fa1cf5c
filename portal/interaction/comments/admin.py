"""The desk's queue of comments, of all the sites that an account looks after."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from portal.interaction.admin.base import (
    MOST_EXPORTED,
    ScreenMixin,
    Window,
    counted,
    too_many,
)
from portal.interaction.models import Comment, CommentPlace, CommentState
from portal.interaction.typed import row_key
from portal.plugin_api import (
    TABLE_TYPES,
    Action,
    public_urls,
    site_of_path,
    sites_allowing,
    table_response,
)

from . import services
from .forms import ReplyForm
from .selectors import may_decide, queue, reads_comments, waiting_by_site

# Words are looked for in so many of what the other filters leave.
_LOOKED_THROUGH = 1_000


def _kinds() -> dict[str, Any]:
    """What detectors find in comments, in words."""
    return {
        "identity_number": _("identity number"), "bank_card": _("bank card"),
        "mobile": _("telephone"), "email": _("e-mail"), "address": _("address"),
        "passport": _("passport"), "plate": _("number plate"), "betting": _("betting"),
        "pornography": _("pornography"), "loan": _("loans"), "forged_documents": _("forged papers"),
        "advertising": _("advertising"), "link": _("link"), "script": _("script"),
        "hidden": _("hidden text"), "secret_mark": _("mark of secrecy"),
        "unit_name": _("name of a unit"), "leader_title": _("title of a leader"),
        "wrong_word": _("wrong word"),
    }  # fmt: skip


def narrowed(user: Any, sent: Any) -> Any:
    """The comments that a query asks for."""
    found = queue(user)
    state = sent.get("state", CommentState.WAITING)
    if state in CommentState.values:
        found = found.filter(state=state)
    if sent.get("site", ""):
        found = found.filter(site=row_key(sent["site"]))
    if sent.get("findings") == "1":
        found = found.exclude(findings=[])
    # What waits is worked off from the oldest on.
    order = ("at", "pk") if state == CommentState.WAITING else ("-at", "-pk")
    found = found.order_by(*order)
    words = sent.get("q", "").replace("\0", " ").strip()[:80]
    if words:
        first = found.values("pk")[:_LOOKED_THROUGH]
        found = found.filter(
            Q(text__icontains=words) | Q(name__icontains=words) | Q(page_title__icontains=words),
            pk__in=first,
        )
    return found


class _Guarded:
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reads_comments(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class QueueView(_Guarded, ScreenMixin, TemplateView):
    """All comments of the own sites with their findings; several are decided at once."""

    template_name = "interaction/admin/comments_queue.html"
    page_title = gettext_lazy("Comments")
    header_icon = "comment"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = self.request.GET
        rows = narrowed(self.request.user, sent)
        window = Window(rows, sent.get("p", ""))
        words = _kinds()
        for row in window.rows:
            row.words = [
                {"what": words.get(one["kind"], one["kind"]), **one} for one in row.findings
            ]
        kept = sent.copy()
        kept.pop("p", None)
        return super().get_context_data(**{"reason": "", "chosen": (), **kwargs}) | {
            "window": window,
            "number": counted(rows),
            "sites": waiting_by_site(self.request.user),
            "states": CommentState.choices,
            "state": sent.get("state", CommentState.WAITING),
            "asked": sent,
            "kept": kept.urlencode(),
            "kinds": list(TABLE_TYPES),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pks = [row_key(pk) for pk in request.POST.getlist("comment")]
        chosen = list(queue(request.user).filter(pk__in=pks))
        try:
            if not chosen:
                raise ValidationError(_("Choose at least one comment."))
            told = decide(request, chosen)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            context = self.get_context_data(reason=request.POST.get("reason", ""), chosen=pks)
            return self.render_to_response(context, status=422)
        messages.success(request, told)
        return HttpResponseRedirect(request.get_full_path())


def decide(request: HttpRequest, chosen: list[Comment], *, shown_text: str = "") -> str:
    """Do with comments what the pressed button says; the sentence that tells it."""
    reason = request.POST.get("reason", "")
    match request.POST.get("action"):
        case "approve":
            seen = request.POST.get("seen", "")
            number = services.approve(
                comments=chosen, by=request.user, shown_text=shown_text, seen=seen
            )
            told = ngettext(
                "%(count)d comment is shown now.", "%(count)d comments are shown now.", number
            )
        case "refuse":
            number = services.refuse(comments=chosen, by=request.user, reason=reason)
            told = ngettext(
                "%(count)d comment is not shown.", "%(count)d comments are not shown.", number
            )
        case "take_down":
            number = services.take_down(comments=chosen, by=request.user, reason=reason)
            told = ngettext(
                "%(count)d comment was taken down.", "%(count)d comments were taken down.", number
            )
        case _:
            raise ValidationError(_("Choose what is to be done."))
    return told % {"count": number}


class CommentView(_Guarded, ScreenMixin, TemplateView):
    """One comment: what is shown of it, the decision, the reply."""

    template_name = "interaction/admin/comment.html"
    page_title = gettext_lazy("Comment")
    header_icon = "comment"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rows = Comment.objects.select_related("site", "page", "reply_unit", "decided_by")
        self.row: Comment = get_object_or_404(rows, pk=kwargs["pk"])
        if not may_decide(request.user, self.row):
            raise PermissionDenied
        unit = self.row.reply_unit_id or getattr(request.user, "organisation_id", None)
        self.form = ReplyForm(initial={"text": self.row.reply, "unit": unit})
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.row.page_title

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.POST.get("action") == "reply":
                self.form = ReplyForm(request.POST)
                if not self.form.is_valid():
                    return self.render_to_response(self.get_context_data(), status=422)
                services.reply(comment=self.row, by=request.user, **self.form.cleaned_data)
                told = _("The reply is stored.")
            else:
                shown = request.POST.get("shown_text", "")
                told = decide(request, [self.row], shown_text=shown[:1000])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, told)
        return HttpResponseRedirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        row, sent = self.row, self.request.POST
        page: Any = row.page
        places = [(page.pk, page.path, page.url_path)] if page is not None and page.live else []
        words = _kinds()
        context["media"] += self.form.media
        return context | {
            "row": row,
            "form": self.form,
            "shown_text": sent.get("shown_text", row.masked_text),
            "reason": sent.get("reason", ""),
            "page_url": public_urls(places).get(row.page_id or 0, ""),
            "findings": [
                {"what": words.get(one["kind"], one["kind"]), **one} for one in row.findings
            ],
        }


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The comments that a query asks for, without the visitors' hashes."""
    if not reads_comments(request.user):
        raise PermissionDenied
    found = narrowed(request.user, request.GET)
    if too_many(request, found):
        query = request.GET.urlencode()
        return HttpResponseRedirect(
            reverse("interaction_comments") + (f"?{query}" if query else "")
        )
    headings = [
        _("Site"), _("Page"), _("Received"), _("Language"), _("Name"), _("Comment"),
        _("As shown"), _("State"), _("Reason"), _("Decided by"), _("Reply"), _("Replied by"),
    ]  # fmt: skip
    rows = (
        [
            row.site.short_name, row.page_title, f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}",
            row.language, row.name, row.text, row.masked_text, str(row.get_state_display()),
            row.reason, row.decided_by_name, row.reply, str(row.reply_unit or ""),
        ]
        for row in found[:MOST_EXPORTED].iterator()
    )  # fmt: skip
    return table_response(kind, "comments", headings, rows)


# --- places ---------------------------------------------------------------------------------------
class PlaceForm(forms.Form):
    page = forms.ModelChoiceField(
        label=gettext_lazy("Column or page"),
        queryset=Page.objects.all(),
        widget=AdminPageChooser(),
        help_text=gettext_lazy("Holds for all articles below it."),
    )
    is_open = forms.TypedChoiceField(
        label=gettext_lazy("Comments"),
        choices=[
            ("yes", gettext_lazy("are taken")),
            ("no", gettext_lazy("are shown, and no more are taken")),
        ],
        coerce=lambda value: value == "yes",
        initial="yes",
    )


def opens_somewhere(user: Any) -> bool:
    sites = sites_allowing(user, Action.SITE_SETTINGS)
    return sites is None or bool(sites)


class PlacesView(ScreenMixin, TemplateView):
    """Where comments are taken. Nowhere, until somebody who runs the site says so."""

    template_name = "interaction/admin/comment_places.html"
    page_title = gettext_lazy("Where comments are taken")
    header_icon = "comment-add"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not opens_somewhere(request.user):
            raise PermissionDenied
        self.form = PlaceForm()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("forget", ""):
            place = get_object_or_404(
                CommentPlace.objects.select_related("page"), pk=row_key(request.POST["forget"])
            )
            services.close_place(place=place, by=request.user)
            messages.success(request, _("Comments are no longer spoken of there."))
            return HttpResponseRedirect(reverse("interaction_comment_places"))
        self.form = PlaceForm(request.POST)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        services.open_place(by=request.user, **self.form.cleaned_data)
        messages.success(request, _("Stored; it holds at once."))
        return HttpResponseRedirect(reverse("interaction_comment_places"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] += self.form.media
        sites = sites_allowing(self.request.user, Action.SITE_SETTINGS)
        places = [
            place
            for place in CommentPlace.objects.select_related("page")
            if sites is None or site_of_path(place.page.path) in sites
        ]
        return context | {"form": self.form, "places": places}
