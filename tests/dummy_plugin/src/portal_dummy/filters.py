"""What this plugin changes on its way. A step returns the value, changed or not."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.plugin_api import (
    FeedLink,
    LanguageLink,
    MenuItem,
    PageTag,
    PublishProblem,
    SiteLike,
    language_links,
    menu_items,
    page_feeds,
    page_tags,
    publish_checks,
    release_links,
    rendered_page,
    robots_lines,
)

FORBIDDEN = "lorem ipsum"


@publish_checks.step
def no_filler_text(
    problems: list[PublishProblem], *, page: Any, site: SiteLike
) -> list[PublishProblem]:
    if FORBIDDEN in str(page.title).lower():
        message = _("The title holds filler text.")
        problems.append(PublishProblem(message, field="title", code="filler_text"))
    return problems


@menu_items.step
def add_notes(items: list[MenuItem], *, site: SiteLike, language: str) -> list[MenuItem]:
    return [*items, MenuItem(title=_("Notes"), url="/dummy/")]


@page_tags.step
def add_tag(tags: list[PageTag], *, page: Any, site: SiteLike) -> list[PageTag]:
    return [*tags, ("Dummy", "1")]


@rendered_page.step
def add_comment(html: str, *, page: Any, request: Any, site: SiteLike) -> str:
    return html.replace("</main>", "<!-- noted --></main>", 1)


@language_links.step
def keep_languages(
    links: list[LanguageLink], *, page: Any, site: SiteLike, language: str, path: str
) -> list[LanguageLink]:
    return list(links)


@page_feeds.step
def no_feeds(feeds: list[FeedLink], *, page: Any, site: SiteLike, language: str) -> list[FeedLink]:
    return list(feeds)  # notes are followed by nobody


@robots_lines.step
def not_the_notes(lines: list[str], *, request: HttpRequest, site: SiteLike) -> list[str]:
    return [*lines, "Disallow: /dummy/"]


@release_links.step
def keep_links(links: list[tuple[str, str]], *, page: Any, site: SiteLike) -> list[tuple[str, str]]:
    return list(links)
