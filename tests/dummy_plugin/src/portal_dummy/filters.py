"""What this plugin changes on its way. A step returns the value, changed or not."""

from typing import Any

from django.utils.translation import gettext as _

from portal.plugin_api import (
    LanguageLink,
    MenuItem,
    PageTag,
    PublishProblem,
    SiteLike,
    language_links,
    menu_items,
    page_tags,
    publish_checks,
    rendered_page,
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
