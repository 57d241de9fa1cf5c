"""Which events are in the log: with who, what, where, from where, and how it ended."""

from pathlib import Path
from re import findall
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from portal.core.audit import sources
from portal.core.audit.words import _OWN
from portal.core.models import AuditEntry, SiteRoleGroup, User
from tests.factories import ArticleFactory, UserFactory, World

pytestmark = pytest.mark.django_db

PASSWORD = "云湖的水很清-2026"


@pytest.fixture(autouse=True)
def nothing_yet(db: None) -> None:
    AuditEntry.objects.all().delete()


@pytest.fixture
def admin() -> User:
    user: User = UserFactory(superuser=True, username="boss")
    user.set_password(PASSWORD)
    user.save()
    AuditEntry.objects.all().delete()
    return user


def told(**only: Any) -> list[tuple[str, str, str, str]]:
    rows = AuditEntry.objects.filter(**only).order_by("pk")
    return [(row.action, row.result, row.user_name, row.object_name) for row in rows]


def sign_in(client: Client, password: str, name: str = "boss") -> None:
    client.post(
        reverse("wagtailadmin_login"),
        {"username": name, "password": password},
        REMOTE_ADDR="203.0.113.7",
    )


# --- sign-in --------------------------------------------------------------------------------------
def test_sign_in_and_out(client: Client, admin: User) -> None:
    sign_in(client, "falsch")
    sign_in(client, PASSWORD)
    client.post(reverse("wagtailadmin_logout"), REMOTE_ADDR="203.0.113.7")
    assert told() == [
        ("access.failed", "failed", "boss", ""),
        ("access.signed_in", "done", "boss", ""),
        ("access.signed_out", "done", "boss", ""),
    ]
    assert set(AuditEntry.objects.values_list("address", flat=True)) == {"203.0.113.7"}
    everything = str(list(AuditEntry.objects.values()))
    assert PASSWORD not in everything
    assert "falsch" not in everything


def test_a_lock_out(client: Client, admin: User, settings: Any) -> None:
    settings.AXES_ENABLED = True
    for _turn in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "falsch")
    sign_in(client, PASSWORD)
    page = client.post(
        reverse("wagtailadmin_login"),
        {"username": "boss", "password": PASSWORD},
        REMOTE_ADDR="203.0.113.7",
    )
    assert page.status_code == 429
    assert "登录暂时锁定" in page.content.decode()
    actions = [action for action, *_rest in told()]
    assert actions.count("access.failed") >= settings.AXES_FAILURE_LIMIT
    assert "access.locked_out" in actions
    assert "access.signed_in" not in actions


def test_a_name_that_nobody_has(client: Client) -> None:
    sign_in(client, "x", name="nobody")
    assert told() == [("access.failed", "failed", "nobody", "")]
    assert AuditEntry.objects.get().user_pk is None


# --- what is refused, what leaves -------------------------------------------------------------------
def test_what_is_refused(client: Client, world: World) -> None:
    user = UserFactory(username="editor")
    user.groups.add(Group.objects.get_or_create(name="in")[0])
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    AuditEntry.objects.all().delete()
    address = reverse("wagtailadmin_pages:edit", args=[world.column.pk])
    client.get(address)
    client.get(reverse("portal_audit_log"))
    client.get(reverse("wagtailadmin_home"))
    assert told() == [
        ("access.refused", "refused", "editor", f"GET {address}"),
        ("access.refused", "refused", "editor", f"GET {reverse('portal_audit_log')}"),
    ]


def test_a_table_that_leaves(client: Client, admin: User) -> None:
    client.force_login(admin)
    AuditEntry.objects.all().delete()
    address = reverse("portal_publication_record")
    client.get(address)
    assert told() == []
    client.get(address, {"export": "csv"})
    assert told(kind="export") == [("export.table", "done", "boss", address)]


# --- accounts and rights ----------------------------------------------------------------------------
def test_an_account_from_beginning_to_end(admin: User) -> None:
    user = User.objects.create_user("new", password=PASSWORD)
    user.email = "new@yunhu.gov.cn"
    user.is_active = False
    user.save()
    user.set_password("other-" + PASSWORD)
    user.save()
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])
    user.save()
    user.delete()
    assert [action for action, *_rest in told(kind="rights")] == [
        "rights.account_made",
        "rights.account_changed",
        "rights.password_changed",
        "rights.account_deleted",
    ]
    changed = AuditEntry.objects.get(action="rights.account_changed")
    assert changed.data == {
        "changed": {"is_active": [True, False], "email": ["", "new@yunhu.gov.cn"]}
    }


def test_roles_given_and_taken_either_way_round(provisioned_world: World) -> None:
    row = SiteRoleGroup.objects.select_related("group").first()
    assert row is not None
    one, other = UserFactory(username="one"), UserFactory(username="other")
    AuditEntry.objects.all().delete()
    one.groups.add(row.group)
    row.group.user_set.add(one, other)  # one has it already
    row.group.user_set.remove(other)
    one.groups.clear()
    assert [(action, name) for action, _result, _user, name in told()] == [
        ("rights.role_given", "one"),
        ("rights.role_given", "other"),
        ("rights.role_taken", "other"),
        ("rights.role_taken", "one"),
    ]
    assert set(AuditEntry.objects.values_list("site_pk", flat=True)) == {row.site_id}
    assert AuditEntry.objects.all()[0].data == {"group": row.group.name}


# --- content and settings ---------------------------------------------------------------------------
def test_a_page_is_told_with_its_site(admin: User, world: World) -> None:
    article = ArticleFactory(parent=world.column, title="今日要闻")
    AuditEntry.objects.all().delete()
    log(instance=article, action="wagtail.publish", user=admin)
    assert told() == [("wagtail.publish", "done", "boss", "今日要闻")]
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.site_pk) == ("content", world.site.pk)
    assert entry.object_kind == "pages.articlepage"


def test_saving_by_itself_is_told_once(admin: User, world: World) -> None:
    article = ArticleFactory(parent=world.column)
    AuditEntry.objects.all().delete()
    for piece in (uuid4(), uuid4()):
        for _turn in range(3):
            log(instance=article, action="wagtail.edit", user=admin, uuid=piece)
    assert PageLogEntry.objects.filter(page=article.pk, action="wagtail.edit").count() == 6
    assert len(told()) == 2


def test_a_setting_is_told_with_its_site_and_without_what_was_written(
    admin: User, world: World
) -> None:
    log(
        instance=world.site,
        action="wagtail.edit",
        user=admin,
        data={"member": "someone", "text": "机" * 300, "inner": {"letter": "隐私"}},
    )
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.site_pk) == ("settings", world.site.pk)
    assert entry.data.keys() == {"log", "member"}


def test_what_did_not_happen_is_not_told(admin: User) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        User.objects.create_user("gone", password=PASSWORD)
        raise RuntimeError
    assert told() == []


def test_without_a_request_nobody_is_named() -> None:
    User.objects.create_user("made-by-a-command")
    entry = AuditEntry.objects.get()
    assert (entry.user_pk, entry.user_name, entry.address) == (None, "", "")


def test_every_event_of_its_own_has_words() -> None:
    core = Path(sources.__file__).parents[1]
    files = [*core.glob("audit/*.py"), *core.glob("staff/*.py")]
    used = {
        code
        for file in files
        if file.name != "words.py"
        for code in findall(r'"((?:access|rights|export)\.\w+)"', file.read_text())
    }
    assert used == set(_OWN)
