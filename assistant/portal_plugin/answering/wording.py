"""What the assistant says of itself, in the active language: editors' words, else its own."""

import functools
import json
import logging
import re
from collections.abc import Mapping

from django.db import DatabaseError
from django.utils.translation import get_language

from assistant.dialogue.statuses import Words
from assistant.portal_plugin.models.wordings import Wording
from portal.plugin_api import kept_text

from .sentences import NOTES, SENTENCES

logger = logging.getLogger(__name__)

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def sentence(key: str, *, site: int | None = None, **values: object) -> str:
    """A sentence with its values, in the active language.

    Of the editors' wordings that of the site counts before that of all sites. Where the database
    cannot be asked, the portal's own words are said.
    """
    return filled(_entered(key, site) or str(SENTENCES[key]), values)


def filled(text: str, values: Mapping[str, object]) -> str:
    """A text with its placeholders filled in; a sign % that is none of them stays."""
    return PLACEHOLDER.sub(
        lambda found: str(values[found[1]]) if found[1] in values else found[0], text
    )


def placeholders(text: str) -> set[str]:
    """The names of what is filled in."""
    return set(PLACEHOLDER.findall(text))


def said(words: Words, *, site: int | None = None) -> str:
    """What the assistant says for a key of receipts, in the active language."""
    return sentence(words.value, site=site)


def notes(keys: list[str], *, site: int | None = None) -> list[str]:
    """The lines for the keys of a receipt; keys of later versions are passed over."""
    return [sentence(f"note.{key}", site=site) for key in keys if key in NOTES]


# --- editors' wordings ----------------------------------------------------------------------------
def _entered(key: str, site: int | None) -> str:
    try:
        kept = _by_key(kept_text(("assistant", "wordings"), _read))
    except DatabaseError:
        logger.warning("Wordings cannot be read; the assistant speaks in the portal's own words")
        return ""
    language = get_language() or ""
    own = kept.get(f"{key}|{language}|{site}") if site is not None else None
    return own or kept.get(f"{key}|{language}|None") or ""


def _read() -> str:
    rows = Wording.objects.exclude(text="").values_list("key", "language", "site_id", "text")
    return json.dumps({f"{key}|{language}|{site}": text for key, language, site, text in rows})


@functools.lru_cache(maxsize=8)
def _by_key(kept: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(kept)
    return found
