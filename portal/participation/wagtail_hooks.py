"""What the plugin adds to Wagtail's admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from . import hooks_hub, hooks_interviews  # noqa: F401
from .admin.lists import ActivitiesScreen, activity, export
from .models import Activity
from .models.pages import ActivityPage
from .permissions import may_work_on, works_somewhere


@register_wagtail_hook("register_admin_urls")
def screens() -> list[Any]:
    return [
        path("participation/", ActivitiesScreen.as_view(), name="participation_activities"),
        path("participation/<int:pk>/", activity, name="participation_activity"),
        path("participation/<int:pk>/export.<slug:kind>", export, name="participation_export"),
    ]


class _Item(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return works_somewhere(request.user)


@register_wagtail_hook("register_admin_menu_item")
def activities_menu_item() -> MenuItem:
    return _Item(
        _("Participation"),
        reverse("participation_activities"),
        name="participation",
        icon_name="group",
        order=158,
    )


@register_wagtail_hook("register_page_header_buttons")
def what_came_in(page: Page, user: Any, view_name: str, next_url: str = "") -> Iterator[Button]:
    """From the page to what came in for it."""
    if view_name != "edit" or not isinstance(page.specific_deferred, ActivityPage):
        return
    row = Activity.objects.filter(page=page.pk).first()
    if row is not None and may_work_on(user, row):
        url = reverse("participation_activity", args=[page.pk])
        yield Button(gettext("What came in"), url, icon_name="group", priority=12)


@register_wagtail_hook("before_delete_page")
def keep_what_people_sent(request: HttpRequest, page: Page) -> HttpResponseRedirect | None:
    """What people sent in and what was said is on record: such a page is unpublished instead."""
    return _refused(request, [page], reverse("wagtailadmin_pages:edit", args=[page.pk]))


@register_wagtail_hook("before_bulk_action")
def keep_it_in_selections(
    request: HttpRequest, action_type: str, objects: Any, action: Any
) -> HttpResponseRedirect | None:
    pages = [item for item in objects if isinstance(item, Page)]
    if action_type != "delete" or not pages:
        return None
    above = pages[0].get_parent()
    return _refused(request, pages, reverse("wagtailadmin_explore", args=[above.pk]))


def _refused(request: HttpRequest, pages: list[Page], back: str) -> HttpResponseRedirect | None:
    has_taken_part = Q(received__gt=0) | Q(sequence__gt=0)
    below = Q(pk__in=[])
    for page in pages:
        below |= Q(page__path__startswith=page.path)
    row = Activity.objects.filter(below, has_taken_part).select_related("page").first()
    if row is None:
        return None
    said = gettext(
        "Not deleted: people have taken part in “%(title)s”. Unpublish it; what they sent is kept."
    )
    messages.error(request, said % {"title": row.page.title})
    return HttpResponseRedirect(back)
