"""One service: guards, the truth of the database, approved text word for word, receipts."""

import datetime
import logging
from collections.abc import Callable

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone
from wagtail.models import Page

from assistant.dialogue.statuses import Status
from assistant.portal_plugin.answering import finding
from assistant.portal_plugin.models import AnswerRecord, Conversation, Feedback, Trust
from assistant.portal_plugin.selectors.receipts import State, receipt
from assistant.portal_plugin.services import answers
from assistant.portal_plugin.services.answers import Question, answer, choose
from assistant.portal_plugin.services.feedback import give_feedback
from assistant.portal_plugin.services.retention import forget_old_conversations
from assistant.retrieval.contract import Decision
from portal.plugin_api import capability, direct_answers
from portal.policy_interpretation.models import EffectKind
from portal.policy_interpretation.services.effects import end_document
from portal.text.personal_data import MASK
from tests.factories import World
from tests.policy_interpretation.factories import make_policy

from .asking import FakeRetriever, ask
from .factories import make_question, republish, source

IDENTITY = "330106199003071234"


# --- what is given --------------------------------------------------------------------------------
def test_the_approved_text_is_given_word_for_word_with_sources(column: Page) -> None:
    entry = make_question(column, sources=[source(url="https://www.yunhu.gov.cn/rule")])
    given = ask("小孩户口怎么上", entry)
    record = AnswerRecord.objects.get(pk=given.record.pk)
    assert given.status is Status.ANSWERED
    assert record.html == entry.answer
    assert record.text == "到户籍派出所办理，带出生医学证明。"
    own, cited = record.content["citations"]
    assert own["entry"] == entry.entry_id
    assert own["version"] == entry.live_revision_id
    assert own["hash"] == record.digest
    assert cited["url"] == "https://www.yunhu.gov.cn/rule"
    assert len(record.pk) >= 22  # 128 random bits


def test_an_approved_translation_is_used_else_the_chinese_text_with_a_note(column: Page) -> None:
    entry = make_question(column)
    given = ask("How do I register a baby?", entry, language="en")
    assert given.record.text_language == "zh-hans"
    assert given.record.content["notes"] == ["other_language"]

    make_question(
        column,
        "How do I register a newborn?",
        language="en",
        answer="<p>At the police station.</p>",
        translation_of=entry,
        trust=Trust.REVIEWED_MACHINE,
    )
    given = ask("How do I register a baby?", entry, language="en")
    assert given.record.text == "At the police station."
    assert given.record.text_language == "en"
    assert given.record.trust == "reviewed_machine"
    assert "other_language" not in given.record.content["notes"]


def test_traditional_chinese_is_the_simplified_text_converted(column: Page) -> None:
    entry = make_question(column)
    given = ask("新生兒怎麼上戶口", entry, language="zh-hant")
    assert given.record.text == "到戶籍派出所辦理，帶出生醫學證明。"
    assert given.record.content["notes"] == ["converted"]


def test_asking_back_offers_what_is_close_and_choosing_answers(column: Page) -> None:
    first = make_question(column, "居住证怎么办理？")
    second = make_question(column, "居住证怎么续签？")
    given = ask("居住证", first, second, decision=Decision.ASK_BACK, close=[first, second])
    assert given.status is Status.CLARIFY
    assert given.record.content["suggestions"] == ["居住证怎么办理？", "居住证怎么续签？"]

    chosen = choose(record=given.record, page=second.pk)
    assert chosen is not None
    assert chosen.status is Status.ANSWERED
    assert chosen.record.entry == second.entry_id
    assert chosen.record.conversation_id == given.record.conversation_id


def test_only_what_was_offered_can_be_chosen(column: Page) -> None:
    first = make_question(column, "居住证怎么办理？")
    other = make_question(column, "别的问题？")
    given = ask("居住证", first, decision=Decision.ASK_BACK, close=[first])
    assert choose(record=given.record, page=other.pk) is None
    first.unpublish()
    assert choose(record=given.record, page=first.pk) is None


def test_an_honest_no(column: Page) -> None:
    entry = make_question(column)
    given = ask("月球上能落户吗", entry, decision=Decision.DECLINE)
    assert given.status is Status.DECLINED_NO_SOURCE
    assert given.record.entry == ""
    assert [c["entry"] for c in given.record.content["candidates"]] == [entry.entry_id]
    assert ask("讲个笑话", entry, decision=Decision.DECLINE).status is Status.DECLINED_OUT_OF_SCOPE


def test_what_an_index_still_holds_is_not_answered_once_it_is_withdrawn(column: Page) -> None:
    entry, other = make_question(column), make_question(column, "另一个问题？")
    entry.unpublish()
    given = ask("新生儿怎么上户口？", entry, other)
    assert given.status is Status.DECLINED_NO_SOURCE  # and the second is not put in its place
    assert given.record.entry == ""


def test_after_a_repeal_two_hundred_questions_never_get_what_rested_on_it(column: Page) -> None:
    """The index is made to lie: it goes on ranking the entry first."""
    policy = make_policy(column)
    entry = make_question(column, sources=[source(policy)])
    before = ask("新生儿怎么上户口？", entry)
    assert before.status is Status.ANSWERED
    end_document(
        policy=policy,
        kind=EffectKind.REPEALED,
        since=timezone.localdate(),
        basis="新办法",
        user=None,
    )
    for number in range(200):
        given = ask(f"新生儿怎么上户口？{number}", entry)
        assert given.record.entry == ""
        assert given.record.content.get("citations", []) == []
    assert state_of(before)[0] is State.ENDED


def test_an_expired_entry_is_gone_with_the_second(column: Page) -> None:
    ends = timezone.now() + datetime.timedelta(hours=1)
    entry = make_question(column, valid_until=ends)
    with time_machine.travel(ends - datetime.timedelta(seconds=1), tick=False):
        assert ask("新生儿怎么上户口？", entry).status is Status.ANSWERED
    with time_machine.travel(ends, tick=False):
        assert ask("新生儿怎么上户口？", entry).record.entry == ""


def test_as_of_a_day_the_text_of_that_day_is_given(column: Page) -> None:
    with time_machine.travel("2026-03-01T04:00:00Z"):
        entry = make_question(column, answer="<p>费用十元。</p>")
    with time_machine.travel("2026-06-01T04:00:00Z"):
        entry = republish(entry, answer="<p>不收费用。</p>")
    with time_machine.travel("2026-07-01T04:00:00Z"):
        then = datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC)
        given = ask("多少钱", entry, as_of=then)
        assert given.record.text == "费用十元。"
        assert "as_of" in given.record.content["notes"]
        assert ask("多少钱", entry).record.text == "不收费用。"
        before = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
        assert ask("多少钱", entry, as_of=before).status is Status.DECLINED_NO_SOURCE


def test_a_sub_sites_visitors_get_its_answers_and_the_citys(world: World, column: Page) -> None:
    main, sub = world.site.pk, world.hubin.pk
    retriever = FakeRetriever()
    answer(question=Question("居住证怎么办", site=sub, main_site=main), retriever=retriever)
    answer(question=Question("居住证怎么办", site=main, main_site=main), retriever=retriever)
    assert [query.sites for query in retriever.asked] == [frozenset({0, main, sub}), None]


# --- guards ---------------------------------------------------------------------------------------
def test_nothing_personal_reaches_the_search_the_database_or_the_log(
    column: Page, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    retriever = FakeRetriever([make_question(column)])
    secrets = ["13812345678", "li.ming@example.com", "王小明", "浙A12345", "E12345678", IDENTITY]
    for secret in secrets:
        if secret == "王小明":  # a name is known by what stands before it only
            continue
        message = f"我叫王小明，{secret}，想问居住证怎么办"
        given = answer(question=Question(message, asked_from=f"/x/{secret}/"), retriever=retriever)
        give_feedback(record=given.record, useful=False, comment=f"打给我{secret}")
    stored = repr(
        [*AnswerRecord.objects.values(), *Conversation.objects.values(), *Feedback.objects.values()]
    )
    for secret in secrets:
        assert secret not in stored
        assert secret not in caplog.text
        assert all(secret not in query.text for query in retriever.asked)
    assert MASK in stored


def test_a_whole_identity_number_stops_the_question(column: Page) -> None:
    retriever = FakeRetriever([make_question(column)])
    given = answer(question=Question(f"我的{IDENTITY}能办吗"), retriever=retriever)
    assert given.status is Status.BLOCKED_PERSONAL_DATA
    assert given.record.question == f"我的{MASK}能办吗"
    assert retriever.asked == []


def test_an_error_report_holds_no_question(column: Page, caplog: pytest.LogCaptureFixture) -> None:
    ask("我叫王小明，13812345678，居住证怎么办", fails=RuntimeError("torn file"))
    assert "torn file" in caplog.text
    assert "13812345678" not in caplog.text
    assert "王小明" not in caplog.text


# --- degrades in steps ----------------------------------------------------------------------------
def test_without_vectors_it_says_that_it_searches_by_words(column: Page) -> None:
    given = ask("新生儿怎么上户口？", make_question(column), mode="lexical")
    assert given.status is Status.ANSWERED
    assert given.record.content["notes"] == ["lexical"]


def test_a_broken_index_falls_to_the_questions_in_the_database(
    column: Page, caplog: pytest.LogCaptureFixture
) -> None:
    entry = make_question(column, "新生儿怎么上户口？")
    make_question(column, "居住证怎么续签？")
    same = ask("新生儿怎么上户口", fails=RuntimeError("torn file"))
    assert same.status is Status.ANSWERED
    assert same.record.entry == entry.entry_id
    assert same.record.mode == "database"
    assert "database" in same.record.content["notes"]

    near = ask("新生儿上户口要什么材料", fails=RuntimeError("torn file"))
    assert near.status is Status.CLARIFY
    far = ask("公交卡丢了", fails=RuntimeError("torn file"))
    assert far.status is Status.DECLINED_NO_SOURCE


def test_without_a_database_it_says_so(
    column: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr(answers, "find", gone)
    given = ask("居住证怎么办")
    assert given.status is Status.UNAVAILABLE
    assert not given.is_kept


def test_an_answer_that_cannot_be_written_down_is_given_all_the_same(
    column: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OperationalError("disk is full")

    monkeypatch.setattr(AnswerRecord, "save", full)
    given = ask("新生儿怎么上户口？", make_question(column))
    assert given.status is Status.ANSWERED
    assert not given.is_kept
    assert not AnswerRecord.objects.exists()


# --- receipts -------------------------------------------------------------------------------------
def state_of(given) -> tuple[State, datetime.datetime | None]:  # type: ignore[no-untyped-def]
    found = receipt(given.record.pk)
    assert found is not None
    return found.state, found.since


def test_a_receipt_follows_the_truth(column: Page) -> None:
    entry = make_question(column)
    given = ask("新生儿怎么上户口？", entry)
    assert state_of(given) == (State.VALID, None)

    entry = republish(entry, phrasings=["娃娃上户口"])  # the answer is the same
    assert state_of(given)[0] is State.VALID

    entry = republish(entry, answer="<p>网上办理。</p>")
    state, since = state_of(given)
    assert state is State.SUPERSEDED
    assert since is not None
    assert AnswerRecord.objects.get(pk=given.record.pk).text != "网上办理。"

    entry.unpublish()
    state, since = state_of(given)
    assert state is State.ENDED
    assert since is not None


def test_a_receipt_turns_over_when_its_basis_ends(
    column: Page, make_basis: Callable[..., Page]
) -> None:
    basis = make_basis()
    given = ask("新生儿怎么上户口？", make_question(column, sources=[source(basis)]))
    assert state_of(given)[0] is State.VALID
    basis.unpublish()
    assert state_of(given)[0] is State.ENDED


def test_a_receipt_names_the_successor(column: Page) -> None:
    entry = make_question(column)
    given = ask("新生儿怎么上户口？", entry)
    successor = make_question(column, "新生儿如何登记户口？")
    republish(entry, superseded_by=successor)
    found = receipt(given.record.pk)
    assert found is not None
    assert found.state is State.SUPERSEDED
    assert found.replaced_by is not None
    assert found.replaced_by.title == "新生儿如何登记户口？"


def test_a_receipt_outlives_its_entry(column: Page) -> None:
    entry = make_question(column)
    given = ask("新生儿怎么上户口？", entry)
    entry.delete()
    assert state_of(given)[0] is State.ENDED


@pytest.mark.parametrize("name", ["", "x" * 33, "a\x00b", "../../etc", "无", "short"])
def test_no_receipt_by_guessing(db: None, name: str) -> None:
    assert receipt(name) is None


def test_conversations_go_on_and_end(column: Page) -> None:
    entry = make_question(column)
    first = ask("新生儿怎么上户口？", entry)
    same = ask("还有呢？", entry, conversation=str(first.record.conversation_id))
    assert same.record.conversation_id == first.record.conversation_id
    for other in ("", "nonsense", "00000000-0000-0000-0000-000000000000"):
        given = ask("还有呢？", entry, conversation=other)
        assert given.record.conversation_id != first.record.conversation_id
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=13)):
        late = ask("还有呢？", entry, conversation=str(first.record.conversation_id))
    assert late.record.conversation_id != first.record.conversation_id


def test_what_is_older_than_the_retention_is_forgotten(column: Page, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ASSISTANT_RETENTION_DAYS = 30
    entry = make_question(column)
    old = ask("新生儿怎么上户口？", entry)
    give_feedback(record=old.record, useful=True)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=29)):
        young = ask("新生儿怎么上户口？", entry)
        assert forget_old_conversations(site=None) == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        assert forget_old_conversations(site=None) == 1
    assert list(AnswerRecord.objects.values_list("pk", flat=True)) == [young.record.pk]
    assert not Feedback.objects.exists()


def test_the_last_word_about_an_answer_holds(column: Page) -> None:
    record = ask("新生儿怎么上户口？", make_question(column)).record
    give_feedback(record=record, useful=True)
    give_feedback(record=record, useful=False, reason="outdated", comment="旧了")
    kept = Feedback.objects.get()
    assert (kept.useful, kept.reason, kept.comment) == (False, "outdated", "旧了")
    give_feedback(record=record, useful=False, reason="made up")
    assert Feedback.objects.get().reason == ""


# --- above the results of a search ----------------------------------------------------------------
def test_a_search_gets_the_approved_answer_only_where_it_is_sure(
    world: World, column: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = make_question(column)
    fake = FakeRetriever([entry])
    monkeypatch.setattr(finding, "_retriever", lambda: fake)
    provider = capability(direct_answers, world.site.pk)
    assert provider is not None
    found = provider.direct_answer("小孩咋落户", site=world.site.pk, language="zh-hans")
    assert found is not None
    assert found.html == entry.answer
    fake.decision = Decision.ASK_BACK
    assert provider.direct_answer("落户", site=world.site.pk, language="zh-hans") is None
    asked = len(fake.asked)
    for nothing in ("你好", "", IDENTITY):
        assert provider.direct_answer(nothing, site=world.site.pk, language="zh-hans") is None
    assert len(fake.asked) == asked
    assert not AnswerRecord.objects.exists()
