"""Where counter cards are, for plugins that have texts of their own (``counter_cards``)."""

from django.conf import settings

from .card_views import section_address


class SectionCards:
    def card_url(self, source: str, key: str, *, language: str) -> str:
        """Below the home of the portal's section, which may be at another host."""
        if language == settings.LANGUAGE_CODE:
            return ""
        home = section_address(language)
        return f"{home}card/{source}/{key}/" if home else ""
