"""Stands before every address of the admin: no page outside the own sites is even named.

Wagtail's views refuse what may not be done, but some tell a page's title on the way (confirmations,
messages, lists of what was left out), and some stumble over numbers that are none.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.defaults import page_not_found
from wagtail.admin.auth import permission_denied
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail_localize.models import Translation

from portal.core.models import PortalMedia
from portal.core.permissions import may_open, own_tree

type View = Callable[..., HttpResponseBase]

# What an address calls the number of a page, as part of its path.
_PAGE_ARGUMENTS = ("page_id", "page_to_move_id", "parent_page_id", "destination_id", "page_pk")
# Reports that add up all sites.
_FOR_ALL_SITES = frozenset(
    {"wagtailadmin_reports:page_types_usage", "wagtailadmin_reports:page_types_usage_results"}
)
_LARGEST_NUMBER = 2**63 - 1


def guarded(view: View) -> View:
    """Decorate a view of the admin."""

    @wraps(view)
    def check(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.has_perm("wagtailadmin.access_admin"):  # the others are sent away anyway
            try:
                pages = set(_pages_named(request, kwargs))
            except Http404 as error:
                return page_not_found(request, error, template_name="wagtailadmin/404.html")
            if _is_for_all_sites(request) and own_tree(request.user) is not None:
                return permission_denied(request)
            if not all(may_open(request.user, pk) for pk in pages):
                return permission_denied(request)
            if "media_id" in kwargs and not _may_see_media(request.user, kwargs["media_id"]):
                return permission_denied(request)
        return view(request, *args, **kwargs)

    return check


def _may_see_media(user: Any, pk: int) -> bool:
    """wagtailmedia's page of uses asks only whether somebody may change any video at all."""
    media = PortalMedia.objects.filter(pk=pk).select_related("collection").first()
    if media is None:
        return True
    policy = policy_registry.get_by_type(PortalMedia)
    return bool(policy.user_has_any_permission_for_instance(user, ["choose", "change"], media))


def _is_for_all_sites(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in _FOR_ALL_SITES


def _pages_named(request: HttpRequest, arguments: dict[str, Any]) -> Iterator[int]:
    """The numbers of the pages that a request is about.

    Raises:
        Http404: something stands for a number that can be none.
    """
    query = request.GET
    texts = [text for key in query if key != "q" for text in query.getlist(key)]
    numbers = [value for value in arguments.values() if isinstance(value, int)]
    numbers += [int(text) for text in texts if _is_number(text)]
    if any(number > _LARGEST_NUMBER for number in numbers):
        raise Http404
    yield from (arguments[name] for name in _PAGE_ARGUMENTS if name in arguments)
    if "translation_id" in arguments:
        yield from _translated_page(arguments["translation_id"])
    name = request.resolver_match.view_name if request.resolver_match is not None else ""
    if name.endswith("chooser:chosen") and not _is_number(arguments["pk"]):
        raise Http404
    of_pages = name == "wagtailadmin_choose_page_chosen_multiple"
    if name == "wagtail_bulk_action":
        of_pages = arguments["model_name"] == "page"
    elif not of_pages and not name.endswith("chooser:chosen_multiple"):
        return
    given = [text for text in query.getlist("id") + query.getlist("childOf") if text != "all"]
    if not all(_is_number(text) for text in given):
        raise Http404
    if of_pages:
        yield from (int(text) for text in given)


def _translated_page(translation_pk: int) -> Iterator[int]:
    translation = get_object_or_404(Translation, pk=translation_pk)
    try:
        target = translation.get_target_instance()
    except ObjectDoesNotExist as error:  # it was asked for, and not made yet
        raise Http404 from error
    if isinstance(target, Page):
        yield target.pk


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 40
