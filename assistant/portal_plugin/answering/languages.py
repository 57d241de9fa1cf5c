"""The languages in which one may ask. Traditional Chinese is no tree of pages, but it is one."""

from functools import cache

from django.conf import settings
from django.utils.translation import get_language_info, gettext, override

ZH_HANT = "zh-hant"
_SOURCE = "zh-hans"
_PROBE = "You are here"  # of the portal's own catalogue, on every page
NAMES: dict[str, str] = {
    code: label
    for known, name in settings.LANGUAGES
    for code, label in (
        ((known, name), (ZH_HANT, "繁體中文")) if known == "zh-hans" else ((known, name),)
    )
}
# What other programs call them.
_ALIASES = {
    "zh": "zh-hans",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-tw": ZH_HANT,
    "zh-hk": ZH_HANT,
    "zh-mo": ZH_HANT,
}


def known(tag: str | None) -> str:
    """The language of a tag such as ``en-GB`` or ``zh_TW``; "" for one that the portal has not."""
    code = (tag or "").strip().lower().replace("_", "-")
    code = _ALIASES.get(code, code)
    while code and code not in NAMES:
        code = code.rpartition("-")[0]
        code = _ALIASES.get(code, code)
    return code


def interface(language: str) -> str:
    """The language that the page's own words are in, before characters are converted.

    English where the portal has no catalogue yet: Django would fall back to Chinese.
    """
    if language in (ZH_HANT, _SOURCE):
        return _SOURCE
    return language if _has_catalogue(language) else "en"


@cache
def _has_catalogue(language: str) -> bool:
    with override(_SOURCE):
        source = gettext(_PROBE)
    with override(language):
        return gettext(_PROBE) != source


def direction(language: str) -> str:
    """The value of a ``dir`` attribute for the portal's own words."""
    return "rtl" if get_language_info(interface(language))["bidi"] else "ltr"


def html_tag(language: str) -> str:
    """The value of a ``lang`` attribute."""
    first, _, script = language.partition("-")
    return f"{first}-{script.title()}" if script else first
