"""What an answer shows beside its text, in the shape that is stored and given by the API."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.portal_plugin.models.conversations import digest_of
from assistant.portal_plugin.selectors.knowledge import Answerable, Source, Worded

from .finding import Match
from .related import day
from .translations import translations_cited

_EXCERPT = 300


def citations(worded: Worded, *, language: str, site: int | None) -> list[dict[str, Any]]:
    """The entry itself, then what it rests on; each with version and hash of what was read.

    What is a translation says who made it, in the language of the answer.
    """
    entry = worded.entry
    made = translations_cited(entry, language=language, site=site)
    own = {
        "entry": entry.entry,
        "kind": "entry",
        "title": entry.question or entry.title,
        "url": entry.url,
        "passage": _excerpt(entry.answer_text),
        "label": "",
        "valid_from": day(entry.valid_from),
        "valid_until": day(entry.valid_until),
        "standing": str(entry.standing),
        "trust": _trust(made, entry.page, str(entry.trust)),
        "translation": made.get(entry.page),
        "page": entry.page,
        "version": entry.version,
        "hash": digest_of(entry.answer_text),
    }
    return [own, *(_citation(entry, source, made) for source in entry.sources)]


def _trust(made: Mapping[int, dict[str, Any]], page: int | None, otherwise: str = "human") -> str:
    found = made.get(page) if page is not None else None
    return str(found["made_by"]) if found else otherwise


def _citation(
    entry: Answerable, source: Source, made: Mapping[int, dict[str, Any]]
) -> dict[str, Any]:
    label = "、".join(source.clauses)
    return {
        "entry": entry.entry,
        "kind": str(source.kind),
        "title": source.label,
        "url": source.url,
        "passage": _excerpt(source.passage),
        "label": label,
        "valid_from": day(source.valid_from),
        "valid_until": day(source.valid_until),
        "standing": str(source.standing),
        "trust": _trust(made, source.page),
        "translation": made.get(source.page or 0),
        "page": source.page,
        "clauses": list(source.ids),
        "version": source.version,
        "hash": digest_of(source.passage or f"{source.url} {source.label} {label}"),
    }


def candidates(matches: Iterable[Match]) -> list[dict[str, Any]]:
    """The ranking: filled whether or not anything was answered."""
    return [
        {
            "entry": match.entry.entry,
            "page": match.entry.page,
            "score": round(float(match.score), 4),
            "title": match.entry.question or match.entry.title,
            "url": match.entry.url,
        }
        for match in matches
    ]


def choices(worded: Sequence[Worded]) -> list[dict[str, Any]]:
    """Close entries to choose from, in the visitor's language where there is a translation."""
    return [
        {
            "entry": found.entry.entry,
            "page": found.entry.page,
            "question": found.entry.question or found.entry.title,
            "language": found.language,
            "topic": found.entry.topic_name,
            "url": found.entry.url,
        }
        for found in worded
    ]


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()}…"
