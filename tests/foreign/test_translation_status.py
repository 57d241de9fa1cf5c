"""``portal translation_status``: what it prints, as text and as JSON."""

import datetime
import json
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from portal.foreign.models import LiveSegment, PageTranslation
from portal.testing import disable_plugin
from tests.factories import World

from .board_rows import owed
from .factories import Section, make_section

Status = PageTranslation.Status
NOW = datetime.datetime(2026, 3, 18, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def wednesday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def three(english: Section) -> dict[str, PageTranslation]:
    """One up to date, one with a paragraph behind, one that nobody began."""
    released = {"released_at": NOW, "segments": 4}
    stale = owed(
        english.row,
        english.source,
        title="落后的",
        status=Status.IN_WORK,
        current=3,
        stale=1,
        words=30,
        days_ago=6,
        due=datetime.date(2026, 3, 17),
        **released,
    )
    for position, since in ((0, None), (2, NOW)):
        LiveSegment.objects.create(
            translation=stale,
            path="body.1",
            position=position,
            source_hash="x",
            source_text="甲",
            text="A",
            made_at=NOW,
            stale_since=since,
        )
    return {
        "current": owed(
            english.row, english.source, title="好的", status=Status.CURRENT, current=4, **released
        ),
        "stale": stale,
        "missing": owed(english.row, english.source, title="没有的", words=200, segments=5),
    }


def status(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("translation_status", "--json", *arguments, stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def test_each_page_is_up_to_date_stale_or_missing(three: dict[str, PageTranslation]) -> None:
    report = status("--language", "en")
    assert {page["source"]["title"]: page["status"] for page in report["pages"]} == {
        "好的": "up_to_date",
        "落后的": "stale",
        "没有的": "missing",
    }
    assert report["languages"] == [
        {
            "language": "en",
            "site": "yunhu",
            "state": "open",
            "coverage": 58,
            "minimum_coverage": 80,
            "pages": 3,
            "up_to_date": 1,
            "stale": 1,
            "missing": 1,
            "work": dict.fromkeys(Status.values, 0) | {"current": 1, "in_work": 1, "missing": 1},
            "stale_segments": 1,
            "words": 230,
            "overdue": 1,
        }
    ]


def test_a_stale_page_names_its_paragraphs_and_its_lag(three: dict[str, PageTranslation]) -> None:
    page = next(page for page in status()["pages"] if page["status"] == "stale")
    assert page["segments"] == {"total": 4, "current": 3, "stale": 1, "missing": 0, "machine": 0}
    assert page["stale_segments"] == [
        {"path": "body.1", "position": 2, "since": "2026-03-18T10:00:00+08:00"}
    ]
    assert (page["work"], page["lag_working_days"]) == ("in_work", 4)
    assert (page["due"], page["overdue"]) == ("2026-03-17", True)
    assert page["source"]["url"].startswith("/juzhu/")


def test_a_page_that_is_up_to_date_has_no_lag(three: dict[str, PageTranslation]) -> None:
    page = next(page for page in status()["pages"] if page["status"] == "up_to_date")
    assert (page["lag_working_days"], page["due"], page["overdue"]) == (0, None, False)
    assert page["priority"] == 0


def test_as_text_a_line_for_each_page(three: dict[str, PageTranslation]) -> None:
    out = StringIO()
    call_command("translation_status", "--language", "en", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("en · yunhu (open): coverage 58 % of 3 core pages")
    stale = next(line for line in lines if "落后的" in line)
    assert "stale  (1 of 4 texts)  [in work]" in stale
    assert "due 2026-03-17 OVERDUE" in stale


def test_sites_and_languages_are_told_apart(english: Section, world: World) -> None:
    japanese = make_section(world, "ja")
    owed(english.row, english.source, title="英文欠的")
    owed(japanese.row, english.source, title="日文欠的")
    report = status("--language", "ja", "--site", "yunhu")
    assert [page["source"]["title"] for page in report["pages"]] == ["日文欠的"]
    assert len(status()["languages"]) == 2


@pytest.mark.parametrize(
    "arguments", [["--language", "xx"], ["--site", "nowhere"]], ids=["language", "site"]
)
def test_what_does_not_exist_is_bad_usage(english: Section, arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="en at yunhu") as refused:
        call_command("translation_status", *arguments)
    assert refused.value.returncode == 2


def test_where_the_plugin_is_off_there_is_no_section(english: Section) -> None:
    with disable_plugin("foreign"):
        assert status()["languages"] == []


def test_without_any_section_it_says_so(world: World) -> None:
    out = StringIO()
    call_command("translation_status", stdout=out)
    assert "no section" in out.getvalue()
