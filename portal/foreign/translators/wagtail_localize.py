"""LibreTranslate and DeepL by the classes of wagtail-localize."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wagtail_localize.machine_translators.base import BaseMachineTranslator
from wagtail_localize.machine_translators.deepl import DeepLTranslator
from wagtail_localize.machine_translators.libretranslate import LibreTranslator
from wagtail_localize.strings import StringValue


@dataclass(frozen=True, slots=True)
class _Language:
    """All that these classes ask of a locale."""

    language_code: str


@dataclass(slots=True)
class LocalizeTranslator:
    """One of wagtail-localize's machine translators."""

    machine: BaseMachineTranslator

    @classmethod
    def made(cls, kind: str, setting: Mapping[str, Any]) -> "LocalizeTranslator":
        if kind == "deepl":
            return cls(DeepLTranslator({"AUTH_KEY": setting["key"], "TIMEOUT": setting["timeout"]}))
        return cls(
            LibreTranslator(
                {
                    "LIBRETRANSLATE_URL": setting["url"],
                    "API_KEY": setting["key"],
                    "TIMEOUT": setting["timeout"],
                }
            )
        )

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Raises whatever goes wrong with the service."""
        values = [StringValue(text) for text in texts]
        # DeepL wants to know which English.
        wanted = "en-GB" if target == "en" and isinstance(self.machine, DeepLTranslator) else target
        done = self.machine.translate(_Language(source), _Language(wanted), values)
        return [str(done[value].data) for value in values]
