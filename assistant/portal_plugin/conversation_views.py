"""The conversation as a page: asking, the thread of what was said, what is waited for.

The same as in the widget, with plain forms and redirects: a reload asks nothing again, and all of
it works without JavaScript. Questions travel in the body of a POST, never in an address: addresses
end up in logs.
"""

import datetime
import hashlib
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from assistant.dialogue.cleaning import clean
from assistant.dialogue.statuses import Status
from portal.plugin_api import from_elsewhere, portal_of
from portal.text.personal_data import scrub

from .addresses import to_conversation
from .answer_pages import (
    language_of,
    paused_page,
    render_page,
    static_without_database,
    unavailable,
)
from .answering import languages, limits
from .answering.shown import AnswerShown
from .api import end_of_day, path_only
from .flows.people import letter_payload
from .models.conversations import AnswerRecord, Channel, FeedbackReason
from .selectors.conversations import conversation_of
from .selectors.receipts import receipt_of
from .selectors.starters import starters_at
from .services.conversing import Message, Reply, converse
from .services.recall import told_with
from .services.switch import paused
from .widget_sites import enter_site, page_at

_FIELD = 1000  # characters of a question that come back into the field
_STARTERS = 6


@never_cache
@csrf_exempt  # no cookie, no account: there is nothing of a visitor's to be misused
@sensitive_post_parameters("text", "payload")
@require_http_methods(["GET", "HEAD", "POST"])
@static_without_database
def ask(request: HttpRequest) -> HttpResponse:
    """The field, with questions to begin with; what is asked leads on to its conversation."""
    given = request.POST if request.method == "POST" else request.GET
    site_code = enter_site(request, given.get("site", ""))
    if request.method == "POST":
        return _asked(request, site_code)
    language = language_of(request, request.GET.get("lang"))
    # Only what the portal's own links bring; it waits in the field until the visitor sends it.
    typed = scrub(clean(request.GET.get("q", ""))).text[:_FIELD]
    portal = portal_of(request)
    if (sentence := paused(portal.site_pk, language)) is not None:
        return paused_page(request, language, sentence, typed)
    asked_from = _asked_from(request)
    begin = starters_at(
        page_at(request, asked_from) if asked_from else None,
        language,
        site=portal.site_pk,
        main_site=portal.structure.main_site_pk,
        count=_STARTERS,
    )
    return render_page(
        request,
        "assistant/answer/ask.html",
        language,
        {
            "typed": typed,
            "starters": begin,
            "asked_from": asked_from,
            "site_code": site_code,
        },
    )


def _asked(request: HttpRequest, site_code: str) -> HttpResponse:
    if from_elsewhere(request):
        return HttpResponse(status=403, content_type="text/plain")
    posted = request.POST
    portal = portal_of(request)
    language = languages.known(posted.get("lang"))
    reply = converse(
        Message(
            "" if posted.get("payload") else posted.get("starter") or posted.get("text", ""),
            payload=posted.get("payload", ""),
            language=language or portal.language,
            site=portal.site_pk,
            main_site=portal.structure.main_site_pk,
            as_of=_as_of(posted.get("as_of", "")),
            channel=Channel.PAGE,
            conversation=posted.get("conversation", ""),
            turn=_turn_of(posted),
            visitor=limits.visitor_of(request),
            asked_from=path_only(posted.get("page", "")),
        )
    )
    return _replied(request, reply, site_code)


def _turn_of(posted: QueryDict) -> str:
    """The name of the message: the form's own, with what was written in it.

    Sent twice it is one message; who goes back to the form and writes something else sends another.
    """
    if not posted.get("turn"):
        return ""
    parts = [posted.get(name, "") for name in ("turn", "payload", "starter", "text")]
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def _replied(request: HttpRequest, reply: Reply, site_code: str) -> HttpResponse:
    """To the conversation; what is not kept is answered on this page, with the words in the field.

    Nothing that was typed is lost: the field holds it again, without personal data.
    """
    record, language = reply.record, reply.language or reply.record.language
    if reply.given.is_kept:
        return to_conversation(record.conversation_id, language)
    if reply.given.status is Status.UNAVAILABLE:
        if record.words:
            return unavailable(language)
        return paused_page(request, language, record.text, record.question, status=503)
    shown = AnswerShown(receipt_of(record), language, is_kept=False)
    response = render_page(
        request,
        "assistant/answer/answer.html",
        language,
        {
            "shown": shown,
            "typed": record.question,
            "thread": _own_conversation(request),
            "prompt": reply.prompt,
            "site_code": site_code,
        },
        status=429 if reply.given.retry_after else 200,
    )
    if reply.given.retry_after:
        response.headers["Retry-After"] = str(reply.given.retry_after)
    return response


@never_cache
@require_safe
@static_without_database
def show(request: HttpRequest, conversation_id: Any) -> HttpResponse:
    """The thread: earlier turns folded, the last one open, and what is waited for."""
    found = conversation_of(str(conversation_id))
    if found is None or not found[1]:
        raise Http404
    conversation, records = found
    enter_site(request, conversation.site.code if conversation.site else "")
    language = language_of(request, request.GET.get("lang") or conversation.language)
    *earlier, latest = [_shown(request, record, language) for record in records]
    response = render_page(
        request,
        "assistant/answer/conversation.html",
        language,
        {
            "earlier": earlier,
            "notices": told_with(latest.record),
            "shown": latest,
            "prompt": latest.prompt,
            "typed": latest.record.question if latest.is_to_be_mended else "",
            "thread": str(conversation.pk),
            "reasons": FeedbackReason.choices,
            "letter": letter_payload(portal_of(request).site_pk),
        },
    )
    response.headers["X-Robots-Tag"] = "noindex"
    # Whoever has the address has the conversation: it must not travel with links.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _shown(request: HttpRequest, record: AnswerRecord, language: str) -> AnswerShown:
    address = request.build_absolute_uri(f"/assistant/answers/{record.pk}/")
    return AnswerShown(receipt_of(record), language, address=address)


def _own_conversation(request: HttpRequest) -> str:
    """The conversation that a form named, where it goes on."""
    name = request.POST.get("conversation", "")
    return name if name and conversation_of(name) else ""


def _asked_from(request: HttpRequest) -> str:
    """The page that the visitor comes from: as the launcher says, or the browser."""
    named = request.GET.get("page", "")
    if not named:
        referrer = urlsplit(request.headers.get("Referer", ""))
        named = referrer.path if referrer.netloc == request.get_host() else ""
    path = path_only(named)
    return path if path.startswith("/") and not path.startswith("/assistant/") else ""


def _as_of(text: str) -> datetime.datetime | None:
    try:
        return end_of_day(parse_date(text))
    except ValueError:  # the form of a date, but no day of the calendar
        return None
