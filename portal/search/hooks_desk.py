"""The editors' part of Wagtail's admin: rules, figures, tasks, samples, in one menu."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.base import DeskItem
from .admin.changes import ChangesView
from .admin.exchange import SynonymTableView, download
from .admin.figures import FiguresView, export
from .admin.rules import (
    BestBetViewSet,
    BlockedWordViewSet,
    SavedQueryViewSet,
    StopPhraseViewSet,
    SynonymViewSet,
)
from .admin.samples import SamplesView
from .admin.tasks import TasksView, TaskView
from .admin.weights import WeightsView
from .permissions import READING, RULES, SETTINGS


def desk_urls() -> list[Any]:
    return [
        path(
            "search-desk/synonyms/table/",
            SynonymTableView.as_view(),
            name="portal_search_synonyms_table",
        ),
        path(
            "search-desk/synonyms/table.<slug:kind>",
            download,
            name="portal_search_synonyms_file",
        ),
        path("search-desk/weights/", WeightsView.as_view(), name="portal_search_weights"),
        path("search-desk/changes/", ChangesView.as_view(), name="portal_search_changes"),
        path("search-desk/figures/", FiguresView.as_view(), name="portal_search_figures"),
        path(
            "search-desk/figures/<slug:key>.<slug:kind>",
            export,
            name="portal_search_figures_file",
        ),
        path("search-desk/tasks/", TasksView.as_view(), name="portal_search_tasks"),
        path("search-desk/tasks/<int:pk>/", TaskView.as_view(), name="portal_search_task"),
        path("search-desk/samples/", SamplesView.as_view(), name="portal_search_samples"),
    ]


def desk_viewsets() -> list[Any]:
    return [
        SynonymViewSet(),
        StopPhraseViewSet(),
        BestBetViewSet(),
        BlockedWordViewSet(),
        SavedQueryViewSet(),
    ]


def desk_menu_item() -> MenuItem:
    """Asked with each page of the admin: the entries are made then, in the language of the time."""
    rows = [
        (_("What visitors search for"), "portal_search_figures", "view", READING),
        (_("Search tasks"), "portal_search_tasks", "tasks", READING),
        (_("Synonyms"), "synonymrule:index", "resubmit", RULES),
        (_("Stop phrases"), "stopphrase:index", "cut", RULES),
        (_("Best bets"), "bestbet:index", "pick", RULES),
        (_("Blocked words"), "blockedword:index", "no-view", SETTINGS),
        (_("Ranking weights"), "portal_search_weights", "sliders", SETTINGS),
        (_("Saved queries"), "savedquery:index", "list-ul", RULES),
        (_("Are titles found?"), "portal_search_samples", "crosshairs", READING),
        (_("Changes"), "portal_search_changes", "history", RULES),
    ]
    items = [
        DeskItem(label, reverse(name), icon_name=icon, order=order, needed=needed, name=name)
        for order, (label, name, icon, needed) in enumerate(rows)
    ]
    return SubmenuMenuItem(
        _("Site search"), Menu(items=items), icon_name="search", order=156, name="search-desk"
    )


# Called, not used as decorators: Wagtail's have no types.
register_wagtail_hook("register_admin_urls")(desk_urls)
register_wagtail_hook("register_admin_viewset")(desk_viewsets)
register_wagtail_hook("register_admin_menu_item")(desk_menu_item)
