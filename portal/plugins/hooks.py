"""Wagtail's hooks for plugins: the ordinary hooks, guarded by switch and circuit breaker.

A raw ``wagtail.hooks.register`` would run on every site, switched on or not, and its exception
would reach the page. Plugins use ``register_wagtail_hook``; ``PluginContract`` refuses raw ones.

Hooks are of two kinds. Most run for each request: they are skipped where the plugin is off. Some
run once in a process (menu items, URLs, icons): those always run, and what they return is made to
ask the switch at the time of use.
"""

import functools
import sys
from collections.abc import Callable, Iterator
from types import GeneratorType
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from . import registry, switches
from .breaker import breaker
from .sites import page_site, request_site
from .urls import guard_patterns

type Hook = Callable[..., Any]
type Neutral = Callable[[tuple[Any, ...]], Any]

GUARDED = "__portal_plugin__"
# Ways to say no that Wagtail documents for its hooks.
_PASSES = (PermissionDenied, Http404)


class _HiddenMenuItem(MenuItem):
    """Stands in a menu for an item that could not be made."""

    def __init__(self) -> None:
        super().__init__("", "#", name="hidden")

    def is_shown(self, request: HttpRequest) -> bool:
        return False


def _nothing(args: tuple[Any, ...]) -> None:
    return None


def _argument(index: int) -> Neutral:
    return lambda args: args[index] if len(args) > index else None


# What a hook gives when its plugin is off or fails: what Wagtail takes for "nothing to add".
_PER_REQUEST: dict[str, Neutral] = {
    "construct_explorer_page_queryset": _argument(1),
    "construct_page_chooser_queryset": _argument(0),
    "construct_image_chooser_queryset": _argument(0),
    "construct_document_chooser_queryset": _argument(0),
    "filter_form_submissions_for_user": _argument(1),
    "register_page_listing_buttons": lambda args: [],
    "register_page_listing_more_buttons": lambda args: [],
    "register_page_header_buttons": lambda args: [],
    "register_snippet_listing_buttons": lambda args: [],
    "register_user_listing_buttons": lambda args: [],
    "insert_editor_css": lambda args: "",
    "insert_editor_js": lambda args: "",
    "insert_global_admin_css": lambda args: "",
    "insert_global_admin_js": lambda args: "",
    "construct_main_menu": _nothing,
    "construct_settings_menu": _nothing,
    "construct_reports_menu": _nothing,
    "construct_help_menu": _nothing,
    "construct_page_action_menu": _nothing,
    "construct_page_listing_buttons": _nothing,
    "construct_snippet_action_menu": _nothing,
    "construct_snippet_listing_buttons": _nothing,
    "construct_translated_pages_to_cascade_actions": _nothing,
    "describe_collection_contents": _nothing,
    "get_avatar_url": _nothing,
    "register_account_menu_item": _nothing,
}
# before_edit_page, after_publish_page, before_serve_document …
_PER_REQUEST_PREFIXES = ("before_", "after_")

_ONCE: dict[str, Neutral] = {
    "register_admin_menu_item": lambda args: _HiddenMenuItem(),
    "register_settings_menu_item": lambda args: _HiddenMenuItem(),
    "register_reports_menu_item": lambda args: _HiddenMenuItem(),
    "register_help_menu_item": lambda args: _HiddenMenuItem(),
    "register_page_action_menu_item": _nothing,
    "register_snippet_action_menu_item": _nothing,
    "register_admin_urls": lambda args: [],
    "register_admin_viewset": lambda args: [],
    "register_icons": _argument(0),
    "register_image_operations": lambda args: [],
    "register_log_actions": _nothing,
    "register_permissions": lambda args: Permission.objects.none(),
    "register_rich_text_features": _nothing,
}


def supported_hooks() -> Iterator[str]:
    """Yield the hooks that plugins may use; ``before_*`` and ``after_*`` are covered as such."""
    yield from sorted((*_PER_REQUEST, *_ONCE, *(f"{prefix}…" for prefix in _PER_REQUEST_PREFIXES)))


def register_wagtail_hook(
    name: str, fn: Hook | None = None, *, order: int = 0, plugin: str | None = None
) -> Any:
    """Register a Wagtail hook that obeys the plugin's switch; usable as a decorator.

    Where the plugin is off or fails, Wagtail receives what it takes for nothing. The site is that
    of the page among the hook's arguments, or of the public request; in the admin, where there is
    neither, the hook runs if the plugin is on for any site.

    Args:
        order: Wagtail's order of hooks; among equals plugins come in their own order.
        plugin: the slug, where the calling module does not tell it.

    Raises:
        ValueError: for a hook that cannot be guarded. There is another way for most of them.
    """
    neutral = _neutral(name)
    module = str(sys._getframe(1).f_globals.get("__name__", ""))

    def register(function: Hook) -> Hook:
        guarded = _guard(name, function, neutral, module, plugin)
        hooks.register(name, guarded, order=order)
        return function

    return register if fn is None else register(fn)


def raw_hooks(package: str) -> list[str]:
    """Name the hooks that code of ``package`` registered without the guard."""
    hooks.search_for_hooks()
    return [
        f"{name}: {function.__module__}.{getattr(function, '__qualname__', function)}"
        for name, registered in sorted(hooks._hooks.items())
        for function, _order in registered
        if not hasattr(function, GUARDED)
        and f"{getattr(function, '__module__', '')}.".startswith(f"{package}.")
    ]


def guarded_hooks(slug: str) -> list[str]:
    """Name the hooks that the plugin registered through the guard."""
    hooks.search_for_hooks()
    return [
        name
        for name, registered in sorted(hooks._hooks.items())
        for function, _order in registered
        if (owner := getattr(function, GUARDED, None)) is not None and owner() == slug
    ]


def _neutral(name: str) -> Neutral:
    if neutral := _PER_REQUEST.get(name) or _ONCE.get(name):
        return neutral
    if name.startswith(_PER_REQUEST_PREFIXES):
        return _nothing
    raise ValueError(
        f"The Wagtail hook {name!r} cannot be used by plugins. These can: "
        + ", ".join(supported_hooks())
    )


def _guard(name: str, function: Hook, neutral: Neutral, module: str, plugin: str | None) -> Hook:
    point = f"hook:{name}"
    once = name in _ONCE

    def owner() -> str:
        return plugin or registry.installed().owner_of(module)

    @functools.wraps(function, updated=())
    def guarded(*args: Any, **kwargs: Any) -> Any:
        slug = owner()
        if once:
            if not registry.installed().usable(slug) and slug != registry.PORTAL:
                return neutral(args)
        elif not switches.is_enabled(slug, _site_of((*args, *kwargs.values()))):
            return neutral(args)

        def work() -> Any:
            result = _listed(function(*args, **kwargs))
            return _switched(result, slug, point) if once else result

        result = breaker.call(slug, point, work, _FAILED, passes=_PASSES)
        return neutral(args) if result is _FAILED else result

    setattr(guarded, GUARDED, owner)
    return guarded


_FAILED: Any = object()


def _listed(result: Any) -> Any:
    """Run a generator here, where its exceptions are caught."""
    return list(result) if isinstance(result, GeneratorType) else result


def _site_of(arguments: tuple[Any, ...]) -> int | None:
    for argument in arguments:
        if isinstance(argument, Page):
            return page_site(argument)
    for argument in arguments:
        if isinstance(argument, HttpRequest):
            return request_site(argument)
    return None


def _switched(result: Any, slug: str, point: str) -> Any:
    """Make what was registered once ask the switch whenever it is used."""
    if isinstance(result, list | tuple):
        if point == "hook:register_admin_urls":
            return guard_patterns(list(result), slug)
        return [_switched(item, slug, point) for item in result]
    if isinstance(result, MenuItem):
        result.media  # noqa: B018 - a broken one must fail here, not in every admin page
    if hasattr(result, "is_shown"):
        _guard_is_shown(result, slug, point)
    for viewset in getattr(result, "registerables", [result]):
        if hasattr(viewset, "get_urlpatterns"):
            _guard_viewset(viewset, slug, point)
    if hasattr(result, "registerables"):
        _guard_menu_item(result, slug, point)
    return result


def _guard_is_shown(item: Any, slug: str, point: str) -> None:
    """Hide a menu item where its plugin is off, or where it cannot be drawn."""
    is_shown, draw = item.is_shown, getattr(item, "render_component", None)

    @functools.wraps(is_shown)
    def shown(request_or_context: Any) -> bool:
        def work() -> bool:
            if not is_shown(request_or_context):
                return False
            if draw is not None and isinstance(request_or_context, HttpRequest):
                draw(request_or_context)
            return True

        place = _site_of(
            tuple(request_or_context.values())
            if isinstance(request_or_context, dict)
            else (request_or_context,)
        )
        return switches.is_enabled(slug, place) and breaker.call(slug, point, work, False)

    item.is_shown = shown


def _guard_viewset(viewset: Any, slug: str, point: str) -> None:
    """Guard the URLs and the menu item that Wagtail will take from a viewset."""
    get_urlpatterns = viewset.get_urlpatterns
    viewset.get_urlpatterns = lambda: guard_patterns(get_urlpatterns(), slug)
    _guard_menu_item(viewset, slug, point)


def _guard_menu_item(registerable: Any, slug: str, point: str) -> None:
    get_menu_item = registerable.get_menu_item

    def menu_item(*args: Any, **kwargs: Any) -> Any:
        item = get_menu_item(*args, **kwargs)
        _guard_is_shown(item, slug, point)
        return item

    registerable.get_menu_item = menu_item
