"""Who may do what about search. Everything is within the own sites.

Rules hold in public at once, without a review: who may release pages may set them. Blocked words
and weights change the results of everybody: they belong to those who run the site. What holds on
all sites is set by roles that cover all of them.
"""

from typing import Any

from django.apps import apps

from portal.plugin_api import Action, may, sites_allowing

from .models import BlockedWord, SiteWeights

SLUG = "search"
RULES = Action.PAGE_PUBLISH
SETTINGS = Action.SITE_SETTINGS
# Figures, tasks and samples, for whoever works on content.
READING = Action.PAGE_CHANGE


def action_of(model: type) -> Action:
    """What an account needs for rules of a kind."""
    return SETTINGS if model in (BlockedWord, SiteWeights) else RULES


def may_somewhere(user: Any, action: Action) -> bool:
    sites = sites_allowing(user, action)
    return sites is None or bool(sites)


def may_at(user: Any, action: Action, site: int | None) -> bool:
    return may(user, action, site)


def own_sites(user: Any, action: Action) -> list[Any]:
    """The site records at which an account may do something, the main one first; one query."""
    sites = sites_allowing(user, action)
    records = apps.get_model("core", "SiteRecord").objects.order_by("kind", "code")
    return list(records if sites is None else records.filter(pk__in=sites))
