"""Rates, sheets, confirming, paying; and that nobody settles what he gets."""

import csv
import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.core.models import User
from portal.editorial.models import Basis, Contribution, FeeLine, FeeRate, FeeSheet, ItemKind
from portal.editorial.selectors.fees import amount_of, next_month, rate_on, sheets
from portal.editorial.services.fees import confirm, mark_paid, take_back
from tests.factories import member

from .conftest import Office, signed_in

MARCH = datetime.date(2026, 3, 1)
DAY = datetime.date(2026, 3, 18)


def accepted(
    office: Office, user: User | None = None, *, day: datetime.date = DAY, **fields: Any
) -> Contribution:
    """An accepted item, as the follower leaves it."""
    user = user or office.officer
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
    values = {
        "title": "统计快讯", "site": office.world.site, "user": user, "person": "周一",
        "unit_name": "统计局", "capacity": "officer", "kind": "news", "words": 800,
        "state": "accepted", "submitted_at": moment, "changed_at": moment, "accepted_at": moment,
    }  # fmt: skip
    row: Contribution = Contribution.objects.create(**values | fields)
    return row


def set_rate(office: Office, amount: str = "60", kind: str = "news", **fields: Any) -> FeeRate:
    values = {"basis": Basis.THOUSAND_WORDS, "valid_from": MARCH}
    row: FeeRate = FeeRate.objects.create(
        site=office.world.site, kind=kind, amount=Decimal(amount), **values | fields
    )
    return row


def settle(office: Office, by: User | None = None, month: datetime.date = MARCH) -> FeeSheet:
    return confirm(
        site_pk=office.world.site.pk, user=office.officer, month=month, by=by or office.admin
    )


# --- amounts --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("basis", "amount", "expected"),
    [
        (Basis.THOUSAND_WORDS, "60", "48.00"),
        (Basis.ITEM, "50", "50.00"),
        (Basis.MINUTE, "30", "90.00"),
        (Basis.THOUSAND_WORDS, "0.01", "0.01"),  # 0.008: half up to the fen
    ],
)
def test_words_items_and_minutes(basis: str, amount: str, expected: str) -> None:
    row = Contribution(words=800, minutes=3)
    assert amount_of(row, FeeRate(basis=basis, amount=Decimal(amount))) == Decimal(expected)


def test_the_rate_of_the_day_counts_the_latest_of_several() -> None:
    old = FeeRate(kind="news", valid_from=MARCH.replace(year=2025), amount=Decimal(1))
    new = FeeRate(kind="news", valid_from=DAY, amount=Decimal(2))
    over = FeeRate(kind="news", valid_from=MARCH, valid_until=DAY - datetime.timedelta(days=1))
    rates = [new, old, over]
    assert rate_on(rates, "news", DAY) is new
    assert rate_on(rates, "news", DAY - datetime.timedelta(days=1)) is over
    assert rate_on(rates, "news", MARCH - datetime.timedelta(days=1)) is old
    assert rate_on([over], "news", DAY) is None
    assert rate_on(rates, "video", DAY) is None


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)))
def test_months_follow_each_other_without_a_gap(day: datetime.date) -> None:
    after = next_month(day)
    assert after.day == 1
    assert (after - datetime.timedelta(days=1)).replace(day=1) == day.replace(day=1)


# --- sheets ---------------------------------------------------------------------------------------
def test_a_sheet_holds_what_was_accepted_in_the_month(office: Office) -> None:
    set_rate(office)
    accepted(office)
    accepted(office, words=1200, day=datetime.date(2026, 3, 31))
    accepted(office, day=datetime.date(2026, 4, 1))
    accepted(office, state="returned", accepted_at=None)
    accepted(office, site=office.world.hubin)
    (sheet,) = sheets(office.world.site.pk, MARCH)
    assert (sheet.person, sheet.words, sheet.amount) == ("周一", 2000, Decimal("120.00"))


def test_a_confirmed_sheet_does_not_follow_the_rates(office: Office) -> None:
    rate = set_rate(office)
    row = accepted(office)
    stored = settle(office)
    rate.amount = Decimal(1000)
    rate.save()
    row.refresh_from_db()
    row.words = 99999
    row.save()
    stored.refresh_from_db()
    line = stored.lines.get()
    assert (stored.amount, line.amount, line.rate) == (Decimal("48.00"), Decimal("48.00"), 60)
    (sheet,) = sheets(office.world.site.pk, MARCH)
    assert not sheet.lines
    assert sheet.confirmed == (stored,)


def test_later_items_of_the_month_go_on_a_second_sheet(office: Office) -> None:
    set_rate(office)
    accepted(office)
    settle(office)
    accepted(office, words=1000)
    assert settle(office).amount == Decimal("60.00")
    assert FeeSheet.objects.count() == 2
    with pytest.raises(ValidationError):
        settle(office)


def test_without_a_rate_nothing_is_confirmed(office: Office) -> None:
    set_rate(office)
    accepted(office)
    accepted(office, kind=ItemKind.VIDEO, minutes=2)
    with pytest.raises(ValidationError, match="video"):
        settle(office)
    assert not FeeSheet.objects.exists()


def test_paid_on_a_day_between_confirmation_and_today(office: Office) -> None:
    set_rate(office)
    accepted(office)
    stored, today = settle(office), timezone.localdate()
    for day in (today + datetime.timedelta(days=1), today - datetime.timedelta(days=1)):
        with pytest.raises(ValidationError):
            mark_paid(sheet=stored, on=day, by=office.admin)
    paid = mark_paid(sheet=stored, on=today, by=office.admin)
    assert (paid.state, paid.paid_on) == (FeeSheet.State.PAID, today)
    for again in (
        lambda: mark_paid(sheet=stored, on=today, by=office.admin),
        lambda: take_back(sheet=stored, reason="错", by=office.admin),
    ):
        with pytest.raises(ValidationError):
            again()


def test_taken_back_with_a_reason_it_is_open_again_and_on_record(office: Office) -> None:
    set_rate(office)
    accepted(office)
    stored = settle(office)
    with pytest.raises(ValidationError):
        take_back(sheet=stored, reason=" ", by=office.admin)
    take_back(sheet=stored, reason="重复计算", by=office.admin)
    stored.refresh_from_db()
    assert (stored.state, stored.reason) == (FeeSheet.State.TAKEN_BACK, "重复计算")
    (sheet,) = sheets(office.world.site.pk, MARCH)
    assert len(sheet.lines) == 1
    assert settle(office).amount == stored.amount


# --- who ------------------------------------------------------------------------------------------
def test_only_the_sites_administrator_settles(office: Office) -> None:
    set_rate(office)
    accepted(office)
    site = office.world.site
    strangers = [office.officer, office.editor, member("site_admin", office.world.hubin)]
    strangers += [member(role, site) for role in ("releaser", "auditor", "partner", "reviewer")]
    for user in strangers:
        with pytest.raises(PermissionDenied):
            settle(office, by=user)
    stored = settle(office)
    for user in strangers:
        with pytest.raises(PermissionDenied):
            mark_paid(sheet=stored, on=timezone.localdate(), by=user)
        with pytest.raises(PermissionDenied):
            take_back(sheet=stored, reason="x", by=user)


def test_nobody_settles_the_own_sheet(office: Office) -> None:
    set_rate(office)
    accepted(office, office.admin)
    with pytest.raises(PermissionDenied):
        confirm(site_pk=office.world.site.pk, user=office.admin, month=MARCH, by=office.admin)
    other = member("site_admin", office.world.site)
    stored = confirm(site_pk=office.world.site.pk, user=office.admin, month=MARCH, by=other)
    with pytest.raises(PermissionDenied):
        mark_paid(sheet=stored, on=timezone.localdate(), by=office.admin)
    with pytest.raises(PermissionDenied):
        take_back(sheet=stored, reason="x", by=office.admin)


# --- the screen -----------------------------------------------------------------------------------
def test_the_screen_confirms_pays_and_takes_back(office: Office) -> None:
    set_rate(office)
    accepted(office)
    client = signed_in(office.admin)
    url = f"{reverse('editorial_fees')}?site={office.world.site.pk}&month=2026-03"
    assert "48.00" in client.get(url).content.decode()
    client.post(url, {"action": "confirm", "person": office.officer.pk})
    stored = FeeSheet.objects.get()
    client.post(url, {"action": "take_back", "sheet": stored.pk, "reason": "先核对"})
    client.post(url, {"action": "confirm", "person": office.officer.pk})
    last = FeeSheet.objects.exclude(pk=stored.pk).get()
    client.post(url, {"action": "pay", "sheet": last.pk, "paid_on": f"{timezone.localdate()}"})
    last.refresh_from_db()
    assert last.state == FeeSheet.State.PAID
    content = client.get(url).content.decode()
    assert "先核对" in content
    exported = client.get(f"{url}&export=csv").content.decode("utf-8-sig")
    assert [row["Amount in yuan"] for row in csv.DictReader(io.StringIO(exported))] == ["48.00"]


@pytest.mark.parametrize(
    "data",
    [{}, {"action": "x"}, {"action": "pay", "paid_on": "31.2."}, {"action": "confirm", "person": "x"},
     {"action": "pay", "sheet": "999999999"}],
)  # fmt: skip
def test_what_is_not_understood_changes_nothing(office: Office, data: dict[str, str]) -> None:
    set_rate(office)
    accepted(office)
    stored = settle(office)
    url = f"{reverse('editorial_fees')}?month=2026-03"
    answer = signed_in(office.admin).post(url, {"sheet": stored.pk, **data})
    assert answer.status_code in (302, 404)
    stored.refresh_from_db()
    assert stored.state == FeeSheet.State.CONFIRMED


def test_the_contributor_sees_the_fee_and_whether_it_is_sure(office: Office) -> None:
    set_rate(office)
    row = accepted(office)
    client, url = signed_in(office.officer), reverse("editorial_contribution", args=[row.pk])
    assert "expected" in client.get(url).content.decode()
    settle(office)
    content = client.get(url).content.decode()
    assert "48.00" in content
    assert "confirmed" in content
    assert "expected" not in content


def test_the_sheet_says_where_translators_are_paid(office: Office) -> None:
    content = signed_in(office.admin).get(reverse("editorial_fees")).content.decode()
    assert reverse("foreign_boards") in content


# --- the tables of settings -----------------------------------------------------------------------
@pytest.mark.parametrize("name", ["rates", "contributors", "kinds", "recurring"])
def test_settings_are_the_administrators(office: Office, name: str) -> None:
    url = reverse(f"editorial_{name}:index")
    add = reverse(f"editorial_{name}:add")
    for role in ("editor", "information_officer", "releaser", "auditor"):
        client = signed_in(member(role, office.world.site))
        assert client.get(url).status_code == 302, role
        assert client.get(add).status_code == 302, role
    assert signed_in(office.admin).get(url).status_code == 200
    assert signed_in(office.admin).get(add).status_code == 200


def test_an_administrator_of_another_site_changes_no_rate(office: Office) -> None:
    rate = set_rate(office)
    client = signed_in(member("site_admin", office.world.hubin))
    url = reverse("editorial_rates:edit", args=[rate.pk])
    assert client.get(url).status_code == 302
    values = {"kind": "news", "basis": "words", "amount": "1", "valid_from": "2026-01-01"}
    client.post(reverse("editorial_rates:add"), {**values, "site": office.world.site.pk})
    assert FeeRate.objects.count() == 1


def test_lines_of_the_sheet_keep_what_was_paid_when_the_item_goes(office: Office) -> None:
    set_rate(office)
    row = accepted(office)
    settle(office)
    row.delete()
    assert FeeLine.objects.get().title == "统计快讯"
