"""Who may read receipts: who may change or release the page, and who reads the records of its site.

Pages of foreign languages belong to their teams: a right on the site's Chinese pages is none there.
"""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from portal.plugin_api import Action, Publication, is_enabled, may, sites_allowing

from .apps import ReceiptsConfig

SLUG = ReceiptsConfig.PluginMeta.slug


def may_see(user: Any, publication: Publication) -> bool:
    """Whether an account may read what became of a publication."""
    site = publication.site_id
    if site is None or not is_enabled(SLUG, site):
        return False
    if may(user, Action.PUBLICATION_RECORD, site):
        return True
    page = publication.page.specific if publication.page is not None else None
    if page is None:
        return False
    rights = page.permissions_for_user(user)
    return bool(rights.can_edit() or rights.can_publish())


def visible_to(user: Any) -> QuerySet[Publication]:
    """The publications that the list shows: of Chinese pages of the own sites, the own ones, and
    all of the sites whose records an account reads."""
    rows = Publication.objects.filter(site__isnull=False)
    changes = sites_allowing(user, Action.PAGE_CHANGE)
    reads = sites_allowing(user, Action.PUBLICATION_RECORD)
    if reads is None:
        return rows
    mine = Q(published_by=user) | Q(site_id__in=_on(reads))
    chinese = Q(language=settings.LANGUAGE_CODE)
    mine |= chinese if changes is None else chinese & Q(site_id__in=_on(changes))
    return rows.filter(mine)


def sees_some(user: Any) -> bool:
    """Whether an account works where there are receipts."""
    for action in (Action.PUBLICATION_RECORD, Action.PAGE_CHANGE, Action.PAGE_PUBLISH):
        sites = sites_allowing(user, action)
        if sites is None or _on(sites):
            return True
    return False


def _on(sites: set[int]) -> list[int]:
    return [site for site in sites if is_enabled(SLUG, site)]
