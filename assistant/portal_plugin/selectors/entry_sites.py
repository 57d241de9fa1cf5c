"""Which site an entry belongs to, asked in SQL: by its place in the tree."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet

from assistant.portal_plugin.models import QuestionPage
from portal.plugin_api import Action, site_home, sites_allowing


def in_sites(sites: Iterable[int], field: str = "path") -> Q:
    """The pages of some sites; without those of sites that lie inside them."""
    wanted = set(sites)
    roots = _roots()
    found = Q(pk__in=[])
    for pk in wanted:
        for root in roots.get(pk, []):
            area = Q(**{f"{field}__startswith": root})
            for other, others in roots.items():
                for inner in others:
                    if other not in wanted and inner != root and inner.startswith(root):
                        area &= ~Q(**{f"{field}__startswith": inner})
            found |= area
    return found


def of_site(pages: QuerySet[QuestionPage], site: int) -> QuerySet[QuestionPage]:
    """The entries of one site alone."""
    return pages.filter(in_sites([site]))


def of_own_sites(user: Any, action: Action, field: str = "path") -> Q:
    """The pages of the sites at which somebody may do something."""
    sites = sites_allowing(user, action)
    return Q() if sites is None else in_sites(sites, field)


def _roots() -> dict[int, list[str]]:
    pks = apps.get_model("core", "SiteRecord").objects.values_list("pk", flat=True)
    languages = [code for code, _name in settings.LANGUAGES]
    found: dict[int, list[str]] = {}
    for pk in pks:
        homes = (site_home(pk, code) for code in languages)
        found[pk] = [home.path for home in homes if home is not None]
    return found
