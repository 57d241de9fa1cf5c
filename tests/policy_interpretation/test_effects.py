"""What ends documents: chains, several at once, days to come, undone ends, parts, translations."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Locale, Page

from portal.core import validity
from portal.core.models import ListingRow, OutboxEvent, Publication
from portal.policy_interpretation.models import (
    EffectKind,
    PolicyEffect,
    PolicyPage,
    PolicyRecord,
    PolicyRelation,
    PolicyVersion,
)
from portal.policy_interpretation.selectors.validity import in_force, validity_of
from portal.policy_interpretation.services import effects
from portal.policy_interpretation.validity import Validity
from tests.factories import UserFactory, World

from .factories import clause, make_policy, republish

pytestmark = pytest.mark.django_db

DAY = datetime.date
TODAY = DAY(2026, 9, 1)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(datetime.datetime(2026, 9, 1, 4, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def user(db: None) -> Any:
    return UserFactory()


def record(page: PolicyPage) -> PolicyRecord:
    return PolicyRecord.objects.get(page=page)


def state(page: PolicyPage, day: datetime.date = TODAY) -> Validity:
    return validity_of([page.pk], day)[page.pk]


def relate(page: PolicyPage, kind: str, *targets: PolicyPage, **fields: Any) -> None:
    page.relations = [PolicyRelation(kind=kind, target=target, **fields) for target in targets]
    republish(page)


def end(page: PolicyPage, user: Any, **values: Any) -> PolicyEffect:
    wanted = {"kind": EffectKind.REPEALED, "since": TODAY, "basis": "市政府令第1号"}
    return effects.end_document(policy=page, user=user, **wanted | values)


# --- by relations ---------------------------------------------------------------------------------
def test_a_chain_of_replacements(column: Page) -> None:
    first = make_policy(column, title="一")
    second = make_policy(column, title="二", effective_on=DAY(2026, 7, 1))
    third = make_policy(column, title="三", effective_on=DAY(2026, 8, 1))
    relate(second, "replaces", first)
    relate(third, "replaces", second)
    assert [state(page) for page in (first, second, third)] == [
        Validity.REPEALED, Validity.REPEALED, Validity.VALID,
    ]  # fmt: skip
    assert record(first).repealed_by_id == second.pk
    assert record(second).repealed_by_id == third.pk


def test_what_was_repealed_stays_so_when_the_repealing_document_ends(column: Page) -> None:
    old = make_policy(column, title="旧")
    new = make_policy(column, title="新", effective_on=DAY(2026, 7, 1))
    relate(new, "repeals", old)
    last = make_policy(column, title="再新", effective_on=DAY(2026, 8, 1))
    relate(last, "repeals", new)
    assert state(old) is Validity.REPEALED


def test_a_document_that_never_took_effect_repeals_nothing(column: Page) -> None:
    old = make_policy(column, title="旧")
    new = make_policy(column, title="新", effective_on=DAY(2026, 10, 1))
    relate(new, "repeals", old)
    assert record(old).repealed_on == DAY(2026, 10, 1)
    halt = make_policy(column, title="叫停", effective_on=DAY(2026, 9, 1))
    relate(halt, "repeals", new)
    assert record(old).repealed_on is None
    relate(halt, "based_on", new)
    assert record(old).repealed_on == DAY(2026, 10, 1)


def test_of_two_repeals_the_earlier_counts_and_the_other_is_kept(column: Page) -> None:
    old = make_policy(column, title="旧")
    late = make_policy(column, title="晚", effective_on=DAY(2026, 8, 1))
    early = make_policy(column, title="早", effective_on=DAY(2026, 7, 1))
    relate(late, "replaces", old)
    relate(early, "repeals", old)
    assert (record(old).repealed_on, record(old).repealed_by_id) == (DAY(2026, 7, 1), early.pk)
    relate(early, "based_on", old)
    found = record(old)
    assert (found.repealed_on, found.repealed_by_id, found.is_replaced) == (
        DAY(2026, 8, 1), late.pk, True,
    )  # fmt: skip


def test_two_documents_that_repeal_each_other_come_to_rest(column: Page) -> None:
    one = make_policy(column, title="一", effective_on=DAY(2026, 7, 1))
    two = make_policy(column, title="二", effective_on=DAY(2026, 8, 1))
    relate(one, "repeals", two, since=DAY(2026, 8, 15))
    relate(two, "repeals", one, since=DAY(2026, 8, 20))
    assert record(two).repealed_on == DAY(2026, 8, 15)
    assert record(one).repealed_on is None, "the second ended before that day"


def test_a_relation_that_names_clauses_ends_those_only(column: Page) -> None:
    old = make_policy(column, title="旧", body=[clause("第一条", "一"), clause("第二条", "二")])
    second = old.body.raw_data[1]["id"]
    new = make_policy(column, title="新", effective_on=DAY(2026, 8, 1))
    relate(new, "repeals", old, target_clauses=[second])
    assert state(old) is Validity.PARTLY_INVALID
    old = PolicyPage.objects.get(pk=old.pk)
    assert [row.invalid_from for row in old.clauses()] == [None, DAY(2026, 8, 1)]
    relate(new, "based_on", old)
    assert state(old) is Validity.VALID
    assert PolicyVersion.objects.get(policy=old).clauses[1]["invalid_from"] is None


def test_an_amending_document_makes_the_other_amended(column: Page) -> None:
    old = make_policy(column, title="旧")
    new = make_policy(column, title="修改决定", effective_on=DAY(2026, 9, 2))
    relate(new, "amends", old)
    assert state(old) is Validity.VALID
    assert state(old, DAY(2026, 9, 2)) is Validity.AMENDED


# --- by editors -----------------------------------------------------------------------------------
def test_an_editors_repeal_survives_what_other_documents_become(column: Page, user: Any) -> None:
    old = make_policy(column, title="旧")
    new = make_policy(column, title="新", effective_on=DAY(2026, 8, 1))
    end(old, user, by=new, since=DAY(2026, 8, 15))
    republish(new)
    relate(new, "based_on", old)
    republish(PolicyPage.objects.get(pk=old.pk))
    assert record(old).repealed_on == DAY(2026, 8, 15)


def test_an_end_by_text_basis_tells_lists_and_outbox(column: Page, user: Any) -> None:
    page = make_policy(column)
    OutboxEvent.objects.all().delete()
    end(page, user)
    row = Publication.objects.get(page=page, closed=False)
    assert (row.standing, row.is_in_force()) == ("repealed", False)
    assert set(ListingRow.objects.filter(page=page).values_list("mark", flat=True)) == {"repealed"}
    assert OutboxEvent.objects.filter(kind="page.validity", key=f"page:{page.pk}").count() == 1


def test_an_end_to_come_is_told_on_its_day(column: Page, user: Any) -> None:
    page = make_policy(column)
    end(page, user, since=DAY(2026, 9, 10))
    assert in_force([page.pk]) == {page.pk}
    assert Publication.objects.current().filter(page=page).exists()
    OutboxEvent.objects.all().delete()
    # Midnight in the portal's time zone.
    with time_machine.travel(datetime.datetime(2026, 9, 9, 15, 59, tzinfo=datetime.UTC)):
        assert validity.follow_calendar() == 0
    with time_machine.travel(datetime.datetime(2026, 9, 9, 16, 1, tzinfo=datetime.UTC)):
        assert validity.follow_calendar() == 1
        assert not in_force([page.pk])
        assert not Publication.objects.current().filter(page=page).exists()
    [event] = OutboxEvent.objects.filter(kind="page.validity")
    assert event.payload["standing"] == "repealed"


def test_an_early_expiry_is_no_repeal(column: Page, user: Any) -> None:
    page = make_policy(column, valid_through=DAY(2027, 12, 31))
    effect = end(page, user, kind=EffectKind.EXPIRED)
    assert state(page) is Validity.EXPIRED
    assert state(page, DAY(2026, 8, 31)) is Validity.VALID
    republish(PolicyPage.objects.get(pk=page.pk))
    assert record(page).valid_through == DAY(2026, 8, 31)
    effects.undo_effect(effect=effect, reason="误操作", user=user)
    assert record(page).valid_through == DAY(2027, 12, 31)


def test_chosen_clauses_end_with_all_below_them(column: Page, user: Any) -> None:
    body = [
        clause("第一条", "一"),
        clause("（一）", "甲", level="item"),
        clause("第二条", "二"),
    ]
    page = make_policy(column, body=body)
    end(page, user, kind=EffectKind.PARTLY, chosen=[body[0]["id"], "没有这一条"])
    fresh = PolicyPage.objects.get(pk=page.pk)
    assert [row.invalid_from for row in fresh.clauses()] == [TODAY, TODAY, None]
    assert fresh.validity() is Validity.PARTLY_INVALID
    assert [row["invalid_from"] for row in PolicyVersion.objects.get(policy=page).clauses] == [
        "2026-09-01", "2026-09-01", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [({"basis": " "}, "basis"), ({"kind": EffectKind.PARTLY}, "clauses")],
)
def test_what_is_missing_is_named_and_nothing_stored(
    column: Page, user: Any, values: dict[str, Any], field: str
) -> None:
    page = make_policy(column)
    with pytest.raises(ValidationError) as refusal:
        end(page, user, **values)
    assert field in refusal.value.message_dict
    assert not PolicyEffect.objects.exists()


def test_what_falls_along_comes_back_along(column: Page, user: Any) -> None:
    carrier = make_policy(column, title="转发通知")
    enclosed = make_policy(column, title="被转发的办法")
    other = make_policy(column, title="无关")
    effect = end(carrier, user, along=[enclosed])
    assert in_force([carrier.pk, enclosed.pk, other.pk]) == {other.pk}
    effects.undo_effect(effect=effect, reason="转发通知继续有效", user=user)
    assert in_force([carrier.pk, enclosed.pk, other.pk]) == {carrier.pk, enclosed.pk, other.pk}
    kept = PolicyEffect.objects.filter(undone_reason="转发通知继续有效", undone_by=user)
    assert kept.count() == 2, "what was undone stays in the record"


def test_undoing_needs_a_reason_and_happens_once(column: Page, user: Any) -> None:
    page = make_policy(column)
    effect = end(page, user)
    with pytest.raises(ValidationError):
        effects.undo_effect(effect=effect, reason="  ", user=user)
    assert state(page) is Validity.REPEALED
    effects.undo_effect(effect=effect, reason="登记错误", user=user)
    assert state(page) is Validity.VALID
    with pytest.raises(ValidationError):
        effects.undo_effect(effect=effect, reason="再来", user=user)


def test_an_undone_relation_stays_undone_when_the_other_is_published_again(
    column: Page, user: Any
) -> None:
    old = make_policy(column, title="旧")
    new = make_policy(column, title="新", effective_on=DAY(2026, 8, 1))
    relate(new, "repeals", old)
    effects.undo_effect(effect=PolicyEffect.objects.get(policy=old), reason="误登", user=user)
    republish(new)
    assert state(old) is Validity.VALID


# --- the same document elsewhere ------------------------------------------------------------------
def test_aliases_and_translations_stand_as_the_document(
    world: World, column: Page, user: Any
) -> None:
    english, _new = Locale.objects.get_or_create(language_code="en")
    page = make_policy(column)
    for ancestor in (world.home, world.column):
        ancestor.refresh_from_db()
        ancestor.copy_for_translation(english)
    copy = page.copy_for_translation(english).specific
    copy.save_revision().publish()
    alias = page.create_alias(parent=world.hubin_column)
    end(page, user)
    for other in (copy, alias):
        other = PolicyPage.objects.get(pk=other.pk)
        assert other.validity() is Validity.REPEALED
        assert Publication.objects.get(page=other, closed=False).standing == "repealed"
    assert not in_force([page.pk, copy.pk, alias.pk])


def test_a_translation_made_later_is_repealed_from_the_start(
    world: World, column: Page, user: Any
) -> None:
    english, _new = Locale.objects.get_or_create(language_code="en")
    page = make_policy(column)
    end(page, user)
    for ancestor in (world.home, world.column):
        ancestor.refresh_from_db()
        ancestor.copy_for_translation(english)
    copy = page.copy_for_translation(english).specific
    copy.save_revision().publish()
    assert Publication.objects.get(page=copy, closed=False).standing == "repealed"
    assert state(copy) is Validity.REPEALED


def test_many_documents_cost_one_query(
    column: Page, user: Any, django_assert_num_queries: Any
) -> None:
    pages = [make_policy(column, title=f"办法{n}") for n in range(3)]
    end(pages[1], user)
    with django_assert_num_queries(1):
        assert in_force(page.pk for page in pages) == {pages[0].pk, pages[2].pk}


# --- what the page says ---------------------------------------------------------------------------
def test_the_page_says_that_it_expired_early_and_why(
    column: Page, user: Any, client: Client
) -> None:
    page = make_policy(column, valid_through=DAY(2027, 12, 31))
    end(page, user, kind=EffectKind.EXPIRED, basis="市政府公告2026年第3号")
    shown = client.get(page.url).content.decode()
    banner = shown.partition("policy-notice--over")[2].partition("</div>")[0]
    assert "2026年8月31日" in banner
    assert "市政府公告2026年第3号" in banner


def test_the_page_says_by_what_it_was_amended(column: Page, client: Client) -> None:
    page = make_policy(column, title="旧办法")
    new = make_policy(column, title="修改旧办法的决定", effective_on=DAY(2026, 8, 20))
    relate(new, "amends", page)
    shown = client.get(page.url).content.decode()
    banner = shown.partition("policy-notice--partly")[2].partition("</div>")[0]
    assert "2026年8月20日" in banner
    assert "修改旧办法的决定" in banner
