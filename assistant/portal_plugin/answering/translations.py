"""Who made the translations that an answer is given from, and what they are translations of.

Kept with the answer as it was known when it was given: codes, dates, addresses, and the words in
the language of the answer.
"""

import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override
from wagtail.models import Page

from assistant.portal_plugin.selectors.knowledge import Answerable
from assistant.portal_plugin.texts import to_traditional
from portal.plugin_api import SiteLike, TrustLabel, public_urls, trust_labels

from . import languages


def translations_cited(
    entry: Answerable, *, language: str, site: SiteLike
) -> dict[int, dict[str, Any]]:
    """By page, of the entry and its sources; what translates nothing is left out.

    Two queries for all pages that stand in trees of other languages, none where there are none.
    """
    trees = {entry.page: entry.tree} | {
        source.page: source.tree for source in entry.sources if source.page is not None
    }
    foreign = [page for page, tree in trees.items() if tree not in ("", settings.LANGUAGE_CODE)]
    labels = trust_labels(foreign, site)
    urls = _addresses({label.original for label in labels.values()})
    with override(languages.interface(language)):
        found = {page: _of_label(label, urls) for page, label in labels.items()}
        if entry.translation_of is not None and entry.page not in found:
            found[entry.page] = _of_entry(entry)
    if language == languages.ZH_HANT:
        return {page: _in_traditional(one) for page, one in found.items()}
    return found


def made_by_label(code: str) -> str:
    """Who made a translation, in words; "" for a code of a later version."""
    match code:
        case "human":
            return gettext("Translated by a person")
        case "reviewed_machine":
            return gettext("Machine translation, reviewed by a person")
        case "machine":
            return gettext("Machine translation")
    return ""


def prevails(*, is_chinese: bool = True) -> str:
    """Which text counts; "" of the translation of a text that is not Chinese."""
    return gettext("This is a translation. The Chinese text prevails.") if is_chinese else ""


def original_label(*, is_chinese: bool = True) -> str:
    """The words of the link to an original."""
    return gettext("Chinese original") if is_chinese else gettext("Original")


def _of_label(label: TrustLabel, urls: dict[int, str]) -> dict[str, Any]:
    return {
        "made_by": label.made_by,
        "label": str(label.label),
        "reviewer": str(label.reviewer),
        "date": label.date.isoformat() if label.date else None,
        "prevails": str(label.prevails),
        "original": urls.get(label.original, ""),
        "original_language": settings.LANGUAGE_CODE,
    }


def _of_entry(entry: Answerable) -> dict[str, Any]:
    """Of a translation in the knowledge base: its editors say who made it and release it."""
    made_by = str(entry.trust)
    return {
        "made_by": made_by,
        "label": made_by_label(made_by),
        "reviewer": "",
        "date": _day(entry.since),
        "prevails": prevails(is_chinese=_is_chinese(entry.original_language)),
        "original": entry.original_url,
        "original_language": entry.original_language,
    }


def _is_chinese(language: str) -> bool:
    return language.partition("-")[0] == "zh"


def _day(moment: datetime.datetime | None) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None


def _addresses(pages: set[int]) -> dict[int, str]:
    if not pages:
        return {}
    rows = Page.objects.live().filter(pk__in=pages).values_list("pk", "path", "url_path")
    return public_urls(rows)


def _in_traditional(one: dict[str, Any]) -> dict[str, Any]:
    return one | {name: to_traditional(one[name]) for name in ("label", "reviewer", "prevails")}
