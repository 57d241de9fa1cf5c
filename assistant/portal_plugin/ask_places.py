"""Where questions in whole sentences are answered, for those who have a field of their own."""

from django.urls import reverse

from portal.plugin_api import AskPlace

from .services import switch


class Conversation:
    """The provider of ``ask_place``: the conversation as a page."""

    def ask_place(self, *, site: int | None, language: str) -> AskPlace | None:
        """None while the assistant is paused."""
        if switch.pause_at(site) is not None:
            return None
        return AskPlace(reverse("assistant:ask"), "text", (("lang", language),))
