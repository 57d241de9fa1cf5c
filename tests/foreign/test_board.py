"""The boards in the admin: who sees them, what they show, how work is given out and taken back."""

import csv
import datetime
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.core.models import User
from portal.foreign.models import (
    Harm,
    PageTranslation,
    TeamRole,
    TranslationAssignment,
)
from tests.factories import UserFactory, World, member

from .board_rows import owed
from .factories import Section, add_member, make_section

Status = PageTranslation.Status


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


@pytest.fixture
def english(provisioned_english: Section) -> Section:
    return provisioned_english


@pytest.fixture
def lead(english: Section, provisioned_world: World) -> User:
    return _in_team(provisioned_world, english, TeamRole.LEAD, first_name="", last_name="林一")


@pytest.fixture
def translator(english: Section, provisioned_world: World) -> User:
    return _in_team(provisioned_world, english, TeamRole.TRANSLATOR, last_name="陈二")


def _in_team(world: World, section: Section, role: TeamRole, **fields: Any) -> User:
    """With the site's role that lets into the admin, as every team member has."""
    user = member("translator", world.site, **fields)
    add_member(section.row, role, user)
    return user


def board_url(section: Section) -> str:
    return reverse("foreign_board", args=[section.row.pk])


# --- seeing ---------------------------------------------------------------------------------------
def test_the_board_lists_what_is_owed_most_urgent_first(english: Section, lead: User) -> None:
    owed(english.row, english.source, title="排队一", harm=Harm.LOW, days_ago=3)
    owed(english.row, english.source, title="急事二", harm=Harm.SEVERE, days_ago=3, words=120)
    owed(english.row, english.source, title="已经好了", status=Status.CURRENT)
    html = signed_in(lead).get(board_url(english)).content.decode()
    assert html.index("急事二") < html.index("排队一")
    assert "已经好了" not in html
    assert "120" in html


def test_overdue_is_marked_with_its_working_days(english: Section, lead: User) -> None:
    day = timezone.localdate() - datetime.timedelta(days=14)
    owed(english.row, english.source, days_ago=20, due=day)
    html = signed_in(lead).get(board_url(english)).content.decode()
    assert "foreign-board__row--late" in html
    assert day.isoformat() in html


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("status=stale", {"乙"}, {"甲", "丙"}),
        ("status=current", {"丙"}, {"甲", "乙"}),
        ("harm=8", {"甲"}, {"乙"}),
        ("overdue=1", {"乙"}, {"甲"}),
        ("assigned=nobody", {"甲", "乙"}, {"丙"}),
        ("q=乙", {"乙"}, {"甲", "丙"}),
        # What makes no sense filters nothing.
        ("status=nonsense&harm=x&column=⁵", {"甲", "乙"}, {"丙"}),
    ],
    ids=["status", "current", "harm", "overdue", "nobody", "title", "nonsense"],
)
def test_the_board_filters(
    english: Section, lead: User, query: str, shown: set[str], hidden: set[str]
) -> None:
    late = timezone.localdate() - datetime.timedelta(days=1)
    owed(english.row, english.source, title="页面甲", harm=8)
    owed(english.row, english.source, title="页面乙", status=Status.STALE, due=late)
    owed(english.row, english.source, title="页面丙", status=Status.CURRENT)
    html = signed_in(lead).get(f"{board_url(english)}?{query}").content.decode()
    for letter in shown:
        assert f"页面{letter}" in html, letter
    for letter in hidden:
        assert f"页面{letter}" not in html, letter


def test_the_column_filter_follows_feeds_and_places(
    english: Section, lead: User, provisioned_world: World
) -> None:
    owed(english.row, english.source, title="居住类")
    owed(english.row, provisioned_world.column, title="没有去处")
    html = signed_in(lead).get(f"{board_url(english)}?column={english.living.pk}").content.decode()
    assert "居住类" in html
    assert "没有去处" not in html


def test_a_withdrawn_page_is_not_owed(english: Section, lead: User) -> None:
    row = owed(english.row, english.source, title="撤下的")
    row.source.live = False
    row.source.save(update_fields=["live"])
    assert "撤下的" not in signed_in(lead).get(board_url(english)).content.decode()


def test_long_queues_come_in_portions(english: Section, lead: User) -> None:
    for number in range(51):
        owed(english.row, english.source, title=f"事项{number:02}", harm=1, segments=1)
    client = signed_in(lead)
    assert client.get(board_url(english)).content.decode().count('data-w-bulk-target="item"') == 50
    assert (
        client.get(f"{board_url(english)}?p=2").content.decode().count('w-bulk-target="item"') == 1
    )


def test_the_overview_shows_the_own_sections_only(
    english: Section, lead: User, provisioned_world: World
) -> None:
    japanese = make_section(provisioned_world, "ja")
    html = signed_in(lead).get(reverse("foreign_boards")).content.decode()
    assert board_url(english) in html
    assert board_url(japanese) not in html
    admin = member("site_admin", provisioned_world.site)
    html = signed_in(admin).get(reverse("foreign_boards")).content.decode()
    assert board_url(english) in html
    assert board_url(japanese) in html


def test_a_member_with_columns_sees_those_only(english: Section, provisioned_world: World) -> None:
    narrow = member("translator", provisioned_world.site)
    add_member(english.row, TeamRole.TRANSLATOR, narrow, columns=[english.news])
    owed(english.row, english.source, title="别人的栏目")
    assert "别人的栏目" not in signed_in(narrow).get(board_url(english)).content.decode()


# --- who may not ----------------------------------------------------------------------------------
def test_who_has_nothing_to_do_with_the_section_sees_no_board(
    english: Section, provisioned_world: World
) -> None:
    japanese = make_section(provisioned_world, "ja")
    of_another = member("translator", provisioned_world.site)
    add_member(japanese.row, TeamRole.LEAD, of_another)
    left = member("translator", provisioned_world.site)
    add_member(english.row, TeamRole.LEAD, left, active=False)
    outsiders = [
        of_another,
        left,
        member("editor", provisioned_world.site),
        member("site_admin", provisioned_world.hubin),
    ]
    for user in outsiders:
        response = signed_in(user).get(board_url(english))
        assert response.status_code in (302, 403), user
        assert "foreign-tiles" not in response.content.decode()
    assert Client().get(board_url(english)).status_code == 302


def test_translators_give_out_nothing(english: Section, translator: User) -> None:
    row = owed(english.row, english.source)
    data = {"translation": row.pk, "to": translator.pk}
    response = signed_in(translator).post(board_url(english), data)
    assert response.status_code in (302, 403)
    assert not TranslationAssignment.objects.exists()


def test_a_head_of_another_section_gives_out_nothing_here(
    english: Section, lead: User, translator: User, provisioned_world: World
) -> None:
    japanese = make_section(provisioned_world, "ja")
    row = owed(japanese.row, japanese.source)
    client = signed_in(lead)
    # Neither at the other board, nor by smuggling its translation into the own one.
    client.post(board_url(japanese), {"translation": row.pk, "to": translator.pk})
    client.post(board_url(english), {"translation": row.pk, "to": translator.pk})
    assert not TranslationAssignment.objects.exists()


# --- giving out -----------------------------------------------------------------------------------
def test_work_is_given_out_and_taken_back(english: Section, lead: User, translator: User) -> None:
    rows = [owed(english.row, english.source, title=f"页{n}") for n in range(2)]
    day = timezone.localdate() + datetime.timedelta(days=3)
    client = signed_in(lead)
    data = {
        "translation": [row.pk for row in rows],
        "to": translator.pk,
        "wanted_by": day.isoformat(),
    }
    assert client.post(board_url(english), data).status_code == 302
    held = TranslationAssignment.objects.all()
    assert {(row.user, row.wanted_by, row.assigned_by) for row in held} == {(translator, day, lead)}
    html = client.get(board_url(english)).content.decode()
    assert "陈二" in html
    client.post(board_url(english), {"undo": "1"})
    assert not TranslationAssignment.objects.exists()


def test_taking_back_restores_who_had_it_before(
    english: Section, lead: User, translator: User, provisioned_world: World
) -> None:
    row = owed(english.row, english.source)
    other = _in_team(provisioned_world, english, TeamRole.TRANSLATOR)
    client = signed_in(lead)
    client.post(board_url(english), {"translation": row.pk, "to": other.pk})
    client.post(board_url(english), {"translation": row.pk, "to": translator.pk})
    client.post(board_url(english), {"undo": "1"})
    assert TranslationAssignment.objects.get().user == other


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"translation": []}, "先选择"),
        ({"to": ""}, "选择"),
        ({"wanted_by": "2001-01-01"}, "已经过去"),
        ({"wanted_by": "2026-02-30"}, "2026-02-30"),
    ],
    ids=["no page", "nobody", "past", "no day"],
)
def test_what_cannot_be_given_out_is_told_and_nothing_typed_is_lost(
    english: Section, lead: User, translator: User, change: dict[str, Any], told: str
) -> None:
    row = owed(english.row, english.source)
    data = {"translation": [row.pk], "to": translator.pk, "wanted_by": ""} | change
    response = signed_in(lead).post(board_url(english), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "messages" in html
    assert not TranslationAssignment.objects.exists()
    if data["translation"]:
        assert " checked>" in html
    if data["to"]:
        assert f'<option value="{translator.pk}" selected>' in html
    assert f'value="{data["wanted_by"]}"' in html


def test_nobody_is_given_what_lies_outside_the_own_columns(
    english: Section, lead: User, provisioned_world: World
) -> None:
    row = owed(english.row, english.source)
    narrow = member("translator", provisioned_world.site)
    add_member(english.row, TeamRole.TRANSLATOR, narrow, columns=[english.news])
    response = signed_in(lead).post(board_url(english), {"translation": row.pk, "to": narrow.pk})
    assert response.status_code == 422
    assert not TranslationAssignment.objects.exists()


def test_a_translator_takes_what_nobody_has(
    english: Section, translator: User, provisioned_world: World
) -> None:
    row = owed(english.row, english.source)
    take = reverse("foreign_take", args=[row.pk])
    assert signed_in(translator).get(take).status_code == 405
    signed_in(translator).post(take)
    assert TranslationAssignment.objects.get().user == translator
    other = _in_team(provisioned_world, english, TeamRole.TRANSLATOR)
    signed_in(other).post(take)
    assert TranslationAssignment.objects.get().user == translator
    outsider = member("editor", provisioned_world.site)
    signed_in(outsider).post(take)
    assert TranslationAssignment.objects.get().user == translator


# --- files ----------------------------------------------------------------------------------------
def test_the_queue_goes_out_as_a_file_in_its_order(english: Section, lead: User) -> None:
    owed(english.row, english.source, title="=危险", harm=1, days_ago=2, segments=4, current=1)
    owed(english.row, english.source, title="要紧", harm=8, days_ago=2)
    client = signed_in(lead)
    text = client.get(f"{board_url(english)}?export=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == ["要紧", "'=危险"]
    book = load_workbook(io.BytesIO(client.get(f"{board_url(english)}?export=xlsx").content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert [row[0] for row in cells[1:]] == ["要紧", "'=危险"]
    assert cells[2][3:5] == [4, 3]


# --- cost -----------------------------------------------------------------------------------------
def test_a_longer_queue_asks_for_no_more_queries(
    english: Section, lead: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(lead)
    for _number in range(3):
        owed(english.row, english.source)
    client.get(board_url(english))
    with django_assert_max_num_queries(30):
        client.get(board_url(english))
    for _number in range(20):
        row = owed(english.row, english.source)
        TranslationAssignment.objects.create(translation=row, user=UserFactory())
    with django_assert_max_num_queries(30):
        client.get(board_url(english))
