"""Find a service: guides where a plugin has them, else what the portal has, and so it is said."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.html import format_html, format_html_join

from assistant.dialogue.contract import Action
from assistant.dialogue.intents import Intent
from assistant.dialogue.prompts import Prompt, PromptKind
from assistant.dialogue.statuses import Status
from assistant.portal_plugin.dialogue.turn import Outcome, Turn, action
from assistant.portal_plugin.models.conversations import AnswerRecord, digest_of
from assistant.portal_plugin.selectors.portal_pages import pages_about
from assistant.portal_plugin.services.answers import compose
from portal.plugin_api import CapabilityUnavailable, ServiceGuide, capability, service_guides

from .offers import OTHERWISE, offer
from .voice import Voice, link

_MOST = 5


@action(Action.FIND_SERVICE)
def find_service(turn: Turn) -> Outcome:
    """Guides that fit; where nobody provides any, an approved answer and pages of the portal."""
    voice = Voice(turn)
    if turn.is_pressed:
        record = voice.record(Status.CLARIFY, voice("service.which"))
        question = Prompt(PromptKind.TEXT, field="service", question=record.text, can_stop=False)
        return Outcome(record, question)
    provider = capability(service_guides, turn.question.site)
    guides: Sequence[ServiceGuide] = ()
    if provider is not None:
        try:
            guides = provider.find(
                turn.question.message,
                site=turn.question.site,
                language=voice.spoken,
                count=_MOST,
            )
        except CapabilityUnavailable:
            provider = None
    if guides:
        return Outcome(_listed(voice, guides), offer(turn, voice, (Intent.HUMAN, Intent.HELP)))
    return _otherwise(turn, voice, has_guides=provider is not None)


def _listed(voice: Voice, guides: Sequence[ServiceGuide]) -> AnswerRecord:
    found = voice("service.found")
    lines = [_line(guide) for guide in guides]
    record = voice.record(Status.ANSWERED, found, *lines, title=voice("start.find_service"))
    items = format_html_join(
        "",
        '<li><a href="{}">{}</a>{}</li>',
        ((guide.url, voice.written(guide.title), voice.written(_about(guide))) for guide in guides),
    )
    record.html = format_html("<p>{}</p><ul>{}</ul>", voice.written(found), items)
    record.content["citations"] = [_citation(guide) for guide in guides]
    return record


def _line(guide: ServiceGuide) -> str:
    return f"{guide.title}{_about(guide)}"


def _about(guide: ServiceGuide) -> str:
    parts = [guide.summary, guide.unit, *(f"{label}: {value}" for label, value in guide.facts)]
    said = " · ".join(part for part in parts if part)
    return f" — {said}" if said else ""


def _citation(guide: ServiceGuide) -> dict[str, object]:
    return {
        "entry": "",
        "kind": "service",
        "title": guide.title,
        "url": guide.url,
        "passage": guide.summary,
        "label": guide.unit,
        "valid_from": None,
        "valid_until": None,
        "standing": "in_force",
        "trust": "human",
        "page": None,
        "version": None,
        "hash": digest_of(f"{guide.key} {guide.title} {guide.summary}"),
    }


def _otherwise(turn: Turn, voice: Voice, *, has_guides: bool) -> Outcome:
    """The knowledge base, else pages by their titles; that there was no catalogue is said."""
    record = compose(question=turn.question)
    if record.status in (Status.ANSWERED, Status.CLARIFY):
        if not has_guides:
            record.content["notes"].append("no_service_guides")
        return Outcome(record)
    if record.status != Status.DECLINED_NO_SOURCE:
        return Outcome(record, offer(turn, voice, OTHERWISE))
    pages = pages_about(
        turn.question.message, site=turn.question.site, language=voice.language, count=_MOST
    )
    lines = [
        voice("service.none") if has_guides or not pages else voice("service.no_guides"),
        voice("service.pages") if pages else "",
        *(page.title for page in pages),
    ]
    said = voice.record(Status.DECLINED_NO_SOURCE, *lines)
    said.content |= {
        name: record.content[name] for name in ("candidates", "related") if name in record.content
    }
    said.mode, said.confidence = record.mode, record.confidence
    said.content["actions"] = [link("page", page.title, page.url) for page in pages]
    return Outcome(said, replace(offer(turn, voice, OTHERWISE), field="service"))
