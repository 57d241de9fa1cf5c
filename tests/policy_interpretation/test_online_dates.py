"""The date of documents beside the day they came online: days, bodies, who may see (R-PUB-14)."""

import csv
import datetime
import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page
from wagtail.users.models import UserProfile

from portal.policy_interpretation.models import IssuingBody, PolicyPage, PolicyRecord
from portal.policy_interpretation.selectors.online_dates import by_body, median_of, online_dates
from tests.factories import World, member

from .factories import make_policy

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Asia/Shanghai")
DATED = datetime.date(2026, 5, 6)
PERIOD = "since=2026-01-01&until=2026-12-31"
REFUSED = (302, 403)


def online(column: Any, title: str, at: str, body: str = "", **fields: Any) -> PolicyPage:
    """A public document of 6 May 2026 that first was public at a moment of the city."""
    page = make_policy(column, title=title, document_number="", issued_on=DATED, **fields)
    moment = datetime.datetime.fromisoformat(at).replace(tzinfo=ZONE)
    Page.objects.filter(pk=page.pk).update(first_published_at=moment)
    values: dict[str, Any] = {"published_at": moment}
    if body:
        IssuingBody.objects.filter(page=page.pk).update(name=body)
        values |= {"lead_body": body, "bodies": body}
    PolicyRecord.objects.filter(page=page.pk).update(**values)
    return page


def undated(page: PolicyPage) -> PolicyPage:
    PolicyRecord.objects.filter(page=page.pk).update(issued_on=None)
    return page


def as_role(role: str, site: Any) -> Client:
    client = Client()
    client.force_login(member(role, site))
    return client


def titles(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"{reverse('policy_online_dates')}?{PERIOD}&{query}")
    assert answer.status_code == 200
    return [row.title for row in answer.context["rows"]]


def sheet(client: Client, query: str) -> list[list[str]]:
    answer = client.get(f"{reverse('policy_online_dates')}?{PERIOD}&{query}")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


@pytest.fixture
def editor(provisioned_world: World) -> Client:
    return as_role("editor", provisioned_world.site)


# --- who may --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("site_admin", True), ("editor", True), ("auditor", True), ("secrecy_reviewer", True),
        ("translator", False), ("partner", False), ("letters_clerk", False),
    ],
)  # fmt: skip
def test_who_may_see_it(provisioned_world: World, role: str, may: bool) -> None:
    world = provisioned_world
    online(world.column, "本站", "2026-05-08 09:00")
    online(world.hubin_column, "湖滨", "2026-05-08 09:00")
    client, url = as_role(role, world.site), reverse("policy_online_dates")
    for export in ("", "&export=documents", "&export=bodies"):
        answer = client.get(f"{url}?{PERIOD}{export}")
        assert (answer.status_code == 200) is may, export
        assert answer.status_code in (200, *REFUSED)
        assert "湖滨" not in answer.content.decode().split("<table")[-1]
        other = client.get(f"{url}?{PERIOD}&site={world.hubin.pk}{export}")
        assert other.status_code in REFUSED
    if may:
        assert titles(client) == ["本站"]
        edit = reverse("wagtailadmin_pages:edit", args=[PolicyPage.objects.get(title="本站").pk])
        shown = edit in client.get(f"{url}?{PERIOD}").content.decode()
        assert shown is (role in ("site_admin", "editor"))


def test_nobody_comes_in_without_an_account(provisioned_world: World) -> None:
    assert Client().get(reverse("policy_online_dates")).status_code == 302


# --- days -----------------------------------------------------------------------------------------
def test_days_are_those_of_the_portal(provisioned_world: World) -> None:
    world = provisioned_world
    online(world.column, "当天深夜", "2026-05-06 23:30")
    online(world.column, "次日凌晨", "2026-05-07 00:30")  # still 6 May in UTC
    online(world.column, "提前", "2026-05-04 09:00")
    user = member("editor", world.site)
    UserProfile.objects.create(user=user, current_time_zone="America/New_York")
    client = Client()
    client.force_login(user)
    found = {row[0]: (row[4], row[5], row[6]) for row in sheet(client, "late=&export=documents")}
    assert found == {
        "当天深夜": ("2026-05-06", "2026-05-06", "0"),
        "次日凌晨": ("2026-05-06", "2026-05-07", "1"),
        "提前": ("2026-05-06", "2026-05-04", "-2"),
    }


def test_what_is_listed(provisioned_world: World, editor: Client) -> None:
    world = provisioned_world
    column = world.column
    online(column, "同日", "2026-05-06 10:00")
    online(column, "晚三天", "2026-05-09 10:00")
    online(column, "晚十天", "2026-05-16 10:00")
    undated(online(column, "没有日期", "2026-05-08 10:00"))
    make_policy(column, title="草稿", live=False)
    online(column, "依申请", "2026-05-16 10:00", disclosure="on_request")
    online(column, "上级文件", "2026-05-16 10:00", level="provincial")
    assert titles(editor) == ["没有日期", "晚十天", "晚三天"]
    assert titles(editor, "late=") == ["没有日期", "晚十天", "晚三天", "同日"]
    assert titles(editor, "late=3") == ["没有日期", "晚十天"]
    assert titles(editor, "late=nonsense") == titles(editor, "late=")
    assert "上级文件" in titles(editor, "carried=1")
    # A document belongs to the period by its date, one without by the day it came online.
    url = reverse("policy_online_dates")
    for query, found in (
        ("since=2026-05-07&until=2026-05-31", ["没有日期"]),
        ("since=2026-05-06&until=2026-05-06", ["晚十天", "晚三天"]),
    ):
        answer = editor.get(f"{url}?{query}")
        assert [row.title for row in answer.context["rows"]] == found
    none = editor.get(f"{url}?since=2020-01-01&until=2020-02-01")
    assert (none.status_code, none.context["bodies"]) == (200, [])


def test_bodies_are_summed_up(provisioned_world: World, editor: Client) -> None:
    column = provisioned_world.column
    for title, at in (("一", "06"), ("二", "07"), ("三", "11"), ("四", "20")):
        online(column, title, f"2026-05-{at} 10:00", body="市民政局")
    undated(online(column, "五", "2026-05-20 10:00", body="市民政局"))
    undated(online(column, "六", "2026-05-20 10:00", body="=市财政局"))
    found = {row.name: row for row in by_body(online_dates(None, DATED, datetime.date(2026, 6, 1)))}
    row = found["市民政局"]
    assert (row.count, row.in_step, row.undated, row.median, row.worst) == (5, 1, 1, 3.0, 14)
    assert (found["=市财政局"].median, found["=市财政局"].worst) == (None, None)
    # The list is narrowed by a body and by days, the summary stays.
    assert titles(editor, "body=市民政局&late=5") == ["五", "四"]
    answer = editor.get(f"{reverse('policy_online_dates')}?{PERIOD}&body=市民政局")
    assert len(answer.context["bodies"]) == 2
    rows = sheet(editor, "export=bodies")
    assert rows == [["市民政局", "5", "1", "3.0", "14", "1"], ["'=市财政局", "1", "0", "", "", "1"]]


def test_the_file_is_safe_to_open(provisioned_world: World, editor: Client) -> None:
    online(provisioned_world.column, "=cmd|' /C calc'!A0", "2026-05-09 10:00")
    [row] = sheet(editor, "export=documents")
    assert row[0].startswith("'=cmd")


def test_the_median() -> None:
    assert median_of([]) is None
    assert median_of([(0, 3), (9, 1)]) == 0
    assert median_of([(-1, 1), (4, 1)]) == 1.5
    assert median_of([(1, 1), (2, 1), (30, 1)]) == 2


@pytest.mark.parametrize(
    "query",
    ["", "since=x&until=2026-02-31", "since=2030-01-01&until=2020-01-01", "since=9999-12-31", "p=-1",
     "since=0001-01-01&until=0001-01-02", "site=x&body=%00&late=99999999", "late=-4&p=zzz&carried"],
)  # fmt: skip
def test_filters_take_anything(editor: Client, query: str) -> None:
    assert editor.get(f"{reverse('policy_online_dates')}?{query}").status_code == 200


def test_more_documents_ask_no_more(provisioned_world: World, editor: Client) -> None:
    url = f"{reverse('policy_online_dates')}?{PERIOD}"
    counts = []
    for number in range(2):
        for place in range(1 + 4 * number):
            online(
                provisioned_world.column, f"{number}{place}", "2026-05-09 10:00", body=f"局{place}"
            )
        editor.get(url)
        with CaptureQueriesContext(connection) as queries:
            editor.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
