"""A new site gets all it needs in one step, and again what is missing."""

import dataclasses
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
)

from portal.core import roles
from portal.core.models import ProvisionedRoles, SiteRecord
from portal.core.provisioning import (
    REVIEW_STEPS,
    create_site,
    is_outdated,
    language_roots,
    provision_everything,
    provision_platform,
    provision_site,
    table_fingerprint,
)
from portal.core.roles import PLATFORM_ROLES, ROLES, platform_group_name
from tests.factories import OrganisationFactory, SubSiteFactory, World, open_language

pytestmark = pytest.mark.django_db


def page_rights(site: SiteRecord, role: str, root: Page | None = None) -> set[str]:
    group = site.role_groups.get(role=role).group
    rights = GroupPagePermission.objects.filter(group=group, page=root or site.root_page)
    return set(rights.values_list("permission__codename", flat=True))


def everything() -> dict[str, Any]:
    return {
        "groups": sorted(Group.objects.values_list("name", flat=True)),
        "page rights": sorted(
            GroupPagePermission.objects.values_list("group", "page", "permission__codename")
        ),
        "file rights": sorted(
            GroupCollectionPermission.objects.values_list(
                "group", "collection", "permission__codename"
            )
        ),
        "model rights": sorted(Group.objects.values_list("name", "permissions__codename").exclude(
            permissions=None
        )),
        "collections": sorted(Collection.objects.values_list("path", "name")),
        "workflows": sorted(Workflow.objects.values_list("name", "workflow_tasks__task__name")),
        "workflow pages": sorted(WorkflowPage.objects.values_list("page", "workflow")),
    }  # fmt: skip


def test_all_in_one_step(provisioned_world: World) -> None:
    site = provisioned_world.hubin
    assert page_rights(site, "editor") == {"add_page", "change_page"}
    assert page_rights(site, "releaser") == {
        "change_page", "publish_page", "lock_page", "unlock_page",
    }  # fmt: skip
    assert page_rights(site, "auditor") == set()
    assert site.collection.name == "湖滨区人民政府"
    # Beside the portal's and not below it: rights on collections flow down.
    assert site.collection.get_parent() == Collection.get_first_root_node()
    held = GroupCollectionPermission.objects.filter(group__site_role__site=site)
    assert {right.collection_id for right in held} == {site.collection_id}
    tasks = [row.task.specific for row in site.workflow.workflow_tasks.order_by("sort_order")]
    assert {task.step: task.groups.get().site_role.role for task in tasks} == REVIEW_STEPS
    assert [task.step for task in tasks] == list(REVIEW_STEPS)
    assert WorkflowPage.objects.get(page=site.root_page).workflow == site.workflow
    assert "湖滨区" in site.role_groups.get(role="editor").group.name


def test_again_changes_nothing(provisioned_world: World) -> None:
    before = everything()
    provision_platform()
    for site in SiteRecord.objects.all():
        provision_site(site)
    assert everything() == before


def test_again_mends_what_is_missing_or_too_much(provisioned_world: World) -> None:
    before = everything()
    site = provisioned_world.hubin
    editors = site.role_groups.get(role="editor").group
    GroupPagePermission.objects.filter(group=editors).delete()
    editors.permissions.clear()
    releasers = site.role_groups.get(role="releaser").group
    right = GroupPagePermission.objects.filter(group=releasers).first()
    auditors = site.role_groups.get(role="auditor").group
    GroupPagePermission.objects.create(
        group=auditors, page=site.root_page, permission=right.permission
    )
    provision_site(site)
    assert everything() == before


def test_platform_groups(provisioned_world: World) -> None:
    for role in PLATFORM_ROLES:
        group = Group.objects.get(name=platform_group_name(role))
        assert group.permissions.filter(codename="access_admin").exists()
    admins = Group.objects.get(name=platform_group_name(ROLES["platform_admin"]))
    assert admins.page_permissions.filter(page=Page.get_first_root_node()).exists()


class TestAnotherLanguage:
    @pytest.fixture
    def english(self, provisioned_world: World) -> Page:
        return open_language(provisioned_world.hubin)

    def test_rights_follow(self, provisioned_world: World, english: Page) -> None:
        site = provisioned_world.hubin
        assert [page.pk for page in language_roots(site)] == [site.root_page_id, english.pk]
        assert page_rights(site, "site_admin", english) == page_rights(site, "site_admin")
        assert WorkflowPage.objects.get(page_id=english.pk).workflow == site.workflow

    @pytest.mark.parametrize(
        "role", ["editor", "first_checker", "reviewer", "releaser", "information_officer"]
    )
    def test_who_writes_the_chinese_pages_has_no_rights_there(
        self, provisioned_world: World, english: Page, role: str
    ) -> None:
        assert page_rights(provisioned_world.hubin, role)
        assert page_rights(provisioned_world.hubin, role, english) == set()

    def test_rights_of_an_older_table_are_taken_back(
        self, provisioned_world: World, english: Page
    ) -> None:
        site = provisioned_world.hubin
        right = GroupPagePermission.objects.filter(page=english).first()
        editors = site.role_groups.get(role="editor").group
        GroupPagePermission.objects.create(group=editors, page=english, permission=right.permission)
        provision_site(site)
        assert page_rights(site, "editor", english) == set()

    def test_translators_work_there_and_only_there(
        self, provisioned_world: World, english: Page
    ) -> None:
        site = provisioned_world.hubin
        assert page_rights(site, "translator", english) == {"add_page", "change_page"}
        assert page_rights(site, "translator") == set()
        assert page_rights(site, "language_reviewer", english) == {"change_page", "publish_page"}


# --- bad input ------------------------------------------------------------------------------------
def values(world: World, **changes: Any) -> dict[str, Any]:
    root = SubSiteFactory(parent=world.home, title="新站", slug="new")
    fields: dict[str, Any] = {
        "root_page": root,
        "code": "new",
        "kind": SiteRecord.Kind.SUB_SITE,
        "parent": world.site,
        "name": "新站",
        "short_name": "新站",
    }
    return fields | changes


def test_a_host_name_that_is_taken(provisioned_world: World) -> None:
    before = everything()
    with pytest.raises(ValidationError) as refused:
        create_site(**values(provisioned_world, hostname="gaoxin.yunhu.gov.cn"))
    assert "hostname" in refused.value.message_dict
    assert everything() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "hubin"), ("code", "not a slug"), ("site_id_code", "12345"), ("name", "")],
)
def test_an_identity_that_does_not_hold(provisioned_world: World, field: str, value: str) -> None:
    before = everything()
    with pytest.raises(ValidationError) as refused:
        create_site(**values(provisioned_world, hostname="new.yunhu.gov.cn", **{field: value}))
    assert field in refused.value.message_dict
    assert everything() == before
    assert not Site.objects.filter(hostname="new.yunhu.gov.cn").exists()


def test_one_site_for_each_unit(world: World) -> None:
    unit = OrganisationFactory()
    world.hubin.owner = unit
    world.hubin.save()
    world.gaoxin.owner = unit
    with pytest.raises(ValidationError):
        world.gaoxin.full_clean()


def test_names_that_clash(provisioned_world: World) -> None:
    """Two districts of two cities may have the same short name."""
    record = create_site(**values(provisioned_world, short_name="湖滨区"))
    names = [row.group.name for row in record.role_groups.all()]
    assert len(set(names)) == len(names)
    assert all("(new)" in name for name in names)


@pytest.mark.parametrize("code", ["3399000001", "bm01000001"])
def test_identification_codes(world: World, code: str) -> None:
    world.site.site_id_code = code
    world.site.full_clean()


def test_a_unit_is_not_above_itself(db: None) -> None:
    top = OrganisationFactory()
    middle = OrganisationFactory(parent=top)
    top.parent = OrganisationFactory(parent=middle)
    with pytest.raises(ValidationError) as refused:
        top.clean()
    assert "parent" in refused.value.message_dict


# --- a new version of the table -------------------------------------------------------------------
def test_an_old_group_gets_the_new_right(provisioned_world: World) -> None:
    """As after an upgrade: the groups were made from a table without pictures and modes."""
    group = provisioned_world.hubin.role_groups.get(role="site_admin").group
    everyone = Group.objects.get(name=platform_group_name(ROLES["platform_admin"]))
    complete = everything()
    for held in (group, everyone):
        held.permissions.remove(*held.permissions.filter(codename="add_emergencybanner"))
    GroupCollectionPermission.objects.filter(permission__codename="add_media").delete()
    ProvisionedRoles.objects.update(fingerprint="older")
    assert is_outdated()
    assert provision_everything() == 3
    assert everything() == complete
    assert not is_outdated()
    provision_everything()
    assert everything() == complete


def test_a_group_made_by_hand_is_left_alone(provisioned_world: World) -> None:
    by_hand = Group.objects.create(name="湖滨 · 摄影组")
    by_hand.permissions.add(Permission.objects.get(codename="add_organisation"))
    GroupPagePermission.objects.create(
        group=by_hand,
        page=provisioned_world.hubin_home,
        permission=Permission.objects.get(codename="change_page"),
    )
    provision_everything()
    assert [right.codename for right in by_hand.permissions.all()] == ["add_organisation"]
    assert by_hand.page_permissions.get().permission.codename == "change_page"
    assert not by_hand.collection_permissions.exists()


def test_the_table_is_noted_with_the_first_site_only(world: World) -> None:
    """Provisioning the platform again says nothing about sites that stand already."""
    assert is_outdated()
    provision_platform()
    assert is_outdated()


def test_without_a_portal_nothing_is_outdated(db: None) -> None:
    assert not is_outdated()


@pytest.mark.parametrize("name", ["MODEL_PERMISSIONS", "PAGE_PERMISSIONS", "FOREIGN_ROOT_ACTIONS"])
def test_every_change_of_the_table_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = table_fingerprint()
    assert before == table_fingerprint()
    changed = dict(getattr(roles, name))
    changed.popitem()
    monkeypatch.setattr(roles, name, changed)
    assert table_fingerprint() != before


def test_a_role_with_another_action_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = table_fingerprint()
    editor = ROLES["editor"]
    more = dataclasses.replace(editor, actions=editor.actions | {roles.Action.PAGE_PUBLISH})
    monkeypatch.setitem(roles.ROLES, "editor", more)
    assert table_fingerprint() != before
