"""Is it in force? Of the document that is named, on the day that is asked for, and of no other."""

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone

from assistant.dialogue.statuses import Status
from portal.policy_interpretation.models import EffectKind, PolicyPage
from portal.policy_interpretation.services.effects import end_document
from tests.assistant.asking import FakeRetriever
from tests.assistant.factories import make_question
from tests.factories import World
from tests.policy_interpretation.factories import make_policy

from .talking import Talk

BIKES = "云湖市公共自行车管理办法"


@pytest.fixture
def bikes(world: World) -> PolicyPage:
    return make_policy(world.column)


@pytest.fixture
def repeal(world: World) -> Callable[..., None]:
    def end(policy: PolicyPage, since: datetime.date, by: PolicyPage | None = None) -> None:
        end_document(
            policy=policy,
            kind=EffectKind.REPEALED,
            since=since,
            by=by,
            basis="" if by else "市政府决定",
            user=None,
        )

    return end


@pytest.mark.parametrize(
    "question",
    [
        f"《{BIKES}》还有效吗？",
        "云政发〔2026〕12号现在还有效吗",
        "云政发[2026]12号作废了没有",
        "公共自行车管理办法废止了吗",
        f"Is 《{BIKES}》 still in force?",
    ],
)
def test_a_document_is_found_by_title_and_number(
    talk: Talk, bikes: PolicyPage, question: str
) -> None:
    reply = talk.write(question, "ask_policy")
    assert reply.record.status == Status.ANSWERED
    assert BIKES in reply.record.text
    assert "2026年6月1日" in reply.record.text
    assert "云湖市人民政府" in reply.record.text
    [citation] = reply.record.content["citations"]
    assert citation["page"] == bikes.pk
    assert citation["standing"] == "in_force"
    assert reply.links == [citation["url"]]


def test_a_repeal_is_told_with_its_day_and_what_repealed_it(
    world: World, talk: Talk, bikes: PolicyPage, repeal: Callable[..., None]
) -> None:
    later = make_policy(
        world.column, title="云湖市共享单车管理规定", document_number="云政发〔2026〕30号"
    )
    repeal(bikes, datetime.date(2026, 9, 1), later)
    reply = talk.write(f"《{BIKES}》还有效吗？", "ask_policy")
    assert "2026年9月1日" in reply.record.text
    assert "云湖市共享单车管理规定" in reply.record.text
    assert "云政发〔2026〕30号" in reply.record.text
    assert reply.record.content["citations"][0]["standing"] == "repealed"
    assert len(reply.links) == 2


@pytest.mark.parametrize(
    ("question", "standing"),
    [
        (f"截至2026年5月20日，《{BIKES}》有效吗", "not_yet_effective"),
        (f"截至2026年8月31日，《{BIKES}》有效吗", "in_force"),
        (f"2026年9月1日《{BIKES}》还有效吗", "repealed"),
        (f"as of 31 August 2026, is 《{BIKES}》 in force?", "in_force"),
        (f"au 1er septembre 2026 《{BIKES}》 est-il en vigueur ?", "repealed"),
        (f"по состоянию на 20 мая 2026 года действует ли 《{BIKES}》?", "not_yet_effective"),
    ],
)
def test_as_of_a_day(
    talk: Talk, bikes: PolicyPage, repeal: Callable[..., None], question: str, standing: str
) -> None:
    repeal(bikes, datetime.date(2026, 9, 1))
    reply = talk.write(question, "ask_policy")
    assert reply.record.content["citations"][0]["standing"] == standing


def test_what_had_not_been_issued_by_then_is_not_known(talk: Talk, bikes: PolicyPage) -> None:
    reply = talk.write(f"截至2020年1月1日，《{BIKES}》有效吗", "ask_policy")
    assert reply.record.status == Status.DECLINED_NO_SOURCE


def test_of_several_the_visitor_chooses_and_the_day_stays(
    world: World, talk: Talk, bikes: PolicyPage
) -> None:
    other = make_policy(
        world.column,
        title="云湖市公共自行车管理办法实施细则",
        document_number="云政发〔2026〕13号",
        effective_on=datetime.date(2026, 8, 1),
    )
    asked = talk.write("截至2026年7月1日公共自行车管理办法有效吗", "ask_policy")
    assert asked.record.status == Status.CLARIFY
    assert f'/choose{{"value": "policy:{other.pk}"}}' in asked.payloads
    told = talk.press(f'/choose{{"value": "policy:{other.pk}"}}')
    assert told.record.content["citations"][0]["standing"] == "not_yet_effective"


def test_a_whole_title_is_that_document_alone(world: World, talk: Talk, bikes: PolicyPage) -> None:
    make_policy(world.column, title=f"{BIKES}实施细则", document_number="云政发〔2026〕13号")
    reply = talk.write(f"《{BIKES}》还有效吗", "ask_policy")
    assert reply.record.content["citations"][0]["page"] == bikes.pk


def test_a_similar_name_is_asked_back_never_told_about(talk: Talk, bikes: PolicyPage) -> None:
    reply = talk.write("《自行车管理办法》还有效吗", "ask_policy")
    assert reply.record.status == Status.CLARIFY
    assert f'/choose{{"value": "policy:{bikes.pk}"}}' in reply.payloads


def test_an_unknown_title_is_said_to_be_unknown(talk: Talk, bikes: PolicyPage) -> None:
    reply = talk.write("《云湖市飞行汽车管理办法》还有效吗", "ask_policy")
    assert reply.record.status == Status.DECLINED_NO_SOURCE
    assert "云湖市飞行汽车管理办法" in reply.record.text
    assert "/human" in reply.payloads


def test_what_is_not_public_is_as_unknown_as_what_is_not_there(
    world: World, talk: Talk, bikes: PolicyPage
) -> None:
    bikes.unpublish()
    reply = talk.write(f"《{BIKES}》还有效吗", "ask_policy")
    assert reply.record.status == Status.DECLINED_NO_SOURCE
    gone = talk.press(f'/choose{{"value": "policy:{bikes.pk}"}}')
    assert gone.record.status == Status.SMALLTALK
    assert BIKES not in gone.record.text


def test_without_a_name_it_is_a_question(
    world: World, talk: Talk, knowledge: FakeRetriever
) -> None:
    entry = make_question(world.column, "单车押金怎么退？")
    knowledge.entries = [entry]
    reply = talk.write("现在还有效吗？", "ask_policy")
    assert reply.record.entry == entry.entry_id


def test_documents_of_other_sub_sites_are_told_of_at_the_portal_only(world: World) -> None:
    make_policy(world.gaoxin_column, title="高新区招商办法", document_number="云高发〔2026〕1号")
    portal = Talk(site=world.site.pk)
    assert portal.write("《高新区招商办法》有效吗", "ask_policy").record.status == Status.ANSWERED


def test_today_needs_no_day(talk: Talk, bikes: PolicyPage) -> None:
    today = timezone.localdate()
    reply = talk.write(
        f"截至{today.year}年{today.month}月{today.day}日《{BIKES}》有效吗", "ask_policy"
    )
    assert reply.record.status == Status.ANSWERED
    assert not reply.record.text.startswith("截至")
