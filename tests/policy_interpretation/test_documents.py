"""Saving and publishing a document: record, versions, effects on others."""

import datetime
from typing import Any

import pytest
from wagtail.models import Page

from portal.core.models import Publication
from portal.policy_interpretation.clauses import parents_of
from portal.policy_interpretation.models import (
    PolicyAmendment,
    PolicyRecord,
    PolicyRelation,
    PolicyVersion,
)
from portal.policy_interpretation.validity import Dates, Validity, having, validity_on

from .factories import clause, make_policy, republish

pytestmark = pytest.mark.django_db

DAY = datetime.date


def test_parents_follow_from_levels() -> None:
    levels = ["preamble", "chapter", "article", "item", "item", "subitem", "paragraph", "item",
              "article", "chapter", "article", "signature"]  # fmt: skip
    assert parents_of(levels) == [None, None, 1, 2, 2, 4, 2, 6, 1, None, 9, None]


def test_an_enclosed_text_holds_its_own_chapters() -> None:
    assert parents_of(["heading1", "paragraph", "part", "chapter", "article"]) == [
        None,
        0,
        None,
        2,
        3,
    ]


def test_a_draft_has_a_record_and_no_version(column: Page) -> None:
    page = make_policy(column, live=False)
    assert PolicyRecord.objects.get(page=page).year == 2026
    assert not PolicyVersion.objects.filter(policy=page).exists()


def test_a_correction_rewrites_the_version(column: Page) -> None:
    page = make_policy(column, body=[clause("第一条", "一")])
    page.body = [clause("第一条", "壹", id=page.body.raw_data[0]["id"])]
    republish(page)
    [version] = PolicyVersion.objects.filter(policy=page)
    assert (version.since, version.until, version.clauses[0]["text"]) == (None, None, "壹")


def test_a_draft_of_a_public_document_stays_out_of_its_version(column: Page) -> None:
    page = make_policy(column, body=[clause("第一条", "公开的")])
    page.body = page.body.stream_block.to_python([clause("第一条", "还没有定")])
    page.document_number = "草稿号"
    page.save_revision()
    [version] = PolicyVersion.objects.filter(policy=page)
    assert version.clauses[0]["text"] == "公开的"
    assert PolicyRecord.objects.get(page=page).document_number == "云政发〔2026〕12号"


def test_an_amendment_keeps_what_the_text_said_before(column: Page) -> None:
    page = make_policy(column, body=[clause("第一条", "一"), clause("第二条", "二")])
    first, second = (block["id"] for block in page.body.raw_data)
    page.body = [clause("第一条", "一", id=first), clause("第二条", "贰", id=second)]
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    old, new = PolicyVersion.objects.filter(policy=page)
    assert (old.since, old.until, new.since, new.until) == (
        None, DAY(2026, 9, 1), DAY(2026, 9, 1), None,
    )  # fmt: skip
    assert [row["text"] for row in old.clauses] == ["一", "二"]
    assert [(row["text"], row["since"]) for row in new.clauses] == [
        ("一", None), ("贰", "2026-09-01"),
    ]  # fmt: skip


def test_an_amendment_that_is_taken_back_goes_with_its_version(column: Page) -> None:
    page = make_policy(column, body=[clause("第一条", "一")])
    page.amendments = [PolicyAmendment(effective_on=DAY(2026, 9, 1), basis_text="修改决定")]
    republish(page)
    page.amendments = []
    republish(page)
    [version] = PolicyVersion.objects.filter(policy=page)
    assert (version.since, version.until) == (None, None)
    assert PolicyRecord.objects.get(page=page).amended_on is None


def test_a_repeal_reaches_record_and_publication(column: Page) -> None:
    old = make_policy(column, title="旧办法")
    new = make_policy(column, title="新办法", live=False, effective_on=DAY(2026, 8, 1))
    new.relations = [PolicyRelation(kind="replaces", target=old)]
    republish(new)
    record = PolicyRecord.objects.get(page=old)
    assert (record.repealed_on, record.repealed_by_id, record.is_replaced) == (
        DAY(2026, 8, 1), new.pk, True,
    )  # fmt: skip
    row = Publication.objects.get(page=old, closed=False)
    assert row.valid_until is not None
    assert row.valid_until.astimezone().date() == DAY(2026, 8, 1)
    new.relations = []
    republish(new)
    assert PolicyRecord.objects.get(page=old).repealed_on is None
    assert Publication.objects.get(page=old, closed=False).valid_until is None


def test_a_draft_repeals_nothing(column: Page) -> None:
    old = make_policy(column, title="旧办法")
    new = make_policy(column, title="新办法", live=False)
    new.relations = [PolicyRelation(kind="repeals", target=old)]
    new.save()
    assert PolicyRecord.objects.get(page=old).repealed_on is None


STATES: list[tuple[dict[str, Any], Validity]] = [
    ({}, Validity.VALID),
    ({"effective_on": DAY(2026, 6, 2)}, Validity.NOT_YET_EFFECTIVE),
    ({"effective_on": DAY(2026, 6, 1)}, Validity.VALID),
    ({"valid_through": DAY(2026, 5, 31)}, Validity.EXPIRED),
    ({"valid_through": DAY(2026, 6, 1)}, Validity.VALID),
    ({"repealed_on": DAY(2026, 6, 1), "amended_on": DAY(2026, 1, 1)}, Validity.REPEALED),
    ({"repealed_on": DAY(2026, 6, 2), "amended_on": DAY(2026, 1, 1)}, Validity.AMENDED),
    ({"repealed_on": DAY(2026, 1, 1), "valid_through": DAY(2026, 1, 2)}, Validity.REPEALED),
    (
        {"partly_invalid_on": DAY(2026, 1, 1), "amended_on": DAY(2026, 1, 1)},
        Validity.PARTLY_INVALID,
    ),
    ({"effective_on": DAY(2026, 7, 1), "amended_on": DAY(2026, 1, 1)}, Validity.NOT_YET_EFFECTIVE),
]


@pytest.mark.parametrize(("dates", "state"), STATES)
def test_validity(column: Page, dates: dict[str, Any], state: Validity) -> None:
    """The rule in Python and the rule in SQL say the same of each case."""
    day = DAY(2026, 6, 1)
    assert validity_on(Dates(**dates), day) is state
    page = make_policy(column)
    empty = dict.fromkeys(
        ("effective_on", "valid_through", "repealed_on", "amended_on", "partly_invalid_on")
    )
    PolicyRecord.objects.filter(page=page).update(**(empty | dates))
    found = [s for s in Validity if PolicyRecord.objects.filter(having(s, day), page=page).exists()]
    assert found == [state]
