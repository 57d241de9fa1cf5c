"""The log on the screen: what is found in it, and who may take out how much of it."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.audit.recording import record
from portal.core.models import AuditEntry
from tests.factories import UserFactory, World

pytestmark = pytest.mark.django_db

TODAY = {"at_from": "2026-11-01", "at_to": "2026-11-30"}


@pytest.fixture
def reader(client: Client, world: World) -> Client:
    client.force_login(UserFactory(superuser=True, username="boss"))
    AuditEntry.objects.all().delete()
    return client


def rows_of(client: Client, **query: str) -> str:
    return client.get(reverse("portal_audit_log_results"), query).content.decode()


def test_an_empty_log_says_so(reader: Client) -> None:
    page = rows_of(reader)
    assert "<table" not in page
    assert "没有" in page


def test_entries_are_found_by_account_kind_result_and_text(reader: Client, world: World) -> None:
    record("access.failed", AuditEntry.Kind.ACCESS, result=AuditEntry.Result.FAILED, user_name="甲")
    record("wagtail.publish", AuditEntry.Kind.CONTENT, user_name="乙", object_name="停水通知",
           site_pk=world.site.pk)  # fmt: skip
    everything = rows_of(reader)
    assert "登录失败" in everything
    assert "停水通知" in everything
    moment = timezone.localtime(AuditEntry.objects.latest("pk").at)
    assert f"{moment:%Y-%m-%d %H:%M:%S}" in everything
    assert world.site.short_name in everything
    assert "access.failed" not in everything
    for query in ({"user_name": "乙"}, {"kind": "content"}, {"result": "done"}, {"text": "停水"}):
        found = rows_of(reader, **query)
        assert "停水通知" in found, query
        assert "登录失败" not in found, query


def test_a_month_is_exported_and_what_it_contains_is_no_formula(reader: Client) -> None:
    now = timezone.now()
    record("wagtail.edit", AuditEntry.Kind.CONTENT, object_name="=HYPERLINK(1)")
    span = {"at_from": f"{now - datetime.timedelta(days=30):%Y-%m-%d}", "at_to": f"{now:%Y-%m-%d}"}
    response = reader.get(reverse("portal_audit_log"), {"export": "csv", **span})
    text = b"".join(response).decode()
    assert response["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK(1)" in text
    assert "wagtail.edit" in text


@pytest.mark.parametrize(
    "span",
    [
        {},
        {"at_from": "2026-11-01"},
        {"at_from": "2026-10-01", "at_to": "2026-11-30"},
        {"at_from": "2026-11-30", "at_to": "2026-11-01"},
        {"at_from": "gestern", "at_to": "2026-11-01"},
    ],
)
def test_more_than_a_month_is_not_exported(reader: Client, span: dict[str, str]) -> None:
    for kind in ("csv", "xlsx"):
        response = reader.get(reverse("portal_audit_log"), {"export": kind, **span})
        assert response.status_code == 302
    page = reader.get(reverse("portal_audit_log")).content.decode()
    assert "31" in page
    assert not AuditEntry.objects.filter(action="export.table").exists()


def test_the_export_is_an_event_itself(reader: Client) -> None:
    reader.get(reverse("portal_audit_log"), {"export": "xlsx", **TODAY})
    entry = AuditEntry.objects.get(action="export.table")
    assert entry.user_name == "boss"
    assert "at_from=2026-11-01" in entry.data["asked"]


def test_the_list_asks_little_whatever_its_length(
    reader: Client, django_assert_max_num_queries: object
) -> None:
    for turn in range(60):
        record("wagtail.edit", AuditEntry.Kind.CONTENT, object_name=str(turn))
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        reader.get(reverse("portal_audit_log"))
