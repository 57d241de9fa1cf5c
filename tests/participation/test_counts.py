"""Yearly counts: the pace as a pure rule, counting by column, the report and who may read it."""

import csv
import datetime
import io
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.participation.counts_panel import CountsBehind
from portal.participation.forecast import Pace, forecast
from portal.participation.models import Activity, ActivityKind, YearlyNumber
from portal.participation.selectors.counts import ColumnCount, yearly_counts
from portal.testing import disable_plugin
from tests.factories import UserFactory, World, member

from .factories import make_solicitation, make_survey

DAY = datetime.date


@pytest.mark.parametrize(
    ("done", "planned", "day", "expected", "pace"),
    [
        (0, 0, DAY(2026, 1, 20), 0, Pace.EARLY),
        (0, 0, DAY(2026, 4, 1), 0, Pace.BEHIND),
        (0, 6, DAY(2026, 4, 1), 6, Pace.ON_THE_WAY),
        (1, 0, DAY(2026, 1, 5), 4, Pace.ON_THE_WAY),  # a quarter at least: not 73
        (3, 0, DAY(2026, 7, 2), 5, Pace.ON_THE_WAY),  # as many as by today
        (3, 0, DAY(2026, 9, 30), 4, Pace.BEHIND),
        (3, 3, DAY(2026, 9, 30), 6, Pace.ON_THE_WAY),
        (4, 0, DAY(2026, 12, 31), 4, Pace.BEHIND),
        (6, 0, DAY(2026, 3, 1), 24, Pace.REACHED),
        (5, 1, DAY(2027, 1, 1), 5, Pace.MISSED),
        (6, 0, DAY(2027, 1, 1), 6, Pace.REACHED),
        (0, 2, DAY(2025, 12, 1), 2, Pace.EARLY),
    ],
)
def test_the_pace(done: int, planned: int, day: DAY, expected: int, pace: Pace) -> None:
    found = forecast(required=6, done=done, planned=planned, year=2026, today=day)
    assert (found.expected, found.pace) == (expected, pace)
    assert found.is_alarming == (pace in (Pace.BEHIND, Pace.MISSED))


def of(counts: list[ColumnCount], site: Any, counted: str) -> list[ColumnCount]:
    return [row for row in counts if (row.site_pk, row.counted) == (site.pk, counted)]


@pytest.fixture
def in_november() -> Any:
    with time_machine.travel(datetime.datetime(2026, 11, 28, 4, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("in_november")
def test_by_column_and_class_of_site(world: World) -> None:
    make_survey(world.column, slug="begun", since=-30, until=-20)
    make_solicitation(world.column, slug="open", since=-1)
    make_survey(world.column, slug="planned", since=10, until=20)
    make_survey(world.column, slug="drafted", since=12, until=20, live=False)
    make_survey(world.column, slug="next-year", since=50, until=60)
    make_survey(world.column, slug="last-year", since=-400, until=-390)
    withdrawn = make_survey(world.column, slug="withdrawn", since=-30, until=-20)
    withdrawn.unpublish()
    make_survey(world.hubin_column, slug="hubin", since=-3)
    counts = yearly_counts(None, 2026)
    (portal,) = of(counts, world.site, "asking")
    assert (portal.forecast.done, portal.forecast.planned) == (2, 2)
    assert portal.forecast.required == 6
    assert portal.owed == 1
    (hubin,) = of(counts, world.hubin, "asking")
    assert (hubin.forecast.done, hubin.forecast.required) == (1, 3)
    (last,) = of(yearly_counts(None, 2025), world.site, "asking")
    assert (last.forecast.done, last.forecast.pace) == (1, Pace.MISSED)


@pytest.mark.django_db
@pytest.mark.usefixtures("in_november")
def test_an_interview_counts_when_it_has_been_held(world: World) -> None:
    page = make_survey(world.column, slug="talk", since=-1, until=1)
    Activity.objects.filter(page=page.pk).update(kind=ActivityKind.INTERVIEW)
    (row,) = of(yearly_counts(None, 2026), world.site, "interview")
    assert (row.forecast.done, row.forecast.planned) == (0, 1)
    Activity.objects.filter(page=page.pk).update(ended_at=timezone.now())
    (row,) = of(yearly_counts(None, 2026), world.site, "interview")
    assert (row.forecast.done, row.forecast.planned) == (1, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("in_november")
def test_a_site_with_nothing_is_not_left_out(world: World) -> None:
    counts = yearly_counts({world.gaoxin.pk}, 2026)
    assert [(row.column, row.forecast.pace) for row in counts] == [(None, Pace.BEHIND)] * 2
    with disable_plugin("participation", world.gaoxin.pk):
        assert yearly_counts({world.gaoxin.pk}, 2026) == []


@pytest.mark.django_db
def test_the_numbers_are_those_of_the_table(world: World) -> None:
    YearlyNumber.objects.update_or_create(
        site_class="portal", counted="asking", defaults={"number": 9}
    )
    (row,) = of(yearly_counts(None, 2026), world.site, "asking")
    assert row.forecast.required == 9


@pytest.mark.django_db
def test_counting_costs_the_same_with_many(world: World, django_assert_num_queries: Any) -> None:
    make_survey(world.column, slug="first")
    yearly_counts(None, 2026)
    with django_assert_num_queries(3):
        yearly_counts(None, 2026)
    for number in range(5):
        make_survey(world.hubin_column, slug=f"more-{number}")
    with django_assert_num_queries(3):
        yearly_counts(None, 2026)


# --- the report -----------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.usefixtures("in_november")
def test_the_report_shows_the_own_sites_only(provisioned_world: World) -> None:
    world = provisioned_world
    make_survey(world.column, slug="ours", since=-3)
    client = Client()
    client.force_login(member("editor", world.hubin))
    html = client.get(reverse("participation_counts")).content.decode()
    assert world.hubin.short_name in html
    assert world.column.title not in html


@pytest.mark.django_db
def test_who_may_not_read_the_report(provisioned_world: World) -> None:
    client = Client()
    assert client.get(reverse("participation_counts")).status_code == 302
    client.force_login(member("security_admin"))
    assert client.get(reverse("participation_counts")).status_code in (302, 403)


@pytest.mark.django_db
@pytest.mark.usefixtures("in_november")
def test_exports_say_what_the_report_says(world: World) -> None:
    make_survey(world.column, slug="ours", since=-3)
    client = Client()
    client.force_login(UserFactory(superuser=True))
    address = reverse("participation_counts")
    answer = client.get(f"{address}?year=2026&export=csv")
    text = b"".join(answer).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    ours = next(row for row in rows if world.column.title in row)
    assert ours[4:8] == ["6", "1", "0", "1"]
    sheet = load_workbook(io.BytesIO(client.get(f"{address}?export=xlsx").content)).active
    assert sheet.max_row == len(rows)
    assert client.get(f"{address}?year=abc").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("in_november")
def test_the_panel_is_for_who_runs_a_site_that_is_behind(provisioned_world: World) -> None:
    world = provisioned_world
    request = RequestFactory().get("/")
    request.user = member("site_admin", world.hubin)
    panel = CountsBehind().panel(request)
    assert panel is not None
    assert {row.site_pk for row in panel.rows} == {world.hubin.pk}
    request.user = member("editor", world.hubin)
    assert CountsBehind().panel(request) is None
    YearlyNumber.objects.update(number=0)
    request.user = member("site_admin", world.hubin)
    assert CountsBehind().panel(request) is None
