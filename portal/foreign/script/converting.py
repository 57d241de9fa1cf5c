"""The converter of a site: its standard, the term table, the confirmed corrections."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from portal.foreign.models import ScriptCorrection, ScriptSetting, ScriptTerm
from portal.plugin_api import kept_text
from portal.text.script import TAIWAN, Converter

OFF = ScriptSetting.Choice.OFF


def standard_of(site: int | None) -> str:
    """The standard that a site offers; "" where it offers none. No query."""
    offered = _settings(kept_text(("foreign", "script", "settings"), _settings_text))
    found = offered.get(str(site), offered.get("", TAIWAN))
    return "" if found == OFF else found


def converter_of(site: int | None) -> Converter:
    """The converter of a site that offers traditional characters."""
    return converter_for(standard_of(site) or TAIWAN)


def converter_for(standard: str) -> Converter:
    """The converter of a standard with everything that people have decided. No query."""
    text = kept_text(("foreign", "script", "decided", standard), lambda: _decided_text(standard))
    return _converter(standard, text)


def version_of(site: int | None) -> str:
    """Changes whenever the conversion of a site's pages may give something else."""
    standard = standard_of(site)
    text = kept_text(("foreign", "script", "decided", standard), lambda: _decided_text(standard))
    return f"{standard}-{_digest(text)}"


@lru_cache(maxsize=64)
def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _settings_text() -> str:
    rows = ScriptSetting.objects.values_list("site_id", "offered")
    return json.dumps({"" if site is None else str(site): offered for site, offered in rows})


@lru_cache(maxsize=8)
def _settings(text: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(text)
    return found


def _decided_text(standard: str) -> str:
    terms: dict[str, str] = {}
    for row in ScriptTerm.objects.filter(standard__in=["", standard]).order_by("standard"):
        terms[row.simplified] = row.becomes  # the standard's own row comes after that for all
    rows = ScriptCorrection.objects.filter(standard=standard, reviewed_at__isnull=False)
    decided: dict[str, Any] = {
        "terms": terms,
        "corrections": dict(rows.order_by("pk").values_list("source_text", "text")),
    }
    return json.dumps(decided, ensure_ascii=False)


@lru_cache(maxsize=8)
def _converter(standard: str, text: str) -> Converter:
    decided = json.loads(text)
    return Converter(standard, decided["terms"], decided["corrections"])
