"""What is to be done about the entries that somebody may change: for lists, screens and panels."""

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page

from assistant.portal_plugin.models import (
    Contradiction,
    EntryImport,
    PhrasingProposal,
    QuestionPage,
)
from portal.plugin_api import (
    Action,
    is_enabled,
    pages_to_add_below,
    site_of_path,
    sites_allowing,
)

from .entry_sites import of_own_sites


def may_work_on_entries(user: Any) -> bool:
    """Whether somebody changes pages at all."""
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    return sites is None or bool(sites)


def contradictions_for(user: Any) -> QuerySet[Contradiction]:
    """Those of which at least one entry lies in a site where somebody changes pages."""
    rows = Contradiction.objects.select_related(
        "first__owner_unit", "second__owner_unit", "decided_by"
    )
    own = of_own_sites(user, Action.PAGE_CHANGE, "first__path") | of_own_sites(
        user, Action.PAGE_CHANGE, "second__path"
    )
    return rows.filter(own)


def open_contradictions(user: Any) -> QuerySet[Contradiction]:
    return contradictions_for(user).filter(state=Contradiction.State.OPEN)


def proposals_for(user: Any) -> QuerySet[PhrasingProposal]:
    """Phrasings of visitors for the entries of the sites where somebody changes pages."""
    rows = PhrasingProposal.objects.select_related("page__owner_unit")
    return rows.filter(of_own_sites(user, Action.PAGE_CHANGE, "page__path"), page__live=True)


def open_proposals(user: Any) -> QuerySet[PhrasingProposal]:
    return proposals_for(user).filter(state=PhrasingProposal.State.OPEN)


def entries_of_own_sites(user: Any) -> QuerySet[QuestionPage]:
    """The entries that somebody may export: of the sites where the account changes pages."""
    rows: QuerySet[QuestionPage] = QuestionPage.objects.filter(alias_of__isnull=True)
    return rows.filter(of_own_sites(user, Action.PAGE_CHANGE))


# --- imports --------------------------------------------------------------------------------------
def may_bring_into(user: Any, column: Page) -> bool:
    """Whether somebody may bring entries into a column: they are public at once.

    ``column`` as its own class.
    """
    rights = column.permissions_for_user(user)
    return bool(
        QuestionPage.can_create_at(column)
        and rights.can_add_subpage()
        and rights.can_publish_subpage()
        and is_enabled("assistant", site_of_path(column.path))
    )


def columns_for(user: Any) -> list[Page]:
    """Where somebody may bring entries in: used columns first, the portal's before others."""
    used = {path[: -Page.steplen] for path in QuestionPage.objects.values_list("path", flat=True)}
    kinds = {model._meta.model_name for model in QuestionPage.clean_parent_page_models()}
    pages: Any = pages_to_add_below(user).filter(content_type__model__in=kinds, live=True)
    found = [page for page in pages.order_by("path").specific() if may_bring_into(user, page)]
    return sorted(
        found, key=lambda page: (page.path not in used, "常见问题" not in page.title, page.depth)
    )


def imports_for(user: Any) -> QuerySet[EntryImport]:
    """All of the sites where somebody publishes pages; of others only the own ones."""
    rows = EntryImport.objects.select_related("site", "column", "started_by")
    sites = sites_allowing(user, Action.PAGE_PUBLISH)
    return rows if sites is None else rows.filter(Q(site__in=sites) | Q(started_by=user))


def may_see_imports(user: Any) -> bool:
    sites = sites_allowing(user, Action.PAGE_PUBLISH)
    return sites is None or bool(sites)
