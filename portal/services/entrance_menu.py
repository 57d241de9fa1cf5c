"""The entrance in the menu: first below the part of a site that holds its guides."""

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import MenuItem, SiteLike, menu_items, site_pk, with_program

from .models import GuidePage


@menu_items.step
def entrance_entry(items: list[MenuItem], /, *, site: SiteLike, language: str) -> list[MenuItem]:
    return with_program(
        items,
        title=_("All services"),
        path="/services/",
        pages=GuidePage.objects.all(),
        site=site_pk(site),
        language=language,
    )
