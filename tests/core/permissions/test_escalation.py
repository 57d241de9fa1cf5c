"""Nobody becomes more than somebody gave them, and the three powers stay apart."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction

from portal.core.models import User
from portal.core.roles import PLATFORM_ROLES, ROLES, platform_group_name
from tests.factories import UserFactory, member

from .actors import Actor
from .attempts.accounts import account_form
from .places import City

pytestmark = pytest.mark.database

EXCLUSIVE = [role.key for role in PLATFORM_ROLES if role.exclusive]


def platform_group(role: str) -> Group:
    return Group.objects.get(name=platform_group_name(ROLES[role]))


# --- members of a site ----------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["platform_admin", "platform: platform_admin", "1", "", "nobody"])
def test_the_members_page_gives_roles_of_the_site_only(
    role: str, city: City, act_as: Callable[..., Actor]
) -> None:
    actor, somebody = act_as("site_admin"), UserFactory()
    form = {"username": somebody.username, "role": role}
    response = actor.post("portal_members", actor.home.record.pk, data=form)
    assert response.status_code == 200
    assert not somebody.groups.exists()


def test_forged_fields_beside_the_form_are_not_looked_at(
    city: City, act_as: Callable[..., Actor]
) -> None:
    actor, somebody = act_as("site_admin"), UserFactory()
    foreign = city.places["gaoxin"].record
    form = {
        "username": somebody.username, "role": "editor", "site": foreign.pk, "site_pk": foreign.pk,
        "group": platform_group("platform_admin").pk, "user": actor.user.pk, "is_superuser": "on",
    }  # fmt: skip
    actor.post("portal_members", actor.home.record.pk, data=form)
    own = actor.home.record.role_groups.get(role="editor").group
    assert list(somebody.groups.all()) == [own]
    assert not User.objects.get(pk=somebody.pk).is_superuser


@pytest.mark.parametrize("user", ["0", "-1", "²", "abc", "9" * 30, ""])
@pytest.mark.parametrize("role", ["editor", "platform_admin", ""])
def test_taking_a_role_from_nobody_is_not_found(
    user: str, role: str, city: City, act_as: Callable[..., Actor]
) -> None:
    actor = act_as("site_admin")
    data = {"remove": f"{user}:{role}"}
    assert actor.post("portal_members", actor.home.record.pk, data=data).status_code == 404


def test_inactive_accounts_get_no_role(city: City, act_as: Callable[..., Actor]) -> None:
    actor, gone = act_as("site_admin"), UserFactory(is_active=False)
    form = {"username": gone.username, "role": "editor"}
    actor.post("portal_members", actor.home.record.pk, data=form)
    assert not gone.groups.exists()


# --- three powers ---------------------------------------------------------------------------------
@pytest.mark.parametrize("first", EXCLUSIVE)
@pytest.mark.parametrize("second", EXCLUSIVE)
def test_exclusive_roles_are_not_combined(first: str, second: str, city: City) -> None:
    if first == second:
        return
    user = member(first)
    for add in (
        lambda: user.groups.add(platform_group(second)),
        lambda: platform_group(second).user_set.add(user),
        lambda: user.groups.set([platform_group(first), platform_group(second)]),
    ):
        with pytest.raises(ValidationError), transaction.atomic():
            add()
    assert list(user.groups.all()) == [platform_group(first)]


def test_the_account_form_says_why_exclusive_roles_are_refused(
    city: City, act_as: Callable[..., Actor]
) -> None:
    actor, user = act_as("security_admin"), member("audit_admin")
    groups = [platform_group("audit_admin").pk, platform_group("platform_admin").pk]
    form = account_form(user, groups=groups, last_name="改")
    response = actor.post("wagtailusers_users:edit", user.pk, data=form)
    assert response.status_code == 200
    assert "groups" in response.context["form"].errors  # type: ignore[attr-defined]
    assert response.context["form"]["last_name"].value() == "改"  # type: ignore[attr-defined]
    assert list(user.groups.all()) == [platform_group("audit_admin")]


def test_an_account_may_change_from_one_power_to_another(
    city: City, act_as: Callable[..., Actor]
) -> None:
    actor, user = act_as("security_admin"), member("audit_admin")
    form = account_form(user, groups=[platform_group("platform_admin").pk])
    actor.post("wagtailusers_users:edit", user.pk, data=form)
    assert list(user.groups.all()) == [platform_group("platform_admin")]


def test_bulk_assignment_says_no_as_well(city: City, act_as: Callable[..., Actor]) -> None:
    actor, user = act_as("security_admin"), member("audit_admin")
    _assign_role(actor, user, platform_group("platform_admin"))
    assert list(user.groups.all()) == [platform_group("audit_admin")]


def test_bulk_assignment_of_a_free_role_works(city: City, act_as: Callable[..., Actor]) -> None:
    actor, user = act_as("security_admin"), UserFactory()
    _assign_role(actor, user, platform_group("platform_admin"))
    assert list(user.groups.all()) == [platform_group("platform_admin")]


def _assign_role(actor: Actor, user: User, group: Group) -> None:
    names = ("wagtail_bulk_action", "core", "user", "assign_role")
    response = actor.post(*names, query=f"?id={user.pk}&next=/admin/", data={"role": str(group.pk)})
    assert response.status_code == 302


# --- the security administrator -------------------------------------------------------------------
def test_nobody_gives_roles_to_oneself(city: City, act_as: Callable[..., Actor]) -> None:
    actor = act_as("security_admin")
    editors = city.places["hubin"].record.role_groups.get(role="editor").group
    before = list(actor.user.groups.all())
    form = account_form(actor.user, groups=[editors.pk, before[0].pk], is_superuser="on")
    actor.post("wagtailusers_users:edit", actor.user.pk, data=form | {"last_name": "改"})
    _assign_role(actor, actor.user, editors)
    stored = User.objects.get(pk=actor.user.pk)
    assert stored.last_name == "改", "the form itself was accepted"
    assert (list(stored.groups.all()), stored.is_superuser) == (before, False)


@pytest.mark.parametrize("is_new", [True, False])
def test_only_superusers_make_superusers(
    is_new: bool, city: City, act_as: Callable[..., Actor]
) -> None:
    actor = act_as("security_admin")
    user = UserFactory(username="risen")
    secret = "Four unlikely words 7"
    form = account_form(user, password1=secret, password2=secret, is_superuser="on", groups=[])
    if is_new:
        user.delete()
        actor.post("wagtailusers_users:add", data=form)
    else:
        actor.post("wagtailusers_users:edit", user.pk, data=form)
    assert User.objects.get(username="risen").is_superuser is False


def test_superusers_are_not_touched(city: City, act_as: Callable[..., Actor]) -> None:
    actor, chief = act_as("security_admin"), UserFactory(superuser=True, username="chief")
    secret = "Four unlikely words 7"
    form = account_form(chief, password1=secret, password2=secret, is_active="")
    actor.post("wagtailusers_users:edit", chief.pk, data=form)
    actor.post("wagtailusers_users:delete", chief.pk)
    for action, data in (("delete", {}), ("set_active_state", {"mark_as_active": "False"})):
        names = ("wagtail_bulk_action", "core", "user", action)
        actor.post(*names, query=f"?id={chief.pk}&next=/admin/", data=data)
    stored = User.objects.get(pk=chief.pk)
    assert (stored.password, stored.is_active) == (chief.password, True)
    assert not actor.reads("chief", "wagtailusers_users:edit", chief.pk)


def test_a_superuser_may(city: City) -> None:
    chief = Actor(UserFactory(superuser=True), ROLES["platform_admin"], city.places["hubin"])
    other = UserFactory()
    form = account_form(other, is_superuser="on", groups=[])
    chief.post("wagtailusers_users:edit", other.pk, data=form)
    assert User.objects.get(pk=other.pk).is_superuser is True


def group_form(group: Group, **changes: object) -> dict[str, object]:
    forms = ("page_permissions", "collection_permissions", "document_permissions",
             "image_permissions", "media_permissions", "collection_management_permissions",
             "site_permissions")  # fmt: skip
    counts = {
        f"{form}-{name}": value
        for form in forms
        for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0), ("MAX_NUM_FORMS", 1000))
    }
    return counts | {"name": group.name} | changes


@pytest.mark.parametrize("name", ["platform: security_admin", "platform: platform_admin", "site"])
def test_the_rights_of_roles_come_from_the_table(
    name: str, city: City, act_as: Callable[..., Actor]
) -> None:
    actor = act_as("security_admin")
    group = (
        city.places["hubin"].record.role_groups.get(role="editor").group
        if name == "site"
        else Group.objects.get(name=name)
    )
    before = set(group.permissions.all())
    wanted = Permission.objects.get(codename="add_workflow")
    form = group_form(group, name="renamed", permissions=[wanted.pk])
    actor.post("wagtailusers_groups:edit", group.pk, data=form)
    actor.post("wagtailusers_groups:delete", group.pk)
    stored = Group.objects.get(pk=group.pk)
    assert (stored.name, set(stored.permissions.all())) == (group.name, before)


def test_groups_made_by_hand_may_be_changed(city: City, act_as: Callable[..., Actor]) -> None:
    actor, group = act_as("security_admin"), Group.objects.create(name="by hand")
    actor.post("wagtailusers_groups:edit", group.pk, data=group_form(group, name="renamed"))
    assert Group.objects.get(pk=group.pk).name == "renamed"
