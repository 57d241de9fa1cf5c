"""Where editors begin: choosers at the own site, new pages with what the column holds on top."""

from collections import Counter
from os.path import commonprefix
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.views.chooser import BrowseView
from wagtail.admin.views.pages.create import AddSubpageView
from wagtail.models import Page

from portal.core import structure
from portal.core.page_rights import page_policy

# So many of the newest pages say what a column holds.
_LOOK_BACK = 50


def start_page(user: Any) -> int | None:
    """The page at which choosers open: the home of the own site, or what the own sites share.

    None for accounts that work on all sites, or on none.
    """
    if user.is_superuser:
        return None
    rights = page_policy.get_cached_permissions_for_user(user)
    roles = {getattr(right.group, "site_role", None) for right in rights}
    if not roles or None in roles:  # a group of the platform, or one made by hand
        return None
    found = structure.current()
    roots = [found.site_root(role.site_id, settings.LANGUAGE_CODE) for role in roles if role]
    paths = [root.path for root in roots if root is not None]
    shared = commonprefix(paths)  # noqa: RUF071 - steps of four characters, not of files
    path = shared[: len(shared) - len(shared) % structure.STEPLEN]
    if len(path) <= structure.STEPLEN:
        return None
    return Page.objects.filter(path=path).values_list("pk", flat=True).first()


class OwnBrowseView(BrowseView):
    """Wagtail opens at the root of the tree, two clicks and a foreign list away from the site."""

    def get(self, request: HttpRequest, parent_page_id: int | None = None) -> HttpResponseBase:
        return super().get(request, parent_page_id or start_page(request.user))


class OrderedAddSubpageView(AddSubpageView):
    """Wagtail sorts the types by name: what is written every day comes third or last."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = type_order(self.parent_page)
        self.page_types.sort(key=lambda entry: order.get(apps.get_model(*entry[1:3]), len(order)))
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context


def type_order(parent: Page) -> dict[type[Page], int]:
    """The types that can stand below a page, the likeliest first.

    What the newest pages there are decides; then the type that the column is shown with; then the
    order in which ``subpage_types`` names them.
    """
    newest = parent.get_children().order_by("-path").values_list("content_type_id", flat=True)
    counts = Counter(ContentType.objects.get_for_id(pk).model_class() for pk in newest[:_LOOK_BACK])
    preferred = getattr(parent, "preferred_child_type", lambda: None)()
    declared = list(type(parent).allowed_subpage_models())
    ranked = sorted(
        declared,
        key=lambda model: (-counts[model], model._meta.label != preferred, declared.index(model)),
    )
    return {model: place for place, model in enumerate(ranked)}
