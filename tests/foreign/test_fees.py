"""Work on record, sheets, rates, settling: and who may do and see what."""

import csv
import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from portal.core.models import User
from portal.foreign.models import FeeSettlement, MadeBy, PageTranslation, TeamRole, WorkRecord
from portal.foreign.selectors.fees import sheets
from portal.foreign.services.fees import correct, set_rate, settle, take_settlement_back
from portal.foreign.services.work_records import record_work
from tests.factories import World, member

from .board_rows import owed
from .factories import Section, add_member, make_section

MARCH = datetime.date(2026, 3, 1)
NOW = datetime.datetime(2026, 3, 18, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def wednesday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def english(provisioned_english: Section) -> Section:
    return provisioned_english


@pytest.fixture
def page(english: Section) -> PageTranslation:
    return owed(english.row, english.source, title="居留许可")


@pytest.fixture
def translator(english: Section, provisioned_world: World) -> User:
    user = member("translator", provisioned_world.site, last_name="陈二")
    add_member(english.row, TeamRole.TRANSLATOR, user)
    return user


@pytest.fixture
def admin(provisioned_world: World) -> User:
    return member("site_admin", provisioned_world.site)


@pytest.fixture
def rate(english: Section, admin: User) -> None:
    _rate(english, admin, "100")


def _rate(section: Section, by: User, amount: str, **values: Any) -> None:
    wanted = {"kind": "translate", "made_by": MadeBy.HUMAN, "valid_from": MARCH} | values
    set_rate(section=section.row, amount=Decimal(amount), by=by, **wanted)


def _work(page: PageTranslation, user: User, words: int, text: str = "", **values: Any) -> Any:
    wanted = {"kind": "translate"} | values
    return record_work(user=user, translation=page, words=words, text=text, **wanted)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


# --- on record ------------------------------------------------------------------------------------
def test_a_text_is_counted_once_for_each_kind_of_work(
    page: PageTranslation, translator: User, admin: User
) -> None:
    assert _work(page, translator, 40, "body.1 0 abc")
    assert _work(page, translator, 40, "body.1 0 abc") is None
    assert _work(page, translator, 44, "body.1 0 changed")
    assert _work(page, admin, 40, "body.1 0 abc", kind="review")
    assert sorted(WorkRecord.objects.values_list("kind", "words")) == [
        ("review", 40),
        ("translate", 40),
        ("translate", 44),
    ]


def test_nothing_and_nobody_are_not_recorded(page: PageTranslation, translator: User) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert _work(page, translator, 0) is None
    assert record_work(user=AnonymousUser(), translation=page, kind="translate", words=3) is None
    assert not WorkRecord.objects.exists()


def test_the_record_outlives_page_and_account(page: PageTranslation, translator: User) -> None:
    _work(page, translator, 40)
    page.source.delete()
    translator.delete()
    record = WorkRecord.objects.get()
    assert (record.person, record.title, record.words) == ("陈二", "居留许可", 40)


# --- sheets ---------------------------------------------------------------------------------------
def test_a_sheet_adds_words_and_money_by_kind(
    english: Section, page: PageTranslation, translator: User, admin: User, rate: None
) -> None:
    _rate(english, admin, "30", kind="review")
    _rate(english, admin, "40", made_by=MadeBy.MACHINE)
    _work(page, translator, 1234, "a")
    _work(page, translator, 766, "b")
    _work(page, translator, 500, "c", made_by=MadeBy.REVIEWED_MACHINE)
    _work(page, translator, 100, "d", kind="review")
    (sheet,) = sheets(english.row, MARCH)
    assert [(line.kind, line.made_by, line.words, line.amount) for line in sheet.lines] == [
        ("translate", "human", 2000, Decimal("200.00")),
        ("translate", "machine", 500, Decimal("20.00")),
        ("review", "human", 100, Decimal("3.00")),
    ]
    assert (sheet.words, sheet.amount) == (2600, Decimal("223.00"))


def test_the_rate_of_the_day_of_the_work_counts(
    english: Section, page: PageTranslation, translator: User, admin: User, rate: None
) -> None:
    _rate(english, admin, "200", valid_from=datetime.date(2026, 3, 18))
    _work(page, translator, 1000)
    with time_machine.travel(NOW - datetime.timedelta(days=1), tick=False):
        _work(page, translator, 1000)
    (sheet,) = sheets(english.row, MARCH)
    assert sheet.amount == Decimal("300.00")


def test_a_month_ends_at_midnight_of_the_portal(
    english: Section, page: PageTranslation, translator: User
) -> None:
    # Half past midnight of 1 March in Yunhu, still February in Greenwich.
    with time_machine.travel(
        datetime.datetime(2026, 2, 28, 16, 30, tzinfo=datetime.UTC), tick=False
    ):
        _work(page, translator, 10)
    assert [sheet.words for sheet in sheets(english.row, MARCH)] == [10]
    assert sheets(english.row, datetime.date(2026, 2, 1)) == []


def test_work_without_a_rate_is_shown_and_cannot_be_settled(
    english: Section, page: PageTranslation, translator: User, admin: User
) -> None:
    _work(page, translator, 1000)
    (sheet,) = sheets(english.row, MARCH)
    assert sheet.lacks_rate
    with pytest.raises(ValidationError):
        settle(section=english.row, user=translator, month=MARCH, by=admin)


# --- settling -------------------------------------------------------------------------------------
def test_what_is_settled_no_longer_changes(
    english: Section, page: PageTranslation, translator: User, admin: User, rate: None
) -> None:
    _work(page, translator, 1000)
    settlement = settle(section=english.row, user=translator, month=MARCH, by=admin)
    assert (settlement.amount, settlement.words) == (Decimal("100.00"), 1000)
    _rate(english, admin, "900")
    _work(page, translator, 10)
    (sheet,) = sheets(english.row, MARCH)
    assert [row.amount for row in sheet.settled] == [Decimal("100.00")]
    assert sheet.words == 10
    # What came later is settled apart.
    settle(section=english.row, user=translator, month=MARCH, by=admin)
    with pytest.raises(ValidationError):
        settle(section=english.row, user=translator, month=MARCH, by=admin)


def test_a_settlement_is_taken_back_with_a_reason_and_stays_on_record(
    english: Section, page: PageTranslation, translator: User, admin: User, rate: None
) -> None:
    _work(page, translator, 1000)
    settlement = settle(section=english.row, user=translator, month=MARCH, by=admin)
    with pytest.raises(ValidationError):
        take_settlement_back(settlement=settlement, reason=" ", by=admin)
    take_settlement_back(settlement=settlement, reason="少算一页", by=admin)
    (sheet,) = sheets(english.row, MARCH)
    assert (sheet.words, sheet.settled) == (1000, ())
    kept = FeeSettlement.objects.get()
    assert (kept.taken_back_by, kept.reason) == (admin, "少算一页")
    with pytest.raises(ValidationError):
        take_settlement_back(settlement=settlement, reason="再来", by=admin)


def test_a_correction_needs_a_reason_and_is_paid_as_translation(
    english: Section, page: PageTranslation, translator: User, admin: User, rate: None
) -> None:
    _work(page, translator, 1000)
    for words, reason in ((0, "理由"), (-5, " ")):
        with pytest.raises(ValidationError):
            correct(
                section=english.row,
                user=translator,
                month=MARCH,
                words=words,
                reason=reason,
                by=admin,
            )
    correct(section=english.row, user=translator, month=MARCH, words=-200, reason="重复", by=admin)
    (sheet,) = sheets(english.row, MARCH)
    assert (sheet.words, sheet.amount) == (800, Decimal("80.00"))


# --- who may not ----------------------------------------------------------------------------------
def test_nobody_settles_or_corrects_the_own_sheet(
    english: Section, page: PageTranslation, admin: User, rate: None
) -> None:
    _work(page, admin, 1000)
    with pytest.raises(PermissionDenied):
        settle(section=english.row, user=admin, month=MARCH, by=admin)
    with pytest.raises(PermissionDenied):
        correct(section=english.row, user=admin, month=MARCH, words=9, reason="x", by=admin)


def test_only_who_runs_the_section_sets_rates_settles_and_sees_all_sheets(
    english: Section,
    page: PageTranslation,
    translator: User,
    provisioned_world: World,
    rate: None,
) -> None:
    _work(page, translator, 1000)
    lead = member("translator", provisioned_world.site)
    add_member(english.row, TeamRole.LEAD, lead)
    others = [lead, translator, member("site_admin", provisioned_world.hubin)]
    address = reverse("foreign_fees", args=[english.row.pk])
    for user in [*others, member("editor", provisioned_world.site)]:
        for response in (
            signed_in(user).get(address),
            signed_in(user).post(address, {"action": "settle", "person": translator.pk}),
        ):
            assert response.status_code in (302, 403), user
    assert not FeeSettlement.objects.exists()
    for user in others:
        with pytest.raises(PermissionDenied):
            settle(section=english.row, user=translator, month=MARCH, by=user)
        with pytest.raises(PermissionDenied):
            _rate(english, user, "999")


def test_the_own_sheet_shows_the_own_work_only(
    english: Section, page: PageTranslation, translator: User, provisioned_world: World
) -> None:
    other = member("translator", provisioned_world.site, last_name="别人")
    _work(page, translator, 111)
    _work(page, other, 999_7)
    html = signed_in(translator).get(reverse("foreign_own_fees")).content.decode()
    assert "111" in html
    assert "9997" not in html
    assert "别人" not in html
    export = reverse("foreign_own_fees") + "?export=csv"
    text = signed_in(translator).get(export).content.decode("utf-8-sig")
    assert [row[6] for row in csv.reader(io.StringIO(text))][1:] == ["111"]


# --- the screen -----------------------------------------------------------------------------------
def test_rates_and_settling_on_the_screen(
    english: Section, page: PageTranslation, translator: User, admin: User
) -> None:
    _work(page, translator, 2000)
    client, address = signed_in(admin), reverse("foreign_fees", args=[english.row.pk])
    html = client.get(address).content.decode()
    assert "陈二" in html
    assert "disabled" in html
    wrong = {"action": "rate", "kind": "translate", "made_by": "human", "amount": "-1",
             "valid_from": "2026-03-01"}  # fmt: skip
    response = client.post(address, wrong)
    assert response.status_code == 422
    assert 'value="-1"' in response.content.decode()
    assert client.post(address, wrong | {"amount": "150"}).status_code == 302
    client.post(address, {"action": "settle", "person": translator.pk})
    assert FeeSettlement.objects.get().amount == Decimal("300.00")
    text = client.get(f"{address}?month=2026-03&export=csv").content.decode("utf-8-sig")
    assert "300.00" in text
    response = client.post(
        address, {"action": "take_back", "settlement": FeeSettlement.objects.get().pk, "reason": ""}
    )
    assert FeeSettlement.objects.get().taken_back_at is None


def test_a_settlement_of_another_section_is_not_found_here(
    english: Section, page: PageTranslation, translator: User, admin: User, provisioned_world: World
) -> None:
    japanese = make_section(provisioned_world, "ja")
    _rate(japanese, admin, "100")
    _work(owed(japanese.row, japanese.source), translator, 10)
    settlement = settle(section=japanese.row, user=translator, month=MARCH, by=admin)
    response = signed_in(admin).post(
        reverse("foreign_fees", args=[english.row.pk]),
        {"action": "take_back", "settlement": settlement.pk, "reason": "试试"},
    )
    assert response.status_code == 404
