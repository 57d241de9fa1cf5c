"""Who reaches the admin, from where, and for how long."""

import datetime
import ipaddress
import os
import subprocess
import sys
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.models import AuditEntry, User
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db

HOME = "/admin/"


@pytest.fixture
def staff(world: World) -> User:
    user: User = UserFactory(superuser=True, username="boss")
    return user


@pytest.fixture
def inside(client: Client, staff: User) -> Client:
    client.force_login(staff)
    assert client.get(HOME).status_code == 200
    return client


def is_signed_in(client: Client, address: str = HOME, **more: Any) -> bool:
    return client.get(address, **more).status_code == 200


# --- idle time ------------------------------------------------------------------------------------
def test_who_does_nothing_is_signed_out_and_told(client: Client, staff: User) -> None:
    with time_machine.travel("2026-11-29T09:00:00+08:00", tick=False) as clock:
        client.force_login(staff)
        for _turn in range(3):
            clock.shift(29 * 60)
            assert is_signed_in(client)
        clock.shift(32 * 60)
        response = client.get(HOME)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("wagtailadmin_login"))
        page = client.get(response["Location"]).content.decode()
        assert "30 分钟" in page
        assert not is_signed_in(client)
    assert AuditEntry.objects.filter(action="access.session_idle", user_name="boss").count() == 1


def test_an_editor_that_is_left_open_is_not_at_work(
    client: Client, staff: User, world: World
) -> None:
    ping = reverse(
        "wagtailadmin_editing_sessions:ping",
        args=["pages", "columnpage", str(world.column.pk), 1],
    )
    with time_machine.travel("2026-11-29T09:00:00+08:00", tick=False) as clock:
        client.force_login(staff)
        assert is_signed_in(client)
        for _turn in range(3):
            clock.shift(11 * 60)
            client.post(ping)
        assert not is_signed_in(client)


def test_the_session_is_written_once_a_minute(client: Client, staff: User) -> None:
    with time_machine.travel("2026-11-29T09:00:00+08:00", tick=False) as clock:
        client.force_login(staff)
        client.get(HOME)
        begun = client.session["staff_seen"]
        clock.shift(59)
        client.get(HOME)
        assert client.session["staff_seen"] == begun
        clock.shift(1)
        client.get(HOME)
        assert client.session["staff_seen"] == begun + 60


# --- a session that was carried away ----------------------------------------------------------------
@pytest.mark.parametrize(
    "elsewhere",
    [{"HTTP_USER_AGENT": "another browser"}, {"REMOTE_ADDR": "203.0.113.9"}],
)
def test_a_session_is_worth_nothing_elsewhere(inside: Client, elsewhere: dict[str, str]) -> None:
    assert not is_signed_in(inside, **elsewhere)
    assert not is_signed_in(inside)  # and is over for who carried it away and who had it
    assert AuditEntry.objects.filter(action="access.session_elsewhere").count() == 1


def test_a_city_whose_addresses_change_may_say_so(inside: Client, settings: Any) -> None:
    settings.STAFF_SESSION_KEEPS_NETWORK = False
    other = Client(REMOTE_ADDR="203.0.113.1")
    other.force_login(User.objects.get(username="boss"))
    assert is_signed_in(other)
    assert is_signed_in(other, REMOTE_ADDR="203.0.113.9")


def test_a_new_session_begins_with_signing_in(client: Client, staff: User) -> None:
    staff.set_password("云湖的水很清-2026A")
    staff.save()
    client.get(reverse("wagtailadmin_login"))
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.post(
        reverse("wagtailadmin_login"), {"username": "boss", "password": "云湖的水很清-2026A"}
    )
    assert client.session.session_key != before
    assert is_signed_in(client)


# --- from where -------------------------------------------------------------------------------------
def test_the_admin_on_its_own_host(inside: Client, settings: Any) -> None:
    settings.STAFF_HOST = "admin.yunhu.gov.cn"
    assert inside.get(HOME).status_code == 404
    assert inside.get(reverse("wagtailadmin_login")).status_code == 404
    assert inside.get("/").status_code == 200
    assert inside.get(HOME, HTTP_HOST="admin.yunhu.gov.cn").status_code == 200
    assert inside.get(HOME, HTTP_HOST="ADMIN.yunhu.gov.cn").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "admin.yunhu.gov.cn.evil.example", "a b", "x@y"])
def test_a_forged_host_is_refused(inside: Client, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver", ".gov.cn"]
    assert inside.get(HOME, HTTP_HOST=host).status_code == 400
    reset = reverse("wagtailadmin_password_reset")
    assert inside.post(reset, {"email": "a@b.cn"}, HTTP_HOST=host).status_code == 400


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("10.20.3.4", 200),
        ("2001:db8::7", 200),
        ("10.21.0.1", 404),
        ("203.0.113.7", 404),
        ("", 404),
        ("nonsense", 404),
    ],
)
def test_only_from_the_own_networks(
    client: Client, staff: User, settings: Any, address: str, status: int
) -> None:
    settings.STAFF_NETWORKS = [
        ipaddress.ip_network("10.20.0.0/16"),
        ipaddress.ip_network("2001:db8::/32"),
    ]
    client.force_login(staff)
    assert client.get(HOME, REMOTE_ADDR=address).status_code == status
    assert client.get("/", REMOTE_ADDR=address).status_code == 200


def test_a_visitor_cannot_write_its_own_address(
    client: Client, staff: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STAFF_NETWORKS = [ipaddress.ip_network("10.20.0.0/16")]
    client.force_login(staff)
    forged = {"HTTP_X_FORWARDED_FOR": "10.20.0.1"}
    assert client.get(HOME, REMOTE_ADDR="203.0.113.7", **forged).status_code == 404
    # Behind the proxy counts what the proxy wrote last.
    monkeypatch.setenv("PORTAL_TRUSTED_PROXIES", "192.0.2.1")
    both = {"HTTP_X_FORWARDED_FOR": "10.20.0.1, 203.0.113.7"}
    assert client.get(HOME, REMOTE_ADDR="192.0.2.1", **both).status_code == 404
    assert client.get(HOME, REMOTE_ADDR="192.0.2.1", **forged).status_code == 200


# --- passwords ----------------------------------------------------------------------------------------
def test_an_old_password_is_to_be_changed_before_anything_else(
    inside: Client, staff: User, world: World, settings: Any
) -> None:
    settings.STAFF_PASSWORD_DAYS = 180
    User.objects.update(password_changed_at=timezone.now() - datetime.timedelta(days=181))
    response = inside.get(HOME)
    assert (response.status_code, response["Location"]) == (302, reverse("wagtailadmin_account"))
    assert "180" in str(next(iter(get_messages(response.wsgi_request))).message)
    assert inside.get(reverse("wagtailadmin_account")).status_code == 200
    # What was typed before is taken in.
    assert inside.post(reverse("portal_members", args=[world.site.pk]), {}).status_code == 200
    staff.refresh_from_db()
    staff.set_password("云湖的水很清-2026B")
    staff.save()
    inside.force_login(staff)
    assert is_signed_in(inside)


def test_an_account_without_a_password_has_none_to_change(
    client: Client, staff: User, settings: Any
) -> None:
    settings.STAFF_PASSWORD_DAYS = 180
    staff.set_unusable_password()
    staff.save()
    User.objects.update(
        password_changed_at=None, date_joined=timezone.now() - datetime.timedelta(days=999)
    )
    client.force_login(User.objects.get(pk=staff.pk))
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("yunhu-lake-blue", False),
        ("yunhulakeblue7", False),
        ("Yunhulakeblue7", True),
        ("yunhu-lake-blue7", True),
        ("云湖的水清又清呀abc", False),
        ("云湖的水清又清呀abc7", True),
    ],
)
def test_passwords_have_several_kinds_of_signs(password: str, good: bool) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    if good:
        validate_password(password)
    else:
        with pytest.raises(ValidationError):
            validate_password(password)


# --- settings -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PORTAL_ADMIN_NETWORKS", "10.20.0.0/33", "no network"),
        ("PORTAL_ADMIN_HOST", "https://admin.x.gov.cn", "one host"),
        ("PORTAL_ADMIN_HOST", "admin.other.cn", "PORTAL_ALLOWED_HOSTS"),
        ("PORTAL_IDLE_MINUTES", "0", "whole number"),
        ("PORTAL_AUDIT_DAYS", "365", "at least a year"),
        ("PORTAL_ACCOUNT_IDLE_DAYS", "7", "at least 30"),
        ("PORTAL_PASSWORD_KINDS", "5", "from 1 to 4"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(
    variable: str, value: str, said: str, tmp_path: Any
) -> None:
    environment = os.environ | {
        "PORTAL_ENV": "production",
        "PORTAL_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmn",
        "PORTAL_ALLOWED_HOSTS": "www.x.gov.cn",
        "PORTAL_BASE_URL": "https://www.x.gov.cn",
        "PORTAL_DATA_DIR": str(tmp_path),
        variable: value,
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert variable in done.stderr
    assert said in done.stderr
