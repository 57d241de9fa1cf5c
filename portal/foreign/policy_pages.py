"""The page of policies for foreigners: what a section's column for policies shows to readers.

It stands at the column's own address, so that menu, start page and language switcher lead to it,
and editors choose address, title and introduction as for any column.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.models import Page

from portal.plugin_api import (
    ColumnPage,
    Pagination,
    context_for_page,
    portal_of,
    register_wagtail_hook,
)

from .selectors.policies import MOST_UNTRANSLATED, Policies, is_policy_column
from .selectors.sections import root_of, section_of

PER_PAGE = 20
# Displays that are lists; leaders, institutions and channels are laid out by the editors.
_LISTS = (ColumnPage.Display.LIST, ColumnPage.Display.CARDS)


@register_wagtail_hook("before_serve_page")
def serve_policies(
    page: Page, request: HttpRequest, serve_args: Any, serve_kwargs: dict[str, Any]
) -> HttpResponse | None:
    """In place of the column's list; a restricted column is left to Wagtail, which asks first."""
    if not is_policy_column(page.path) or not isinstance(page, ColumnPage):
        return None
    if page.display not in _LISTS or portal_of(request).structure.is_private(page.path):
        return None
    section = section_of(page)
    root = root_of(section) if section is not None else None
    if section is None or root is None:
        return None
    number = _number(serve_args)
    policies = Policies(section, root.path, page.path)
    choices = policies.choices()
    chosen = _chosen(request, [choice.pk for choice in choices])
    places = policies.within(chosen)
    portal = context_for_page(request, page, "" if number == 1 else f"page/{number}/")
    pagination = Pagination(
        number,
        len(places),
        PER_PAGE,
        portal.structure.url(page.url_path),
        f"?column={chosen}" if chosen else "",
    )
    if number > pagination.pages:
        raise Http404
    first = (number - 1) * PER_PAGE
    untranslated = policies.untranslated() if number == 1 and chosen is None else []
    context = page.get_context(request) | {
        "portal": portal,
        "children": portal.local_menu(portal.node) if portal.node is not None else [],
        "rows": policies.told(places[first : first + PER_PAGE]),
        "choices": choices,
        "all_count": len(policies.places),
        "chosen": chosen,
        "column_url": portal.structure.url(page.url_path),
        "pagination": pagination,
        "untranslated": untranslated[:MOST_UNTRANSLATED],
        "more_untranslated": max(0, len(untranslated) - MOST_UNTRANSLATED),
    }
    return TemplateResponse(request, "foreign/policies.html", context)


def _number(serve_args: Any) -> int:
    """Of the list's page, from what the column's routes give: (view, args, kwargs).

    Raises:
        Http404: the first page has no address with a number.
    """
    asked: int | None = serve_args[2].get("number") if len(serve_args) > 2 else None
    if asked is not None and asked < 2:
        raise Http404
    return asked or 1


def _chosen(request: HttpRequest, offered: list[int]) -> int | None:
    """The column asked for.

    Raises:
        Http404: no policy stands in it, or it is no number.
    """
    asked = request.GET.get("column", "")
    if not asked:
        return None
    if asked not in {str(pk) for pk in offered}:
        raise Http404
    return int(asked)
