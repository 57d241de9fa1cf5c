"""One truth, many mouths: which questions are the same, how answers differ, what is done."""

import datetime
import time
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from assistant.portal_plugin.likeness import Asked, alike, difference, marked
from assistant.portal_plugin.models import Contradiction, QuestionPage
from assistant.portal_plugin.selectors.tasks import open_contradictions
from assistant.portal_plugin.services.contradictions import (
    NotSettled,
    compare_all,
    compare_changed,
    settle,
)
from tests.factories import UserFactory, World, member

from .factories import make_question, republish

STATE, KIND = Contradiction.State, Contradiction.Kind


def asked(*questions: str) -> list[Asked]:
    """Entries of one place, each of another unit."""
    return [
        Asked(number, "zh-hans", (question,), frozenset({1}), owner=number)
        for number, question in enumerate(questions, 1)
    ]


# --- questions ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("居住证怎么办理？", "怎么办理居住证", True),
        ("居住证在哪里办？", "请问居住证去哪办呢", True),
        ("公积金贷款最多能贷多少？", "公积金最多可以贷款多少？", True),
        ("新生儿怎么上户口？", "新生儿怎么办医保？", False),
        ("2025年养老金涨多少？", "2026年养老金涨多少？", False),
        ("身份证丢了怎么补？", "驾驶证丢了怎么补？", False),
    ],
)
def test_nearly_the_same_question(one: str, other: str, same: bool) -> None:
    rest = ("怎么交税？", "公租房怎么申请？", "学区怎么划？", "老年证有什么用？", "怎么注册公司？")
    found = alike(asked(one, other, *rest), [1])
    assert ([pair[:2] for pair in found] == [(1, 2)]) is same


def test_a_phrasing_counts_as_a_question() -> None:
    entries = asked("怎么落户？", "户口如何登记？", "怎么交税？")
    entries[1] = Asked(2, "zh-hans", ("户口如何登记？", "怎么落户"), frozenset({1}), owner=2)
    assert [pair[:2] for pair in alike(entries, [1])] == [(1, 2)]


def test_one_unit_has_many_entries_about_one_matter() -> None:
    questions = (
        "公积金怎么提取？",
        "公积金提取要几天？",
        "公积金缴存比例最高是多少？",
        "怎么交税？",
    )
    apart = alike(asked(*questions), [1])
    within = [Asked(e.pk, e.language, e.texts, e.areas, owner=7) for e in asked(*questions)]
    assert [pair[:2] for pair in apart] == [(1, 2)]
    assert alike(within, [1]) == []


def test_meaning_counts_where_words_differ() -> None:
    import numpy as np

    near = np.array([1, 0.1], dtype=np.float32) / np.linalg.norm([1, 0.1])
    far = np.array([0.1, 1], dtype=np.float32) / np.linalg.norm([0.1, 1])
    one, other = ("居住证怎么申请领取？", "居住证申领要去哪")
    pairs = {}
    for name, vector in (("near", near), ("far", far)):
        entries = [
            Asked(1, "zh-hans", (one, "暂住证办理"), frozenset({1}), owner=1, vector=near),
            Asked(2, "zh-hans", (other, "暂住登记办理"), frozenset({1}), owner=2, vector=vector),
        ]
        pairs[name] = [pair[:2] for pair in alike(entries, [1])]
    assert pairs == {"near": [(1, 2)], "far": []}


def test_only_entries_of_one_area_language_and_group_are_compared() -> None:
    same = "居住证怎么办理？"
    others = [
        Asked(2, "zh-hans", (same,), frozenset({2})),
        Asked(3, "ja", (same,), frozenset({1})),
        Asked(4, "zh-hans", (same,), frozenset({1}), group=9),
    ]
    one = Asked(1, "zh-hans", (same,), frozenset({1}), group=9)
    assert alike([one, *others], [1]) == []
    assert [pair[:2] for pair in alike([one, *others], [4, 2])] == []


def test_ten_thousand_questions_are_compared_in_seconds() -> None:
    subjects = [f"第{number}类事项的材料与期限" for number in range(10_000)]
    entries = asked(*subjects)
    started = time.perf_counter()
    alike(entries, range(1, 21))
    assert time.perf_counter() - started < 30


# --- answers --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("带身份证，3个工作日办好。", "带身份证, 3个工作日办好", "same"),
        ("带身份证，3个工作日办好。", "带身份证，5个工作日办好。", "figures"),
        ("每月补贴500元，到社区办。", "每月补贴800元，到社区办。", "figures"),
        ("带身份证到派出所办理，当场办好。", "拨打热线预约后由工作人员上门服务。", "texts"),
        ("带身份证到派出所办理，3个工作日办好。", "带身份证去派出所办理，3个工作日内办好。", ""),
        ("带身份证，3个工作日办好。", "带身份证，3个工作日办好，电话0599-8212345。", ""),
    ],
)
def test_how_two_answers_differ(one: str, other: str, found: str) -> None:
    assert difference(one, other, "zh-hans") == found


def test_differences_are_marked_in_both() -> None:
    left, right = marked("3个工作日办好", "15个工作日内办好")
    assert [words for words, differs in left if differs] == ["3"]
    assert [words for words, differs in right if differs] == ["15", "内"]
    assert "".join(words for words, _differs in right) == "15个工作日内办好"


# --- the task -------------------------------------------------------------------------------------
pytest_db = pytest.mark.django_db


@pytest.fixture
def pair(column: Page) -> tuple[QuestionPage, QuestionPage]:
    make_question(column, "公租房怎么申请？", phrasings=[])
    one = make_question(column, "居住证怎么办理？", answer="<p>3个工作日办好。</p>", phrasings=[])
    other = make_question(column, "怎么办理居住证", answer="<p>15个工作日办好。</p>", phrasings=[])
    return one, other


def found() -> list[tuple[str, str]]:
    return list(Contradiction.objects.order_by("pk").values_list("kind", "state"))


@pytest_db
def test_a_contradiction_is_found_once(pair: Any) -> None:
    assert compare_changed() == 1
    assert found() == [("figures", "open")]
    assert compare_changed() == 0
    assert compare_all() == 0
    row = Contradiction.objects.get()
    assert (row.first, row.second) == pair


@pytest_db
def test_what_did_not_change_is_not_compared(pair: Any, django_assert_max_num_queries: Any) -> None:
    compare_changed()
    with django_assert_max_num_queries(3):
        compare_changed()


@pytest_db
def test_it_goes_when_they_agree_or_one_is_withdrawn(pair: Any) -> None:
    one, other = pair
    compare_changed()
    republish(other, answer="<p>3个工作日办好。</p>")
    compare_changed()
    assert found() == [("same", "open")]  # the same text twice is named as such
    one.unpublish()
    compare_changed()
    assert found() == [("same", "gone")]


@pytest_db
def test_it_goes_when_the_question_changes(pair: Any) -> None:
    compare_changed()
    republish(pair[1], question="老年卡有什么用？", phrasings=[])
    compare_changed()
    assert found() == [("figures", "gone")]


@pytest_db
def test_what_was_settled_comes_back_when_one_changes(pair: Any) -> None:
    admin = UserFactory(superuser=True)
    compare_changed()
    pk = Contradiction.objects.get().pk
    with pytest.raises(NotSettled):
        settle(pk=pk, decision="both", user=admin)
    settle(pk=pk, decision="both", user=admin, reason="一个是网上办")
    compare_all()
    assert found() == [("figures", "settled")]
    with pytest.raises(NotSettled):
        settle(pk=pk, decision="both", user=admin, reason="再来一次")
    republish(pair[0], answer="<p>7个工作日办好。</p>")
    assert compare_changed() == 1
    row = Contradiction.objects.get()
    assert (row.state, row.reopened_at is not None) == ("open", True)


@pytest_db
def test_they_say_the_same_only_when_they_do(pair: Any) -> None:
    admin = UserFactory(superuser=True)
    compare_changed()
    pk = Contradiction.objects.get().pk
    with pytest.raises(NotSettled):
        settle(pk=pk, decision="agreed", user=admin)
    republish(pair[1], answer="<p>3个工作日办好。</p>")
    settle(pk=pk, decision="agreed", user=admin)
    assert found()[0][1] == "settled"


@pytest_db
def test_one_replaces_the_other_and_a_draft_stays(pair: Any) -> None:
    one, other = pair
    compare_changed()
    other.answer = "<p>草稿里的话。</p>"
    other.save_revision()
    row = Contradiction.objects.get()
    admin = UserFactory(superuser=True)
    with pytest.raises(NotSettled):
        settle(pk=row.pk, decision="replaced", user=admin, winner=0)
    settle(pk=row.pk, decision="replaced", user=admin, winner=one.pk)
    other.refresh_from_db()
    assert (other.superseded_by, other.answer) == (one, "<p>15个工作日办好。</p>")
    draft = other.get_latest_revision_as_object()
    assert (draft.superseded_by, draft.answer) == (one, "<p>草稿里的话。</p>")
    assert other.has_unpublished_changes
    with time_machine.travel(
        datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(minutes=1), tick=False
    ):
        from assistant.portal_plugin.selectors.knowledge import answerable

        assert set(answerable([one.pk, other.pk])) == {one.pk}


@pytest_db
def test_what_is_out_of_force_contradicts_nobody(column: Page) -> None:
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    make_question(column, "居住证怎么办理？", answer="<p>3个工作日。</p>", phrasings=[])
    make_question(
        column, "怎么办理居住证", answer="<p>9个工作日。</p>", phrasings=[], valid_until=past
    )
    assert compare_changed() == 0


@pytest_db
def test_sub_sites_are_compared_with_the_portal_and_not_with_each_other(world: World) -> None:
    for column, days in ((world.hubin_column, 3), (world.gaoxin_column, 5)):
        answer = f"<p>{days}个工作日办好。</p>"
        make_question(column, "居住证怎么办理？", answer=answer, phrasings=[])
    assert compare_changed() == 0
    make_question(world.column, "居住证怎么办理？", answer="<p>8个工作日。</p>", phrasings=[])
    assert compare_changed() == 2


# --- who may --------------------------------------------------------------------------------------
@pytest_db
@pytest.mark.own_world
def test_only_who_may_change_one_of_them_sees_and_settles(provisioned_world: World) -> None:
    world = provisioned_world
    make_question(world.hubin_column, "居住证怎么办理？", answer="<p>3个工作日。</p>")
    make_question(world.hubin_column, "怎么办理居住证", answer="<p>9个工作日。</p>")
    compare_changed()
    row = Contradiction.objects.get()
    stranger, editor = member("editor", world.gaoxin), member("editor", world.hubin)
    assert not open_contradictions(stranger).exists()
    assert open_contradictions(editor).count() == 1
    with pytest.raises(PermissionDenied):
        settle(pk=row.pk, decision="both", user=stranger, reason="一个是网上办")
    with pytest.raises(PermissionDenied):  # to end an entry one must be allowed to publish
        settle(pk=row.pk, decision="replaced", user=editor, winner=row.first_id)
    address = reverse("assistant_contradiction", args=[row.pk])
    client = Client()
    client.force_login(stranger, backend="portal.core.staff.backend.StaffBackend")
    assert client.get(address).status_code == 404
    client.force_login(editor, backend="portal.core.staff.backend.StaffBackend")
    page = client.get(address)
    assert page.status_code == 200
    assert page.content.decode().count("<mark>") >= 2
    assert client.get(reverse("assistant_contradictions")).status_code == 200
    assert client.post(address, {"decision": "both", "reason": ""}).status_code == 422
    assert client.post(address, {"decision": "both", "reason": "两处不同"}).status_code == 302
    assert found()[0][1] == "settled"
