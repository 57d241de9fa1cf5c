"""Machine translators. Which one is used is set by ``PORTAL_TRANSLATOR``; without it, none."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from portal.plugin_api import Translator

_DEEPL, _DEEPL_FREE = "api.deepl.com", "api-free.deepl.com"


def made(setting: Mapping[str, Any]) -> Translator | None:
    """The translator that a setting describes (``portal.settings.environment.translator``)."""
    kind = setting.get("kind", "")
    if kind == "dummy":
        from .dummy import DummyTranslator

        return DummyTranslator()
    if kind == "openai":
        from .openai import OpenAITranslator

        return OpenAITranslator(
            setting["url"], setting["model"], setting["key"], setting["timeout"]
        )
    if kind:
        from .wagtail_localize import LocalizeTranslator

        return LocalizeTranslator.made(kind, setting)
    return None


def hosts(setting: Mapping[str, Any]) -> tuple[str, ...]:
    """Where texts are sent to; told to whoever switches the plugin on."""
    kind = setting.get("kind", "")
    if kind == "deepl":
        return (_DEEPL_FREE if setting["key"].endswith(":fx") else _DEEPL,)
    host = urlsplit(setting.get("url", "")).hostname
    return (host,) if kind and host else ()
