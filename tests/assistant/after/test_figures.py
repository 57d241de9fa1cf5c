"""The figures: right, the same by sums and live, by site, fast, as files; for whom."""

import csv
import datetime
import io
import random
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Page

from assistant.portal_plugin import figures_panels
from assistant.portal_plugin.admin.plots import Series, bars, lines
from assistant.portal_plugin.figures_panels import Cell, FiguresQuery, Table
from assistant.portal_plugin.latencies import added_up, percentile
from assistant.portal_plugin.models import AnswerRecord, DailyEntry, DailyFigures
from assistant.portal_plugin.selectors.figures import figures, sites_with_figures
from assistant.portal_plugin.services.feedback import give_feedback
from assistant.portal_plugin.services.figures import roll_up
from assistant.portal_plugin.services.visitor_data import erase
from assistant.retrieval.contract import Decision
from tests.assistant.asking import ask
from tests.assistant.factories import make_question
from tests.factories import UserFactory, World, member

from .test_switch import signed_in

pytestmark = pytest.mark.django_db

NOON = timezone.make_aware(datetime.datetime(2026, 3, 10, 12))  # noqa: DTZ001
TODAY = NOON.date()


def query(
    *, sites: frozenset[int] | None = None, language: str = "", days: int = 7
) -> FiguresQuery:
    return FiguresQuery(sites, language, TODAY - datetime.timedelta(days=days - 1), TODAY)


@pytest.fixture
def asked(world: World) -> World:
    """Three days ago: six questions; today: two."""
    with time_machine.travel(NOON - datetime.timedelta(days=10)):
        first, second = make_question(world.column), make_question(world.column, "别的怎么办？")
    with time_machine.travel(NOON - datetime.timedelta(days=3)):
        for _number in range(3):
            record = ask("小孩咋落户", first, site=world.site.pk).record
        give_feedback(record=record, useful=True)
        other = ask(
            "birth", first, site=world.hubin.pk, main_site=world.site.pk, language="en"
        ).record
        give_feedback(record=other, useful=False, reason="incomplete")
        ask("落户", first, second, decision=Decision.ASK_BACK, close=[first], site=world.site.pk)
        ask("登月", site=world.site.pk)
    with time_machine.travel(NOON):
        ask("别的", second, site=world.site.pk)
        ask("你好", site=world.site.pk)
    return world


@time_machine.travel(NOON)
def test_figures_are_right_and_the_same_by_sums_and_live(asked: World) -> None:
    live = figures(query(), today=TODAY)
    for site in (asked.site.pk, asked.hubin.pk, asked.gaoxin.pk):
        roll_up(site=site, today=TODAY)
    assert DailyFigures.objects.count() == 2
    summed = figures(query(), today=TODAY)
    for found in (live, summed):
        total = found.total
        assert (total.asked, total.answered, total.declined) == (8, 5, 1)
        assert total.answer_rate == pytest.approx(5 / 7)  # small talk asks nothing
        assert total.satisfaction == 0.5
        assert total.reasons == {"incomplete": 1}
        assert total.conversations == 8
        assert [(row.title, row.given, row.useful) for row in found.entries] == [
            ("新生儿怎么上户口？", 4, 1), ("别的怎么办？", 1, 0),
        ]  # fmt: skip
        assert dict(found.languages)["en"].asked == 1
        assert {site: sums.asked for site, sums in found.sites} == {
            asked.site.pk: 7, asked.hubin.pk: 1,
        }  # fmt: skip
        assert [sums.asked for sums in found.days.values()] == [0, 0, 0, 6, 0, 0, 2]
        assert total.median is not None


@time_machine.travel(NOON)
def test_a_site_and_a_language_alone(asked: World) -> None:
    own = figures(query(sites=frozenset({asked.hubin.pk})), today=TODAY)
    assert (own.total.asked, len(own.entries)) == (1, 1)
    assert figures(query(language="en"), today=TODAY).total.asked == 1
    assert figures(query(sites=frozenset()), today=TODAY).total.asked == 0
    roll_up(site=asked.site.pk, today=TODAY)
    roll_up(site=asked.hubin.pk, today=TODAY)
    assert figures(query(sites=frozenset({asked.hubin.pk})), today=TODAY).total.asked == 1
    assert figures(query(language="en"), today=TODAY).total.asked == 1


@time_machine.travel(NOON)
def test_a_day_is_added_up_once_and_outlives_its_conversations(asked: World) -> None:
    assert roll_up(site=asked.site.pk, today=TODAY) == 3
    record = AnswerRecord.objects.filter(site=asked.site.pk, feedback=None).last()
    assert record is not None
    give_feedback(record=record, useful=True)  # late, and still counted
    roll_up(site=asked.site.pk, today=TODAY)
    rows = DailyFigures.objects.filter(site=asked.site.pk)
    assert sum(row.useful for row in rows) == 2
    later = TODAY + datetime.timedelta(days=30)
    with time_machine.travel(NOON + datetime.timedelta(days=30)):
        roll_up(site=asked.site.pk, today=later)
        erase(conversations=list(AnswerRecord.objects.values_list("conversation", flat=True)))
        roll_up(site=asked.site.pk, today=later)
        assert figures(query(), today=later).total.asked == 7
        assert DailyEntry.objects.filter(site=asked.site.pk).exists()


@time_machine.travel(NOON)
def test_today_is_live_and_a_late_night_is_made_up_for(asked: World) -> None:
    roll_up(site=asked.site.pk, today=TODAY)
    ask("小孩咋落户", site=asked.site.pk)
    assert figures(query(sites=frozenset({asked.site.pk})), today=TODAY).total.asked == 8
    tomorrow = TODAY + datetime.timedelta(days=1)
    with time_machine.travel(NOON + datetime.timedelta(days=1)):
        found = figures(
            FiguresQuery(frozenset({asked.site.pk}), "", TODAY, tomorrow), today=tomorrow
        )
        assert found.total.asked == 3  # nobody has added up yesterday yet


@time_machine.travel(NOON)
def test_the_number_of_queries_does_not_depend_on_what_was_asked(asked: World) -> None:
    roll_up(site=asked.site.pk, today=TODAY)
    with CaptureQueriesContext(connection) as few:
        figures(query(), today=TODAY)
    for _number in range(10):
        ask("小孩咋落户", site=asked.site.pk)
    with CaptureQueriesContext(connection) as many:
        figures(query(days=90), today=TODAY)
    assert len(many) == len(few)


# --- percentiles ----------------------------------------------------------------------------------
def test_percentiles_are_right_within_five_percent() -> None:
    chance = random.Random(7)
    values = sorted(round(chance.lognormvariate(4.5, 0.8)) for _number in range(5000))
    classes = added_up((value, 1) for value in values)
    for share in (0.5, 0.95):
        true = values[round(len(values) * share) - 1]
        found = percentile(classes, share)
        assert found is not None
        assert abs(found - true) <= 0.05 * true + 1
    assert percentile({}, 0.5) is None
    assert percentile(added_up([(0, 3), (1, 2)]), 0.95) == 1


# --- plots ----------------------------------------------------------------------------------------
def test_plots_draw_what_the_numbers_say() -> None:
    plot = bars("v", "T", "D", ["a", "b"], [Series("x", "x", [1, 3]), Series("y", "y", [1, 0])])
    heights = {(mark.look, mark.tip): mark.height for mark in plot.bars}
    assert len(heights) == 3  # no bar for nothing
    assert heights["x", "b · x: 3"] == pytest.approx(3 * heights["x", "a · x: 1"])
    first, second = (mark for mark in plot.bars if mark.x == plot.bars[0].x)
    assert first.y == pytest.approx(second.y + second.height)  # one on the other
    gap = lines("r", "T", "D", ["a", "b", "c"], [Series("x", "x", [0.5, None, 1.0])], str, 1.0)
    assert gap.lines[0].path.count("M") == 2
    assert len(gap.points) == 2
    for empty in (bars("v", "T", "D", [], []), lines("v", "T", "D", [], [], str)):
        assert empty.grid


# --- the page -------------------------------------------------------------------------------------
@time_machine.travel(NOON)
def test_the_page_has_plots_with_text_and_tables(asked: World) -> None:
    html = signed_in(UserFactory(superuser=True)).get(reverse("assistant_figures")).content.decode()
    pictures = [part for part in html.split("<svg") if part.lstrip().startswith('class="plot')]
    assert len(pictures) == 3
    for picture in pictures:
        drawn = ET.fromstring("<svg" + picture[: picture.index("</svg>") + 6])
        assert drawn.attrib["role"] == "img"
        assert f'id="{drawn.attrib["aria-describedby"]}"' in html
        assert drawn.findtext("title")
    assert "style=" not in "".join(pictures)
    assert "新生儿怎么上户口？" in html


@time_machine.travel(NOON)
def test_an_empty_period_says_so(world: World) -> None:
    html = signed_in(UserFactory(superuser=True)).get(reverse("assistant_figures")).content.decode()
    assert "help-info" in html
    assert '<svg class="plot' not in html


@time_machine.travel(NOON)
@pytest.mark.parametrize(
    "data",
    [
        {"days": "8"}, {"first": "2026-03-05", "last": "2026-03-01"}, {"first": "x"},
        {"first": "2020-01-01"}, {"site": "999999"}, {"language": "xx"}, {"site": "\x00"},
    ],
)  # fmt: skip
def test_bad_choices_are_told_and_the_page_stands(asked: World, data: dict[str, str]) -> None:
    client = signed_in(UserFactory(superuser=True))
    response = client.get(reverse("assistant_figures"), data)
    assert response.status_code == 200
    assert "error-message" in response.content.decode()
    address = reverse("assistant_figures_export", args=["questions", "csv"])
    assert client.get(address, data).status_code == 404


@time_machine.travel(NOON)
def test_each_table_comes_as_a_file(
    asked: World, column: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def risky(query: FiguresQuery, user: Any) -> Table:
        return Table("gaps", "Gaps: 2026/3", ["Words", "Number"], [(Cell("=1+1", "/x"), 3)])

    monkeypatch.setattr(figures_panels, "_panels", {"gaps": risky})
    client = signed_in(UserFactory(superuser=True))
    assert "=1+1" in client.get(reverse("assistant_figures")).content.decode()
    for key in ("questions", "gaps", "statuses", "reasons", "languages", "sites", "channels", "days"):  # fmt: skip
        response = client.get(reverse("assistant_figures_export", args=[key, "csv"]))
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert len(rows) > 1
        sheet = client.get(reverse("assistant_figures_export", args=[key, "xlsx"]))
        book = load_workbook(io.BytesIO(sheet.content))
        assert book.active is not None
        assert book.active.max_row == len(rows)
    gaps = client.get(reverse("assistant_figures_export", args=["gaps", "csv"])).content.decode()
    assert "'=1+1,3" in gaps
    for key, kind in (("nothing", "csv"), ("questions", "exe")):
        assert client.get(reverse("assistant_figures_export", args=[key, kind])).status_code == 404


# --- who ------------------------------------------------------------------------------------------
@time_machine.travel(NOON)
def test_who_sees_whose_figures(provisioned_world: World) -> None:
    world = provisioned_world
    ask("小孩咋落户", site=world.site.pk)
    ask("小孩咋落户", site=world.hubin.pk)
    ask("小孩咋落户")
    expected = {
        member("platform_admin"): 3,
        member("audit_admin"): 3,
        member("site_admin", world.site): 1,
        member("editor", world.hubin): 1,
        member("auditor", world.site): 1,
        member("security_admin"): None,
        member("information_officer", world.site): None,
        member("partner", world.site): None,
    }
    days = reverse("assistant_figures_export", args=["days", "csv"])
    for user, number in expected.items():
        client = signed_in(user)
        response = client.get(reverse("assistant_figures"))
        if number is None:
            assert response.status_code == 302
            assert client.get(days).status_code == 302
            continue
        assert response.status_code == 200
        rows = list(csv.reader(io.StringIO(client.get(days).content.decode("utf-8-sig"))))
        assert sum(int(row[1]) for row in rows[1:]) == number
    # Another site is not looked at by asking for it.
    client = signed_in(member("editor", world.hubin))
    assert client.get(days, {"site": world.site.pk}).status_code == 404
    assert sites_with_figures(member("translator", world.site)) == frozenset()
    assert Client().get(days).status_code == 302
