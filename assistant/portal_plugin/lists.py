"""Lists of questions for homes, topics and channels."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ListItem, public_urls, site_of_path

from .selectors.knowledge import current_entries

# So many are looked at to find those of one site.
_LOOKED_AT = 10


class LatestQuestions:
    """The newest answers that are in force, of all topics or of one. One query."""

    def __init__(self, topic: str = "", label: str = "") -> None:
        self.topic = topic
        self.label = label or _("Newest questions and answers")

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        found = current_entries().filter(language=language, alias_of=None)
        if self.topic:
            found = found.filter(topic__slug=self.topic)
        newest = found.select_related("owner_unit").order_by("-first_published_at", "-pk")
        own = [
            page
            for page in newest[: count * _LOOKED_AT]
            if site is None or site_of_path(page.path) == site
        ][:count]
        urls = public_urls([(page.pk, page.path, page.url_path) for page in own])
        return [
            ListItem(
                title=page.title,
                url=urls[page.pk],
                date=page.first_published_at,
                summary=page.answer_text[:120],
                source=str(page.owner_unit or ""),
            )
            for page in own
            if page.pk in urls and page.first_published_at
        ]
