"""What the form below a page is sent to: all comments of a page, and the form once more.

No account, no cookie, no script. What is refused comes back with everything that was written.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from portal.interaction import form_keys, limits
from portal.interaction.masking import holds_stopping
from portal.interaction.surroundings import Place, place_of
from portal.plugin_api import (
    count_in_window,
    from_elsewhere,
    public_pages,
    public_urls,
    site_of_path,
)

from . import services
from .forms import CommentForm
from .places import takes_comments
from .selectors import shown_under
from .slots import SHOWN, list_html

PER_VISITOR = 5
PER_SITE = 600


@csrf_exempt  # no cookie, no account: where it comes from is asked instead
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_of(request)
    page = _page(pk, place)
    is_open = takes_comments(page)
    if is_open is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, place, page, form=_new_form() if is_open else None)
    form = CommentForm(request.POST)
    key = form_keys.read_key(request.POST.get("key", ""))
    problem, status = _problem(request, place, form, key, page_pk=page.pk, is_open=is_open)
    if problem:
        if key is None:  # what was typed comes back with a key that holds
            sent = request.POST.copy()
            sent["key"] = form_keys.key_for(form_keys.new_token())
            form = CommentForm(sent)
        return _shown(request, place, page, form=form, problem=problem, status=status)
    if not form.cleaned_data["homepage"]:  # a program filled in what people do not see
        assert key is not None
        try:
            services.take(
                page=page,
                site=place.site,
                language=place.language,
                text=form.cleaned_data["text"],
                name=form.cleaned_data["name"],
                token=key.token,
                visitor=limits.visitor(request),
            )
        except ValidationError as error:
            return _shown(
                request, place, page, form=form, problem=" ".join(error.messages), status=422
            )
    return HttpResponseRedirect(place.url("comments", page.pk, sent="1"), status=303)


def _page(pk: int, place: Place) -> Any:
    """A live page of this site and language that the public sees."""
    page = Page.objects.live().filter(public_pages("path"), pk=pk).first()
    if page is None or site_of_path(page.path) != place.site:
        raise Http404
    return page.specific


def _new_form() -> CommentForm:
    return CommentForm(initial={"key": form_keys.key_for(form_keys.new_token())})


def _problem(
    request: HttpRequest,
    place: Place,
    form: CommentForm,
    key: Any,
    *,
    page_pk: int,
    is_open: bool,
) -> tuple[str, int]:
    """What speaks against taking a comment, and the status; ("", 0) for nothing."""
    if from_elsewhere(request):
        return _("This form was sent from another website. Please send it from here."), 403
    if not is_open:
        return _("This page takes no comments at present."), 422
    if not form.is_valid():
        return _("Please look at the marked field."), 422
    if key is None:
        return _("The form was open for too long. Nothing is lost: please send it again."), 422
    if key.is_too_fast:
        return _("That was very quick. Please read it over and send it again."), 422
    if holds_stopping(form.cleaned_data["text"]):
        return _("A whole identity or bank card number is in the text. Please take it out."), 422
    # Sent again, as the answer was lost on the way: it is told that it arrived.
    known = services.is_kept(page_pk=page_pk, text=form.cleaned_data["text"], token=key.token)
    left = 0 if known else _wait(limits.visitor(request), place.site)
    if left:
        minutes = -(-left // 60)
        return ngettext(
            "Too many comments came from here. Please send it again in %(count)d minute.",
            "Too many comments came from here. Please send it again in %(count)d minutes.",
            minutes,
        ) % {"count": minutes}, 429
    return "", 0


def _wait(visitor: str, site: int) -> int:
    """Seconds until a visitor may comment again; counts this attempt."""
    if visitor:
        sent, left = count_in_window(f"interaction:comments:{visitor}", limits.HOUR)
        if sent > PER_VISITOR:
            return left
    sent, left = count_in_window(f"interaction:comments:all:{site}", limits.HOUR)
    return left if sent > PER_SITE else 0


def _shown(
    request: HttpRequest,
    place: Place,
    page: Any,
    *,
    form: CommentForm | None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    paginator = Paginator(shown_under(page), SHOWN)
    number = paginator.get_page(request.GET.get("page"))
    context = {
        "place": place,
        "portal": place.portal,
        "page_title": page.title,
        "page_url": public_urls([(page.pk, page.path, page.url_path)]).get(page.pk, "/"),
        "rows": list_html(number.object_list),
        "number": number,
        "form": form,
        "problem": problem,
        "is_sent": request.GET.get("sent") == "1" and not problem,
        "action": place.url("comments", page.pk),
    }
    response = render(request, "interaction/comments/page.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
