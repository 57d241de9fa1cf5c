"""What is public is looked through again; what may never be public is decided on by a person."""

import datetime
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from portal.plugins import switches
from portal.proofreading.components import sweep_readiness
from portal.proofreading.models import Alarm, SweepMark
from portal.proofreading.selectors import alarms as selectors
from portal.proofreading.selectors import sweep
from portal.proofreading.services import sweeping
from portal.proofreading.services.sweeping import decide, sweep_share
from tests.factories import ArticleFactory, World, member

pytestmark = pytest.mark.django_db
PERSON = "330106199003077718"
State = Alarm.State


@pytest.fixture
def bad(provisioned_world: World) -> Any:
    """Published while nobody looked."""
    with switches.override({("proofreading", None): False}):
        return ArticleFactory(
            parent=provisioned_world.hubin_column, title="名单", summary=f"张三{PERSON}"
        )


def _cleaned(page: Any) -> None:
    type(page).objects.filter(pk=page.pk).update(summary="张三")


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_finding_makes_one_alarm_however_often_it_is_seen(bad: Any) -> None:
    pages = Page.objects.filter(live=True, alias_of=None, depth__gt=1).count()
    assert sweep_share() == pages
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4)):
        assert sweep_share() == pages
    alarm = Alarm.objects.get()
    assert (alarm.page_id, alarm.kind, alarm.state) == (bad.pk, "identity_number", State.OPEN)
    assert PERSON not in alarm.words
    assert alarm.gone_at is None


def test_a_text_that_was_changed_in_the_database_is_found(provisioned_world: World) -> None:
    page = ArticleFactory(parent=provisioned_world.column, title="无害")
    sweep_share()
    assert not Alarm.objects.exists()
    type(page).objects.filter(pk=page.pk).update(summary=f"身份证{PERSON}")
    assert sweep_share() == 0  # nothing says that it was changed: its turn comes
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4)):
        sweep_share()
    assert Alarm.objects.get().page_id == page.pk


def test_changes_come_first_then_the_longest_unseen(
    provisioned_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    first, second, third = (
        ArticleFactory(parent=provisioned_world.column, title=f"第{n}篇") for n in range(3)
    )
    for page in Page.objects.filter(live=True, depth__gt=1):
        SweepMark.objects.create(page=page, looked_at=now)
    Page.objects.update(last_published_at=now - datetime.timedelta(days=30))
    SweepMark.objects.filter(page=first).update(looked_at=now - datetime.timedelta(days=5))
    SweepMark.objects.filter(page=second).update(looked_at=now - datetime.timedelta(days=6))
    Page.objects.filter(pk=third.pk).update(last_published_at=now + datetime.timedelta(seconds=1))
    assert selectors.due(now) == [third.pk, second.pk, first.pk]
    monkeypatch.setattr(selectors, "_LEAST", 1)
    assert selectors.due(now) == [third.pk]


def test_a_run_is_bounded_and_the_next_goes_on(
    provisioned_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "SECONDS", -1)
    pages = Page.objects.filter(live=True, alias_of=None, depth__gt=1).count()
    assert [sweep_share() for _run in range(pages + 1)] == [1] * pages + [0]


def test_a_page_that_cannot_be_looked_through_is_an_alarm(bad: Any) -> None:
    with mock.patch.object(sweep, "scan_page", side_effect=RuntimeError("secret words")):
        sweep_share()
    alarm = Alarm.objects.get(page=bad)
    assert (alarm.kind, alarm.words) == ("", "RuntimeError")


def test_dealt_with_is_refused_while_it_is_there_and_seen_again_it_is_new(
    provisioned_world: World, bad: Any
) -> None:
    user = member("site_admin", provisioned_world.hubin)
    sweep_share()
    alarm = Alarm.objects.get()
    with pytest.raises(ValidationError, match="still public"):
        decide(alarm=alarm, state=State.DEALT, reason="已改正文", user=user)
    _cleaned(bad)
    decide(alarm=alarm, state=State.DEALT, reason="已改正文", user=user)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.decided_by, alarm.reason) == (State.DEALT, user, "已改正文")
    assert alarm.gone_at is not None
    type(bad).objects.filter(pk=bad.pk).update(summary=f"张三{PERSON}")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4)):
        sweep_share()
    assert Alarm.objects.filter(state=State.OPEN).count() == 1
    assert Alarm.objects.count() == 2


def test_a_false_alarm_is_not_raised_again_and_decided_once(
    provisioned_world: World, bad: Any
) -> None:
    user = member("security_admin")
    sweep_share()
    alarm = Alarm.objects.get()
    with pytest.raises(ValidationError, match="few words"):
        decide(alarm=alarm, state=State.FALSE, reason="。", user=user)
    decide(alarm=alarm, state=State.FALSE, reason="样例号码", user=user)
    with pytest.raises(ValidationError, match="already"):
        decide(alarm=alarm, state=State.DEALT, reason="已改正文", user=user)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4)):
        sweep_share()
    assert Alarm.objects.get().state == State.FALSE


def test_what_was_withdrawn_is_no_longer_there(bad: Any) -> None:
    sweep_share()
    bad.unpublish()
    sweep_share()
    assert Alarm.objects.get().gone_at is not None
    assert Alarm.objects.get().state == State.OPEN


# --- who -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["editor", "reviewer", "releaser", "audit_admin"])
def test_who_may_not_see_alarms(provisioned_world: World, bad: Any, role: str) -> None:
    sweep_share()
    site = None if role == "audit_admin" else provisioned_world.hubin
    user = member(role, site)
    client = _client(user)
    url = reverse("proofreading_alarms")
    assert client.get(url).status_code in (302, 403)
    assert bad.title not in client.get(reverse("wagtailadmin_home")).content.decode()
    with pytest.raises(PermissionDenied):
        decide(alarm=Alarm.objects.get(), state=State.FALSE, reason="样例号码", user=user)


def test_another_sites_administrator_sees_none_of_it(provisioned_world: World, bad: Any) -> None:
    sweep_share()
    alarm = Alarm.objects.get()
    client = _client(member("site_admin", provisioned_world.gaoxin))
    url = reverse("proofreading_alarms")
    assert bad.title not in client.get(url).content.decode()
    data = {"alarm": str(alarm.pk), "state": "false", "reason": "样例号码"}
    assert client.post(url, data).status_code == 404
    assert Alarm.objects.get().state == State.OPEN


@pytest.mark.parametrize("role", ["site_admin", "security_admin", "platform_admin"])
def test_those_in_charge_see_it_first_and_decide(
    provisioned_world: World, bad: Any, role: str
) -> None:
    sweep_share()
    user = member(role, provisioned_world.hubin if role == "site_admin" else None)
    client, url = _client(user), reverse("proofreading_alarms")
    assert bad.title in client.get(reverse("wagtailadmin_home")).content.decode()
    data = {"alarm": str(Alarm.objects.get().pk), "state": "dealt", "reason": "已改正文"}
    assert 'role="alert"' in client.post(url, data).content.decode()
    assert client.post(url, data | {"state": "false"}).status_code == 302
    assert Alarm.objects.get().decided_by == user
    assert "已改正文" in client.get(url).content.decode()


@pytest.mark.parametrize("number", ["", "x", "²", "9" * 40])
def test_a_strange_number_is_no_error_of_the_portal(provisioned_world: World, number: str) -> None:
    client = _client(member("security_admin"))
    data = {"alarm": number, "state": "false", "reason": "样例号码"}
    assert client.post(reverse("proofreading_alarms"), data).status_code == 404


def test_one_mail_for_what_is_new_without_its_words(provisioned_world: World, bad: Any) -> None:
    chief = member("site_admin", provisioned_world.hubin)
    other = member("site_admin", provisioned_world.gaoxin)
    for user, address in ((chief, "hubin@x.gov.cn"), (other, "gaoxin@x.gov.cn")):
        user.email = address
        user.save()
    sweep_share()
    sweep_share()
    (sent,) = mail.outbox
    assert sent.to == ["hubin@x.gov.cn"]
    assert reverse("proofreading_alarms") in sent.body
    assert "330" not in sent.body + sent.subject
    assert bad.title not in sent.body + sent.subject


def test_readiness_names_what_waits_too_long(provisioned_world: World) -> None:
    sweep_share()
    assert sweep_readiness().ok
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
        assert not sweep_readiness().ok
        sweep_share()
        assert sweep_readiness().ok
