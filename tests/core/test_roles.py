"""The table of roles, and the rule that nobody is two administrators of the platform."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction

from portal.core import roles
from portal.core.models import User
from portal.core.provisioning import provision_platform
from portal.core.roles import PLATFORM_ROLES, ROLES, SITE_ROLES, Action, platform_group_name
from tests.factories import UserFactory, World, member

EXCLUSIVE = [role.key for role in PLATFORM_ROLES if role.exclusive]
PAIRS = [(first, second) for first in EXCLUSIVE for second in EXCLUSIVE if first != second]


# --- the table ------------------------------------------------------------------------------------
def test_who_writes_does_not_release() -> None:
    writers = {"editor", "information_officer", "partner"}
    assert not [key for key in writers if Action.PAGE_PUBLISH in ROLES[key].actions]


def test_the_three_administrators_share_no_power() -> None:
    """Content, accounts and the record of both are in three hands."""
    powers = [ROLES[key].actions - {Action.ADMIN_ACCESS} for key in EXCLUSIVE]
    content, accounts, audit = powers
    assert Action.USERS not in content | audit
    assert not accounts & {Action.PAGE_ADD, Action.PAGE_CHANGE, Action.PAGE_PUBLISH}
    assert audit == {Action.PUBLICATION_RECORD, Action.AUDIT_LOG}


def test_who_audits_changes_nothing() -> None:
    for key in ("auditor", "audit_admin"):
        records = {Action.PUBLICATION_RECORD, Action.AUDIT_LOG}
        assert ROLES[key].actions <= {Action.ADMIN_ACCESS} | records


def test_everybody_may_sign_in_to_the_admin() -> None:
    assert all(Action.ADMIN_ACCESS in role.actions for role in ROLES.values())


def test_every_action_stands_for_a_permission() -> None:
    behind = (roles.PAGE_PERMISSIONS, roles.COLLECTION_PERMISSIONS, roles.MODEL_PERMISSIONS)
    kept = {action for table in behind for action in table}
    assert set(Action) == kept | roles.OF_PLUGINS
    assert not kept & roles.OF_PLUGINS


@pytest.mark.django_db
def test_every_permission_exists() -> None:
    from django.contrib.auth.models import Permission

    existing = set(Permission.objects.values_list("content_type__app_label", "codename"))
    named = {names for table in roles.MODEL_PERMISSIONS.values() for names in table}
    named |= set(roles.COLLECTION_PERMISSIONS.values())
    named |= {("wagtailcore", code) for codes in roles.PAGE_PERMISSIONS.values() for code in codes}
    assert named <= existing


# --- exclusive roles ------------------------------------------------------------------------------
@pytest.mark.django_db
class TestExclusive:
    @pytest.fixture(autouse=True)
    def groups(self) -> None:
        provision_platform()

    def group(self, key: str) -> Group:
        return Group.objects.get(name=platform_group_name(ROLES[key]))

    @pytest.mark.parametrize(("first", "second"), PAIRS)
    def test_a_second_is_refused(self, first: str, second: str) -> None:
        user = member(first)
        with pytest.raises(ValidationError), transaction.atomic():
            user.groups.add(self.group(second))
        assert list(user.groups.all()) == [self.group(first)]

    @pytest.mark.parametrize(("first", "second"), PAIRS)
    def test_from_the_group_s_side_too(self, first: str, second: str) -> None:
        user = member(first)
        with pytest.raises(ValidationError), transaction.atomic():
            self.group(second).user_set.add(user)
        assert list(user.groups.all()) == [self.group(first)]

    def test_two_at_once(self) -> None:
        user: User = UserFactory()
        with pytest.raises(ValidationError), transaction.atomic():
            user.groups.set([self.group("platform_admin"), self.group("audit_admin")])
        assert not user.groups.exists()

    def test_changing_hands_is_possible(self) -> None:
        user = member("platform_admin")
        user.groups.set([self.group("audit_admin")])
        assert list(user.groups.all()) == [self.group("audit_admin")]

    def test_other_groups_do_not_matter(self) -> None:
        user = member("platform_admin")
        user.groups.add(Group.objects.create(name="Choir"))
        assert user.groups.count() == 2

    def test_several_people_may_be_the_same(self) -> None:
        group = self.group("security_admin")
        group.user_set.add(UserFactory(), UserFactory())
        assert group.user_set.count() == 2


# --- asking ---------------------------------------------------------------------------------------
def test_where_an_account_may_do_something(provisioned_world: World) -> None:
    world = provisioned_world
    editor = member("editor", world.hubin)
    assert roles.sites_allowing(editor, Action.PAGE_ADD) == {world.hubin.pk}
    assert roles.sites_allowing(editor, Action.PAGE_PUBLISH) == set()
    assert roles.may(editor, Action.PAGE_ADD, world.hubin.pk)
    assert not roles.may(editor, Action.PAGE_ADD, world.gaoxin.pk)
    assert not roles.may(editor, Action.PAGE_ADD, None)
    assert roles.sites_allowing(member("platform_admin"), Action.PAGE_ADD) is None
    assert roles.sites_allowing(UserFactory(superuser=True), Action.USERS) is None


def test_an_account_that_was_closed_may_nothing(provisioned_world: World) -> None:
    former = member("platform_admin", is_active=False)
    assert roles.sites_allowing(former, Action.PAGE_ADD) == set()
    assert not roles.may(UserFactory(superuser=True, is_active=False), Action.USERS, None)


def test_two_roles_at_two_sites(provisioned_world: World) -> None:
    world = provisioned_world
    user = member("editor", world.hubin)
    user.groups.add(world.gaoxin.role_groups.get(role="releaser").group)
    assert roles.sites_allowing(user, Action.PAGE_CHANGE) == {world.hubin.pk, world.gaoxin.pk}
    assert roles.sites_allowing(user, Action.PAGE_PUBLISH) == {world.gaoxin.pk}


def test_every_site_role_has_a_group_at_every_site(provisioned_world: World) -> None:
    for site in (provisioned_world.site, provisioned_world.hubin, provisioned_world.gaoxin):
        assert {row.role for row in site.role_groups.all()} == {role.key for role in SITE_ROLES}
