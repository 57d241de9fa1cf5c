"""Accounts end: with the contract, or because nobody uses them."""

import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.models import AuditEntry, User
from portal.core.roles import ROLES, platform_group_name
from portal.core.staff.closing import close_accounts
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db

PASSWORD = "云湖的水很清-2026A"


def day(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


def ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


@pytest.fixture(autouse=True)
def keeper(world: World) -> User:
    """Somebody who can make accounts, so that others may be closed."""
    user: User = UserFactory(superuser=True, username="keeper", last_login=timezone.now())
    return user


def account(**values: Any) -> User:
    user: User = UserFactory(**values)
    user.set_password(PASSWORD)
    user.save()
    return user


def signs_in(user: User) -> bool:
    return Client().login(request=None, username=user.username, password=PASSWORD)


# --- contracts ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("number", "may"), [(1, True), (0, True), (-1, False)])
def test_the_last_day_is_a_whole_day(number: int, may: bool) -> None:
    assert signs_in(account(ends_on=day(number))) is may


def test_the_day_ends_in_the_citys_time(client: Client, keeper: User) -> None:
    keeper.ends_on = datetime.date(2026, 11, 30)
    keeper.save()
    with time_machine.travel("2026-11-30T15:59:00+00:00", tick=False) as clock:
        client.force_login(keeper)
        assert client.get("/admin/").status_code == 200
        clock.shift(120)
        # The session that is open ends with the account.
        assert client.get("/admin/").status_code == 302


def test_an_account_whose_day_is_over_is_closed_and_told() -> None:
    ended, open_one = account(ends_on=day(-1)), account(ends_on=day(0))
    assert close_accounts() == (1, 0)
    ended.refresh_from_db()
    open_one.refresh_from_db()
    assert (ended.is_active, open_one.is_active) == (False, True)
    entry = AuditEntry.objects.get(action="rights.account_ended")
    assert entry.object_name == str(ended)
    assert close_accounts() == (0, 0)


# --- nobody uses it ---------------------------------------------------------------------------------
def test_who_does_not_sign_in_is_warned_and_then_closed() -> None:
    user = account(last_login=ago(75), date_joined=ago(400), email="a@yunhu.gov.cn")
    assert close_accounts() == (0, 0)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=False):
        assert close_accounts() == (0, 1)
        assert close_accounts() == (0, 0)
    assert [message.to for message in mail.outbox] == [["a@yunhu.gov.cn"]]
    assert user.username in mail.outbox[0].body
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15), tick=False):
        User.objects.filter(username="keeper").update(last_login=timezone.now())
        assert close_accounts() == (1, 0)
    user.refresh_from_db()
    assert not user.is_active


def test_signing_in_once_keeps_it(client: Client) -> None:
    user = account(last_login=ago(80), date_joined=ago(400))
    assert close_accounts() == (0, 1)
    client.force_login(User.objects.get(pk=user.pk))
    user.refresh_from_db()
    assert user.warned_idle_at is None
    assert close_accounts() == (0, 0)


def test_an_account_that_was_idle_for_years_is_warned_first() -> None:
    user = account(last_login=ago(900), date_joined=ago(1000))
    assert close_accounts() == (0, 1)
    user.refresh_from_db()
    assert user.is_active


def test_who_opens_it_again_gives_it_its_days_anew() -> None:
    user = account(last_login=ago(900), date_joined=ago(1000), is_active=False)
    user.is_active = True
    user.save()
    assert close_accounts() == (0, 0)


def test_a_city_may_leave_idle_accounts_open(settings: Any) -> None:
    settings.STAFF_IDLE_DAYS = 0
    account(last_login=ago(900), date_joined=ago(1000))
    assert close_accounts() == (0, 0)


def test_the_last_who_can_make_accounts_stays(keeper: User) -> None:
    long_ago = {"last_login": ago(900), "date_joined": ago(1000), "warned_idle_at": ago(20)}
    User.objects.filter(pk=keeper.pk).update(**long_ago)
    group, _made = Group.objects.get_or_create(name=platform_group_name(ROLES["security_admin"]))
    account(ends_on=day(-1), is_active=False).groups.add(group)
    assert close_accounts() == (0, 0)
    account().groups.add(group)
    assert close_accounts() == (1, 0)
    keeper.refresh_from_db()
    assert not keeper.is_active


# --- the form -----------------------------------------------------------------------------------------
def form_of(user: User | None, **values: Any) -> dict[str, Any]:
    return {
        "username": "new",
        "email": "li@yunhu.gov.cn",
        "first_name": "明",
        "last_name": "李",
        "contractor": "",
        "ends_on": "",
        "organisation": "",
        "is_active": "on",
        **({} if user else {"password1": PASSWORD, "password2": PASSWORD}),
        **values,
    }


@pytest.fixture
def desk(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


def test_a_contractor_has_a_last_day(desk: Client) -> None:
    address = reverse("wagtailusers_users:add")
    page = desk.post(address, form_of(None, contractor="云湖软件公司"))
    assert page.status_code == 200
    assert "外包人员的账号随合同到期" in page.content.decode()
    assert not User.objects.filter(username="new").exists()
    desk.post(address, form_of(None, contractor="云湖软件公司", ends_on="2027-06-30"))
    made = User.objects.get(username="new")
    assert (made.contractor, made.ends_on) == ("云湖软件公司", datetime.date(2027, 6, 30))


def test_an_account_is_changed_with_its_day(desk: Client) -> None:
    user = account(username="old")
    address = reverse("wagtailusers_users:edit", args=[user.pk])
    assert "最后一天" in desk.get(address).content.decode()
    desk.post(address, form_of(user, username="old", ends_on="2027-01-31"))
    user.refresh_from_db()
    assert user.ends_on == datetime.date(2027, 1, 31)
    changed = AuditEntry.objects.filter(action="rights.account_changed").latest("pk")
    assert changed.data["changed"]["ends_on"] == [None, "2027-01-31"]


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("li@yunhu.gov.cn", True),
        ("LI@YUNHU.GOV.CN", True),
        ("li@mail.example", False),
        ("li@yunhu.gov.cn.example", False),
    ],
)
def test_accounts_use_the_governments_mail(
    desk: Client, settings: Any, address: str, good: bool
) -> None:
    settings.STAFF_MAIL_DOMAINS = ["yunhu.gov.cn"]
    desk.post(reverse("wagtailusers_users:add"), form_of(None, email=address))
    assert User.objects.filter(username="new").exists() is good


def test_many_accounts_are_closed_and_opened_like_one(desk: Client) -> None:
    user = account(last_login=ago(900), date_joined=ago(1000), warned_idle_at=ago(20))
    address = reverse("wagtail_bulk_action", args=["core", "user", "set_active_state"])
    AuditEntry.objects.all().delete()
    for opened in (False, True):
        desk.post(f"{address}?id={user.pk}&next=/admin/", {"mark_as_active": str(opened)})
        user.refresh_from_db()
        assert user.is_active is opened
    changed = AuditEntry.objects.filter(action="rights.account_changed").order_by("pk")
    assert [entry.data["changed"] for entry in changed] == [
        {"is_active": [True, False]},
        {"is_active": [False, True]},
    ]
    assert {entry.user_name for entry in changed} == {"keeper"}
    assert close_accounts() == (0, 0)
