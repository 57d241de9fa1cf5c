"""What the widget asks for beside messages: its texts, a choice, an answer in another language."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from assistant.dialogue.cleaning import LONGEST, USED
from portal.plugin_api import ApiId, ApiMissing, ApiProblem, ApiSiteCode, portal_of, public_tree

from .answering import contact, languages, limits
from .answering.serial import absolute, reply_json
from .flows.people import letter_payload
from .models.conversations import AnswerRecord, Channel, FeedbackReason
from .schemas import AssistantReply
from .selectors.receipts import find_record
from .selectors.starters import starters_at
from .services.answers import Given, choose, reword
from .services.conversing import Reply
from .services.switch import paused
from .texts import to_traditional
from .widget_sites import page_at, site_of_widget
from .widget_texts import TEXTS

COUNTER_FROM = 0.8
"""Which part of what may be written is used up when the counter appears."""

_NO_RECEIPT = _("There is no such answer, or it is no longer kept.")
_NOT_OFFERED = _("This is not among what the answer offered, or it is no longer in force.")
_TOO_MANY = _("Too many requests. Wait a moment.")


class AssistantWidgetQuery(Schema):
    site: ApiSiteCode | None = None
    language: Annotated[str, StringConstraints(max_length=20)] | None = None
    page: Annotated[str, StringConstraints(max_length=255)] | None = None


class AssistantWidgetLanguage(Schema):
    code: str
    tag: str
    name: str


class AssistantWidgetStarter(Schema):
    question: str
    topic: str
    tag: str


class AssistantWidgetContact(Schema):
    phone: str
    url: str
    opening: str
    is_open: bool
    browse_url: str


class AssistantWidgetLimits(Schema):
    longest: int = Field(description="Characters of a message that are accepted.")
    used: int = Field(description="Characters of a question that are used.")
    counter_from: float


class AssistantWidgetReason(Schema):
    value: str
    label: str


class AssistantWidget(Schema):
    """All that a widget needs before the first question."""

    site: str
    site_name: str
    language: str
    tag: str
    direction: Literal["ltr", "rtl"]
    languages: list[AssistantWidgetLanguage]
    texts: dict[str, str]
    starters: list[AssistantWidgetStarter]
    contact: AssistantWidgetContact
    reasons: list[AssistantWidgetReason]
    limits: AssistantWidgetLimits
    letter: str = Field(
        description="The payload that begins a letter with this conversation; empty where none is "
        "taken."
    )
    paused: str = Field(description="Why the assistant rests at this site; empty while it works.")
    page_url: str


class AssistantChoose(Schema):
    entry: ApiId


class AssistantTranslate(Schema):
    language: Annotated[str, StringConstraints(max_length=20)]


def add_to(router: Router) -> None:
    """Enter the operations into the assistant's router."""
    router.get(
        "/widget",
        response=AssistantWidget,
        operation_id="assistant_widget",
        summary="Texts, starters and limits for a widget",
    )(assistant_widget)
    router.post(
        "/answers/{answer_id}/choose",
        response=AssistantReply,
        operation_id="assistant_choose",
        summary="Choose among the questions that an answer offered",
    )(assistant_choose)
    router.post(
        "/answers/{answer_id}/translation",
        response=AssistantReply,
        operation_id="assistant_translation",
        summary="The same answer in another language",
    )(assistant_translation)


def assistant_widget(request: HttpRequest, query: Query[AssistantWidgetQuery]) -> Any:
    """In the language that is asked for; with `page`, questions of readers of that page."""
    site = site_of_widget(request, query.site)
    language = languages.known(query.language) or "zh-hans"
    base = request.build_absolute_uri("/")
    portal = portal_of(request)
    with override(languages.interface(language)):
        found = contact.contact(site)
        words = {key: str(text) for key, text in TEXTS.items()}
        identity = portal.structure.identity(site, portal.language, portal.host) if site else None
        content = {
            "site": public_tree(request).code_of(site),
            "site_name": identity.name if identity else "",
            "language": language,
            "tag": languages.html_tag(language),
            "direction": languages.direction(language),
            "languages": [
                {"code": code, "tag": languages.html_tag(code), "name": name}
                for code, name in languages.NAMES.items()
            ],
            "texts": words,
            "starters": _starters(request, query, language, site),
            "contact": {
                "phone": found.phone,
                "url": found.url,
                "opening": found.opening,
                "is_open": found.is_open,
                "browse_url": absolute(contact.browse_url(), base),
            },
            "reasons": [
                {"value": value, "label": str(label)} for value, label in FeedbackReason.choices
            ],
            "limits": {"longest": LONGEST, "used": USED, "counter_from": COUNTER_FROM},
            "letter": letter_payload(site),
            "paused": paused(site, language) or "",
            "page_url": absolute(reverse("assistant:ask"), base),
        }
    return _converted(content) if language == languages.ZH_HANT else content


def _starters(
    request: HttpRequest, query: AssistantWidgetQuery, language: str, site: int | None
) -> list[dict[str, str]]:
    page = page_at(request, query.page) if query.page else None
    main = portal_of(request).structure.main_site_pk
    found = starters_at(page, language, site=site, main_site=main)
    return [
        {
            "question": row["question"],
            "topic": row["topic"],
            "tag": languages.html_tag(row["language"]),
        }
        for row in found
    ]


def _converted(content: dict[str, Any]) -> dict[str, Any]:
    """The words in traditional characters. Questions stay as they were approved: they are sent."""
    return {
        **content,
        "texts": {key: to_traditional(text) for key, text in content["texts"].items()},
        "contact": {**content["contact"], "opening": to_traditional(content["contact"]["opening"])},
        "reasons": [{**row, "label": to_traditional(row["label"])} for row in content["reasons"]],
    }


def assistant_choose(request: HttpRequest, answer_id: str, choice: AssistantChoose) -> Any:
    """As pressing one of the offered questions on the page of the answer."""
    record = _record(request, answer_id)
    given = choose(record=record, page=choice.entry, channel=Channel.WIDGET)
    return _reply(request, given)


def assistant_translation(request: HttpRequest, answer_id: str, wanted: AssistantTranslate) -> Any:
    """The approved translation where there is one, else the text as it is, with a note."""
    record = _record(request, answer_id)
    language = languages.known(wanted.language)
    if not language:
        raise ApiProblem(422, _("Not a language of this portal."))
    given = reword(record=record, language=language, channel=Channel.WIDGET)
    return _reply(request, given)


def _record(request: HttpRequest, answer_id: str) -> AnswerRecord:
    wait = limits.seconds_to_wait(limits.visitor_of(request))
    if wait:
        raise ApiProblem(429, _TOO_MANY, headers={"Retry-After": str(wait)})
    site_of_widget(request, None)  # another website must be on a list
    record = find_record(answer_id)
    if record is None:
        raise ApiMissing(_NO_RECEIPT)
    return record


def _reply(request: HttpRequest, given: Given | None) -> dict[str, Any]:
    if given is None:
        raise ApiProblem(409, _NOT_OFFERED)
    return reply_json(Reply(given, language=given.record.language), request.build_absolute_uri("/"))
