"""What all detail pages (articles, leaders, standard pages …) have in common."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.core.base_page import BasePage, ProblemPair
from portal.core.lists import date_text, neighbours
from portal.core.media import prepare_media
from portal.core.reviews.corrections import corrections_of

_CLOCKS_DIFFER = datetime.timedelta(minutes=10)


class DetailPage(BasePage):
    """A page one reads: print view, share, attachments, images without a query for each."""

    print_template = "pages/article_print.html"

    class Meta:
        abstract = True

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        if "print" in request.GET:
            return self.print_template
        template: str = super().get_template(request, *args, **kwargs)
        return template

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        portal = context["portal"]
        published = self.displayed_date()
        context.update(
            published_at=published,
            published_text=date_text(published),
            print_url="?print=1",
            # A draft has no code yet: there is no address to read it at.
            share={
                "url": portal.canonical_url,
                "qr_url": f"/qr/{self.pk}.svg" if self.live else "",
            },
            archived_at=portal.archived_at,
            corrections=corrections_of(self),
        )
        prepare_media(*self.media_values())
        return context

    def media_values(self) -> list[Any]:
        """What holds the pictures and files of the page; types with long bodies name less."""
        body = getattr(self, "body", None)
        return [] if body is None else [body]

    def displayed_date(self) -> Any:
        return self.first_published_at

    def stated_date(self) -> datetime.datetime | None:
        """What was typed as ``date``; that of a reposted text is its source's."""
        return None if getattr(self, "source_url", "") else getattr(self, "date", None)

    def problems_of_date(self) -> list[ProblemPair]:
        """For types with a ``date``: no publication time lies in the future."""
        date = getattr(self, "date", None)
        if date is None or date <= timezone.now() + _CLOCKS_DIFFER:
            return []
        message = _("The publication time lies in the future. Plan the publication instead.")
        return [("date", message)]

    def add_neighbours(self, context: dict[str, Any]) -> None:
        """Adds ``previous`` (newer) and ``next`` (older) of the same column."""
        portal = context["portal"]
        column, date = portal.node, self.displayed_date()
        if column is None or date is None:  # a preview of what was never published
            context["previous"] = context["next"] = None
            return
        context["previous"], context["next"] = neighbours(
            self.pk, date, column.pk, portal.structure, portal.host
        )
