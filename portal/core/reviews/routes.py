"""Who reviews what: the steps of a site, and of columns that have steps of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from portal.core import structure
from portal.core.models import ReviewStep, ReviewTask, SiteRecord, User


@dataclass(frozen=True, slots=True)
class Takers:
    """Who takes one step: groups of roles and accounts by name."""

    groups: tuple[Group, ...] = ()
    reviewers: tuple[User, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A place with steps of its own, and everything below it that has none."""

    page: Page
    workflow: Workflow
    steps: Mapping[str, Takers]
    is_site: bool


def routes_of(record: SiteRecord) -> list[Route]:
    """The site's own route first, then those of its columns in the order of the tree."""
    root = record.root_page
    rows = WorkflowPage.objects.filter(
        page__path__startswith=root.path, workflow__active=True
    ).select_related("page", "workflow")
    found = structure.current()
    mine = [row for row in rows if found.site_pk_for(row.page.path) == record.pk]
    mine.sort(key=lambda row: row.page.path)
    return [
        Route(row.page, row.workflow, steps_of(row.workflow), row.page_id == root.pk)
        for row in mine
    ]


def steps_of(workflow: Workflow) -> dict[str, Takers]:
    tasks = ReviewTask.objects.filter(workflow_tasks__workflow=workflow, active=True)
    return {
        task.step: Takers(tuple(task.groups.all()), tuple(task.reviewers.all()))
        for task in tasks.prefetch_related("groups", "reviewers")
    }


@transaction.atomic
def set_route(*, record: SiteRecord, page: Page, steps: Mapping[str, Takers]) -> Workflow:
    """Settle who reviews a site (its home) or a column; what is in review follows at once.

    Args:
        steps: one entry for each step, with at least one group or account.

    Raises:
        ValueError: a step is missing or has nobody, or the page is of another site.
    """
    if set(steps) != set(ReviewStep) or any(
        not (takers.groups or takers.reviewers) for takers in steps.values()
    ):
        raise ValueError("every step needs somebody who takes it")
    if structure.current().site_pk_for(page.path) != record.pk:
        raise ValueError("a page of another site")
    own = WorkflowPage.objects.filter(page=page).select_related("workflow").first()
    if own is None:
        with override("zh-hans"):
            name = _("%(column)s: three reviews") % {"column": page.title}
            workflow = Workflow.objects.create(name=name[:255], active=True)
        WorkflowPage.objects.create(page=page, workflow=workflow)
    else:
        workflow = own.workflow
    tasks = {
        task.step: task
        for task in ReviewTask.objects.filter(workflow_tasks__workflow=workflow, active=True)
    }
    for number, step in enumerate(ReviewStep):
        task = tasks.get(step)
        if task is None:
            with override("zh-hans"):
                name = f"{page.title} · {step.label}"[:255]
            task = ReviewTask.objects.create(name=name, active=True, step=step)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=number)
        task.groups.set(steps[step].groups)
        task.reviewers.set(steps[step].reviewers)
    return workflow


@transaction.atomic
def drop_route(*, record: SiteRecord, page: Page) -> None:
    """Let a column follow the site again. What is in review ends the way it began.

    Raises:
        ValueError: the site's own route, or a page of another site.
    """
    if page.pk == record.root_page_id or structure.current().site_pk_for(page.path) != record.pk:
        raise ValueError("only columns of the site have routes that can go")
    WorkflowPage.objects.filter(page=page).delete()


def accounts_named(names: Iterable[str]) -> tuple[list[User], list[str]]:
    """Active accounts of these names, and the names that no active account has."""
    wanted = list(dict.fromkeys(names))
    found = {user.username: user for user in User.objects.filter(username__in=wanted)}
    known = [found[name] for name in wanted if name in found and found[name].is_active]
    return known, [name for name in wanted if name not in found or not found[name].is_active]


def columns_of(record: SiteRecord) -> list[Any]:
    """The site's columns, for which a route of their own can be settled."""
    found = structure.current()
    return [
        node for node in found.nodes.values() if node.site_pk == record.pk and node.kind == "column"
    ]
