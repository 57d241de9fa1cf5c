"""Making a site in one step: record, groups, permissions, collection, workflow, each language."""

import hashlib
import json
import logging
from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from . import roles, structure
from .models import ProvisionedRoles, ReviewStep, ReviewTask, SiteRecord, SiteRoleGroup
from .roles import Action, Role

logger = logging.getLogger(__name__)

# Which role of a site takes which step, where nobody has settled it otherwise.
REVIEW_STEPS = {
    ReviewStep.FIRST_CHECK: "first_checker",
    ReviewStep.SECRECY: "secrecy_reviewer",
    ReviewStep.REVIEW: "reviewer",
    ReviewStep.RELEASE: "releaser",
}


class _Permissions(dict[tuple[str, str], Permission]):
    """(app label, codename) → permission: all that the table names, with one query."""

    def __init__(self) -> None:
        pages = (
            ("wagtailcore", code) for codes in roles.PAGE_PERMISSIONS.values() for code in codes
        )
        models = chain.from_iterable(roles.MODEL_PERMISSIONS.values())
        wanted = {*pages, *models, *roles.COLLECTION_PERMISSIONS.values()}
        found = Permission.objects.select_related("content_type").filter(
            codename__in={codename for _app, codename in wanted}
        )
        super().__init__({(row.content_type.app_label, row.codename): row for row in found})
        if missing := wanted - set(self):
            raise LookupError(f"Permissions that no migration has made: {sorted(missing)}")


def table_fingerprint() -> str:
    """Of everything that rights are made from: roles, their actions, and what those stand for."""
    table = {
        "roles": {key: [role.scope, sorted(role.actions)] for key, role in roles.ROLES.items()},
        "foreign": {key: sorted(found) for key, found in roles.FOREIGN_ROOT_ACTIONS.items()},
        "pages": dict(sorted(roles.PAGE_PERMISSIONS.items())),
        "collections": dict(sorted(roles.COLLECTION_PERMISSIONS.items())),
        "models": dict(sorted(roles.MODEL_PERMISSIONS.items())),
        "steps": {str(step): role for step, role in REVIEW_STEPS.items()},
    }
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()


def is_outdated() -> bool:
    """Whether the groups were made from another table of roles than the one in the code.

    Not before there is a portal: what makes it provisions it.
    """
    if not SiteRecord.objects.exists():
        return False
    return not ProvisionedRoles.objects.filter(fingerprint=table_fingerprint()).exists()


@transaction.atomic
def provision_everything() -> int:
    """The platform and every site, after the table of roles has changed. Idempotent.

    Only groups of roles are touched; groups made by hand stay as they are. Returns the number of
    sites.
    """
    provision_platform()
    records = list(SiteRecord.objects.select_related("root_page", "collection", "workflow"))
    for record in records:
        provision_site(record)
    _note_table()
    logger.info("Rights of all roles made from the table again: platform, %d sites", len(records))
    return len(records)


def _note_table() -> None:
    ProvisionedRoles.objects.update_or_create(pk=1, defaults={"fingerprint": table_fingerprint()})


@transaction.atomic
def provision_platform() -> None:
    """The groups of the platform roles, with permissions over the whole tree. Idempotent.

    Wagtail's own first groups and workflow go: they hold rights over every site at once.
    """
    Group.objects.filter(name__in=("Moderators", "Editors"), user=None).delete()
    Workflow.objects.filter(name="Moderators approval", workflow_states=None).delete()
    tree = Page.get_first_root_node()
    top = Collection.get_first_root_node()
    known = _Permissions()
    for role in roles.PLATFORM_ROLES:
        group, _created = Group.objects.get_or_create(name=roles.platform_group_name(role))
        _grant_models(group, role, known)
        _grant_pages(group, role.actions, tree, known)
        _grant_collection(group, role, top, known)
    if not SiteRecord.objects.exists():  # else older sites may hold rights of an older table
        _note_table()


@transaction.atomic
def provision_site(record: SiteRecord) -> None:
    """Everything a site needs besides its pages. Idempotent: mends what is missing.

    Run again when the site gets a root in another language: rights do not follow by themselves,
    because that root is another tree.
    """
    if record.collection is None:
        # Beside the others', also below the portal: rights on a collection cover those inside it.
        record.collection = Collection.get_first_root_node().add_child(name=record.name)
        record.save(update_fields=["collection"])
    roots = language_roots(record)
    known = _Permissions()
    for role in roles.SITE_ROLES:
        group = _role_group(record, role)
        _grant_models(group, role, known)
        _grant_collection(group, role, record.collection, known)
        for root in roots:
            is_source = root.pk == record.root_page_id
            abroad = roles.FOREIGN_ROOT_ACTIONS.get(role.key, frozenset())
            _grant_pages(group, role.actions if is_source else abroad, root, known)
    _provision_workflow(record, roots)


def language_roots(record: SiteRecord) -> list[Page]:
    """The site's root page in every language, the source language first."""
    source = record.root_page
    return [
        source,
        *Page.objects.filter(translation_key=source.translation_key).exclude(pk=source.pk),
    ]


def _role_group(record: SiteRecord, role: Role) -> Group:
    found = SiteRoleGroup.objects.filter(site=record, role=role.key).select_related("group").first()
    if found is not None:
        return found.group
    # The name is stored and shown to Chinese colleagues first; the mapping is by role, not by name.
    with override("zh-hans"):
        name = roles.site_group_name(record.short_name, role)[:150]
    if Group.objects.filter(name=name).exists():
        name = f"{name} ({record.code})"[:150]
    group = Group.objects.create(name=name)
    SiteRoleGroup.objects.create(site=record, role=role.key, group=group)
    return group


def _grant_models(group: Group, role: Role, known: _Permissions) -> None:
    wanted = {
        known[names] for action in role.actions for names in roles.MODEL_PERMISSIONS.get(action, ())
    }
    group.permissions.set(wanted)


def _grant_pages(group: Group, actions: Iterable[Action], root: Page, known: _Permissions) -> None:
    wanted = {
        known["wagtailcore", code].pk
        for action in actions
        for code in roles.PAGE_PERMISSIONS.get(action, ())
    }
    held = GroupPagePermission.objects.filter(group=group, page=root)
    have = set(held.values_list("permission_id", flat=True))
    if have - wanted:
        held.exclude(permission_id__in=wanted).delete()
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page=root, permission_id=pk) for pk in wanted - have
    )


def _grant_collection(
    group: Group, role: Role, collection: Collection, known: _Permissions
) -> None:
    wanted = {
        known[roles.COLLECTION_PERMISSIONS[action]].pk
        for action in role.actions
        if action in roles.COLLECTION_PERMISSIONS
    }
    held = GroupCollectionPermission.objects.filter(group=group, collection=collection)
    have = set(held.values_list("permission_id", flat=True))
    if have - wanted:
        held.exclude(permission_id__in=wanted).delete()
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=group, collection=collection, permission_id=pk)
        for pk in wanted - have
    )


def _provision_workflow(record: SiteRecord, roots: Iterable[Page]) -> None:
    if record.workflow is None:
        with override("zh-hans"):
            record.workflow = Workflow.objects.create(
                name=_("%(site)s: three reviews") % {"site": record.short_name}, active=True
            )
        record.save(update_fields=["workflow"])
    _provision_steps(record, record.workflow)
    for root in roots:
        assigned = {"workflow": record.workflow}
        if root.pk == record.root_page_id:
            WorkflowPage.objects.update_or_create(page=root, defaults=assigned)
        else:  # a section in another language may have reviews of its own
            WorkflowPage.objects.get_or_create(page=root, defaults=assigned)


def _provision_steps(record: SiteRecord, workflow: Workflow) -> None:
    """The steps of the site's workflow. Idempotent; who takes a step stays as people set it.

    Steps of another kind (a portal older than the secrecy review had some) leave the workflow:
    what waits in one begins anew with the first step.
    """
    steps = ReviewTask.objects.filter(workflow_tasks__workflow=workflow)
    have = set(steps.values_list("step", flat=True))
    for number, (step, role_key) in enumerate(REVIEW_STEPS.items()):
        if step in have:
            continue
        with override("zh-hans"):
            name = f"{record.short_name} · {step.label}"[:255]
        task = ReviewTask.objects.create(name=name, active=True, step=step)
        task.groups.add(_role_group(record, roles.ROLES[role_key]))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=number)
    others = WorkflowTask.objects.filter(workflow=workflow).exclude(
        task__in=ReviewTask.objects.values("pk")
    )
    if not others.exists():
        return
    waiting = WorkflowState.objects.filter(
        workflow=workflow, status=WorkflowState.STATUS_IN_PROGRESS
    )
    others.delete()
    for state in waiting.select_related("current_task_state"):
        state.task_states.filter(status=TaskState.STATUS_APPROVED).update(
            status=TaskState.STATUS_CANCELLED
        )
        if state.current_task_state is not None:
            state.current_task_state.specific.cancel(user=None)


def remove_welcome_page() -> None:
    """Take away Wagtail's own first page and site, if nobody has built on them."""
    for page in Page.get_first_root_node().get_children():
        if page.specific_class is Page and page.is_leaf():
            Site.objects.filter(root_page=page).delete()
            page.delete()


@transaction.atomic
def create_site(
    *,
    root_page: Page,
    code: str,
    kind: str,
    parent: SiteRecord | None = None,
    hostname: str = "",
    is_default: bool = False,
    **identity: Any,
) -> SiteRecord:
    """Register a home page as a site and provision it.

    ``root_page`` exists in the tree already; ``hostname`` gives the site a host name of its own
    (empty: it is served by path below its parent). ``identity`` are fields of ``SiteRecord``.

    Raises:
        ValidationError: a host name or code that is taken, or identity fields that do not hold.
    """
    wagtail_site = None
    if hostname:
        if Site.objects.filter(hostname=hostname).exclude(root_page=root_page).exists():
            raise ValidationError(
                {"hostname": _("Another site answers to %(host)s.") % {"host": hostname}}
            )
        wagtail_site, _created = Site.objects.get_or_create(
            root_page=root_page,
            hostname=hostname,
            defaults={
                "is_default_site": is_default,
                "site_name": identity.get("name", "")[:255],
            },
        )
    record = SiteRecord(
        root_page=Page.objects.get(pk=root_page.pk),
        code=code,
        kind=kind,
        parent=parent,
        wagtail_site=wagtail_site,
        **identity,
    )
    record.full_clean()
    record.save()
    provision_site(record)
    structure.touch()
    return record
