"""The hub in the menu: first below the part of a site that holds its activities."""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.plugin_api import MenuItem, SiteLike, menu_items, site_pk, with_program

from .models import Activity


@menu_items.step
def hub_entry(items: list[MenuItem], /, *, site: SiteLike, language: str) -> list[MenuItem]:
    return with_program(
        items,
        title=_("All surveys, drafts and interviews"),
        path="/participation/",
        pages=Page.objects.filter(pk__in=Activity.objects.order_by().values("page")),
        site=site_pk(site),
        language=language,
    )
