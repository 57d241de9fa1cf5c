"""The editorial office in the admin: screens and one menu for all of them."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from portal.plugin_api import register_wagtail_hook

from .admin.contributions import ContributionsView, ContributionView, MineView, RankingView
from .admin.fees import FeesView
from .admin.tasks import IssueView, OverviewView, TaskView, UnitTasksView, task_file
from .permissions import issues_somewhere, manages_somewhere
from .selectors.contributors import sees_own
from .viewsets import ContributorViewSet, FeeRateViewSet, KindViewSet, RecurringViewSet


@register_wagtail_hook("register_admin_viewset")
def registers() -> list[Any]:
    return [
        ContributorViewSet("editorial_contributors"),
        FeeRateViewSet("editorial_rates"),
        KindViewSet("editorial_kinds"),
        RecurringViewSet("editorial_recurring"),
    ]


@register_wagtail_hook("register_admin_urls")
def editorial_urls() -> list[Any]:
    return [
        path("editorial/mine/", MineView.as_view(), name="editorial_mine"),
        path(
            "editorial/mine/results/",
            MineView.as_view(results_only=True),
            name="editorial_mine_results",
        ),
        path(
            "editorial/contributions/", ContributionsView.as_view(), name="editorial_contributions"
        ),
        path(
            "editorial/contributions/results/",
            ContributionsView.as_view(results_only=True),
            name="editorial_contributions_results",
        ),
        path(
            "editorial/contributions/<int:pk>/",
            ContributionView.as_view(),
            name="editorial_contribution",
        ),
        path("editorial/ranking/", RankingView.as_view(), name="editorial_ranking"),
        path("editorial/fees/", FeesView.as_view(), name="editorial_fees"),
        path("editorial/tasks/", OverviewView.as_view(), name="editorial_tasks"),
        path(
            "editorial/tasks/results/",
            OverviewView.as_view(results_only=True),
            name="editorial_tasks_results",
        ),
        path("editorial/tasks/mine/", UnitTasksView.as_view(), name="editorial_unit_tasks"),
        path(
            "editorial/tasks/mine/results/",
            UnitTasksView.as_view(results_only=True),
            name="editorial_unit_tasks_results",
        ),
        path("editorial/tasks/add/", IssueView.as_view(), name="editorial_issue"),
        path("editorial/tasks/<int:pk>/", TaskView.as_view(), name="editorial_task"),
        path("editorial/files/<int:pk>/", task_file, name="editorial_file"),
    ]


class _Item(MenuItem):
    """Shown where ``asked(request)`` says so."""

    def __init__(self, *args: Any, asked: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked = asked

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(self._asked(request))


def _has_unit(request: HttpRequest) -> bool:
    return getattr(request.user, "organisation_id", None) is not None


def _issues(request: HttpRequest) -> bool:
    return issues_somewhere(request.user)


def _manages(request: HttpRequest) -> bool:
    return manages_somewhere(request.user)


def _items() -> list[MenuItem]:
    rows = (
        (_("Tasks of my unit"), "editorial_unit_tasks", "clipboard-list", _has_unit),
        (_("My contributions"), "editorial_mine", "doc-full-inverse", sees_own),
        (_("Tasks to units"), "editorial_tasks", "list-ul", _issues),
        (_("Contributions"), "editorial_contributions", "doc-full", _manages),
        (_("Ranking"), "editorial_ranking", "list-ol", _manages),
        (_("Fees of contributors"), "editorial_fees", "table", _manages),
        (_("Contributors"), "editorial_contributors:index", "group", _manages),
        (_("Fee rates"), "editorial_rates:index", "table", _manages),
        (_("Recurring tasks"), "editorial_recurring:index", "repeat", _manages),
        (_("Kinds of deliveries"), "editorial_kinds:index", "form", _manages),
    )
    return [
        _Item(
            label,
            reverse(name),
            name=name.replace("_", "-").replace(":", "-"),
            icon_name=icon,
            order=10 * number,
            asked=asked,
        )
        for number, (label, name, icon, asked) in enumerate(rows)
    ]


@register_wagtail_hook("register_admin_menu_item")
def office_menu_item() -> MenuItem:
    return SubmenuMenuItem(
        _("Editorial office"),
        Menu(items=_items()),
        name="editorial",
        icon_name="clipboard-list",
        order=480,
    )
