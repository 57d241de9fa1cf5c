"""Where questions in whole sentences are answered, for those who have a field of their own."""

from django.urls import reverse

from portal.plugin_api import AskPlace


class Conversation:
    """The provider of ``ask_place``: the conversation as a page. While the assistant is paused that
    page says so itself: asking for it here would cost every page of results a query."""

    def ask_place(self, *, site: int | None, language: str) -> AskPlace | None:
        return AskPlace(reverse("assistant:ask"), "text", (("lang", language),))
