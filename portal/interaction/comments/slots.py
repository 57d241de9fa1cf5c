"""What stands below an article: the comments that were approved, and the way to the form.

The form itself has a page of its own: it carries a key, and the article is one page for everybody.
"""

from typing import Any

from django.core.paginator import Page as PaginatedPage
from django.forms import Media
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from portal.interaction.surroundings import address, code_of
from portal.plugin_api import Shown, SiteLike, kept_text, page_end_slot, site_pk

from .places import takes_comments
from .selectors import shown_under

SHOWN = 20


class Comments:
    media = Media(css={"all": ["interaction/comments.css"]})

    def __init__(self, page: Any, *, site: int | None, language: str, is_open: bool) -> None:
        self.page, self.site, self.language, self.is_open = page, site, language, is_open

    def render_html(self, parent_context: Any = None) -> SafeString:
        url = address("comments", self.page.pk, language=self.language, site=code_of(self.site))
        # Only what is approved is in what is kept; each approval makes it anew.
        rows = kept_text(
            ("interaction", "comments", self.page.pk, self.language),
            lambda: list_html(shown_under(self.page)[: SHOWN + 1], more=url),
        )
        if not self.is_open and not rows:
            return SafeString()
        context = {
            "rows": mark_safe(rows),  # noqa: S308 - our own template's output
            "is_open": self.is_open,
            "action": url,
        }
        return render_to_string("interaction/comments/below.html", context)


def list_html(comments: Any, *, more: str = "", page: PaginatedPage[Any] | None = None) -> str:
    """The comments as a list; "" for none."""
    rows = list(comments)
    if not rows:
        return ""
    context = {
        "comments": rows[:SHOWN],
        "more": more if len(rows) > SHOWN else "",
    }
    return render_to_string("interaction/comments/list.html", context)


@page_end_slot.show
def comments_below(*, page: Any, site: SiteLike, language: str) -> Shown:
    is_open = takes_comments(page)
    if is_open is None:
        return None
    return Comments(page, site=site_pk(site), language=language, is_open=is_open)
