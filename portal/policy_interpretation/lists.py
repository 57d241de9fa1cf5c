"""Lists for homes and topics: responses to public opinion, refuted rumours."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ListItem, site_of_path

from .models import ResponseTopicPage, RumourRefutationPage


class Responses:
    """The newest responses of a site."""

    label = _("Responses to public opinion")
    model: type[ResponseTopicPage] | type[RumourRefutationPage] = ResponseTopicPage

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        pages = self.model.objects.filter(
            live=True, alias_of=None, locale__language_code=language
        ).order_by("-first_published_at", "-pk")
        found = []
        for page in pages.iterator():
            if site is not None and site_of_path(page.path) != site:
                continue
            url, date = page.get_url(), page.displayed_date()
            if url and date:
                found.append(self._item(page, url, date))
            if len(found) == count:
                break
        return found

    def _item(self, page: ResponseTopicPage | RumourRefutationPage, url, date) -> ListItem:  # type: ignore[no-untyped-def]
        return ListItem(
            title=page.title, url=url, date=date, summary=page.summary, source=page.source
        )


class Refutations(Responses):
    """The newest refuted rumours of a site."""

    label = _("Rumours refuted")
    model = RumourRefutationPage
