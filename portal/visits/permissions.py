"""Who may read the figures: whoever works on the content of a site, for that site."""

from typing import Any

from django.apps import apps

from portal.plugin_api import Action, sites_allowing

READING = Action.PAGE_CHANGE


def may_read_some(user: Any) -> bool:
    sites = sites_allowing(user, READING)
    return sites is None or bool(sites)


def own_sites(user: Any) -> list[Any]:
    """The site records whose figures an account may read, the main one first; one query."""
    sites = sites_allowing(user, READING)
    records = apps.get_model("core", "SiteRecord").objects.order_by("kind", "code")
    return list(records if sites is None else records.filter(pk__in=sites))
