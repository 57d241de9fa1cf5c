"""What this plugin can do for the portal and for other plugins."""

from collections.abc import Sequence

from portal.plugin_api import translator


class MirrorTranslator:
    """Translates by writing backwards: needs no other host."""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        return [text[::-1] for text in texts]


translator.provide(MirrorTranslator())
