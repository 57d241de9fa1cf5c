"""Receipts follow what they rest on: repeals, amendments, withdrawals, new texts, the clock."""

import datetime
import xml.etree.ElementTree as ET

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin.followers import ValidityFollower
from assistant.portal_plugin.models import AnswerBasis, AnswerRecord, QuestionPage, QuestionSource
from assistant.portal_plugin.models.receipts import ReceiptState, check_digit, is_code, new_code
from assistant.portal_plugin.receipt_followers import ReceiptFollower
from assistant.portal_plugin.selectors.receipts import Receipt, receipt
from assistant.portal_plugin.services.receipts import look_again
from portal.core import validity
from portal.core.outbox import run_consumers
from portal.policy_interpretation.models import EffectKind, PolicyPage
from portal.policy_interpretation.services.effects import end_document
from tests.assistant.asking import ask
from tests.assistant.factories import make_question, republish, source
from tests.policy_interpretation.factories import clause, ids_of, make_policy
from tests.policy_interpretation.factories import republish as republish_policy

pytestmark = pytest.mark.django_db

STATE = ReceiptState
DAY = datetime.timedelta(days=1)


@pytest.fixture
def policy(column: Page) -> PolicyPage:
    return make_policy(
        column,
        body=[
            clause("第一条", "为了方便出行，制定本办法。"),
            clause("第二条", "每人每月补贴300元。"),
        ],
    )


def follow() -> None:
    """What the outbox process does each second."""
    for report in run_consumers([ReceiptFollower(), ValidityFollower(), ReceiptFollower()]):
        assert not report.error


def given(entry: QuestionPage, **values: object) -> AnswerRecord:
    record = ask("小孩咋落户", entry, **values).record
    follow()
    return AnswerRecord.objects.select_related("basis").get(pk=record.pk)


def stored(record: AnswerRecord) -> AnswerBasis:
    basis = AnswerRecord.objects.select_related("basis").get(pk=record.pk).basis
    assert basis is not None
    return basis


def seen(record: AnswerRecord) -> Receipt:
    found = receipt(record.pk)
    assert found is not None
    return found


# --- following ------------------------------------------------------------------------------------
def test_a_repealed_document_ends_every_answer_that_cites_it(
    column: Page, policy: PolicyPage
) -> None:
    entry = make_question(column, sources=[QuestionSource(kind="policy", target=policy)])
    other = make_question(column, "别的怎么办？")
    record, untouched = given(entry), given(other)
    assert (stored(record).state, seen(record).state) == (STATE.VALID, STATE.VALID)
    end_document(
        policy=policy, kind=EffectKind.REPEALED, since=timezone.localdate(), basis="新办法",
        user=None,
    )  # fmt: skip
    assert seen(record).state == STATE.ENDED  # at once, whatever is stored
    follow()
    basis = stored(record)
    assert basis.state == STATE.ENDED
    assert basis.state_since is not None
    assert timezone.localdate(basis.state_since) == timezone.localdate()
    assert stored(untouched).state == STATE.VALID


def test_a_clause_that_ends_takes_along_only_what_cites_it(
    column: Page, policy: PolicyPage
) -> None:
    first, second = ids_of(policy)
    on_first = make_question(
        column, "为什么？", sources=[QuestionSource(kind="policy", target=policy, clauses=[first])]
    )
    on_second = make_question(
        column, "补多少？", sources=[QuestionSource(kind="policy", target=policy, clauses=[second])]
    )
    kept, over = given(on_first), given(on_second)
    end_document(
        policy=policy, kind=EffectKind.PARTLY, since=timezone.localdate(), chosen=[second],
        basis="修改决定", user=None,
    )  # fmt: skip
    follow()
    assert stored(over).state == STATE.ENDED
    assert stored(kept).state in (STATE.VALID, STATE.SOURCE_AMENDED)


def test_an_amended_clause_is_told_though_the_answer_reads_the_same(
    column: Page, policy: PolicyPage
) -> None:
    first, second = ids_of(policy)
    entry = make_question(
        column, sources=[QuestionSource(kind="policy", target=policy, clauses=[second])]
    )
    apart = make_question(
        column, "为什么？", sources=[QuestionSource(kind="policy", target=policy, clauses=[first])]
    )
    record, other = given(entry), given(apart)
    policy.body = [
        clause("第一条", "为了方便出行，制定本办法。", id=first),
        clause("第二条", "每人每月补贴500元。", id=second),
    ]
    republish_policy(policy)
    follow()
    found = seen(record)
    assert (found.state, stored(record).state) == (STATE.SOURCE_AMENDED, STATE.SOURCE_AMENDED)
    assert found.replaced_by is not None
    assert stored(other).state == STATE.VALID
    # What is given from now on rests on the new words.
    again = given(QuestionPage.objects.get(pk=entry.pk))
    assert stored(again).state == STATE.VALID


def test_a_withdrawn_page_and_its_return(column: Page, make_basis) -> None:  # type: ignore[no-untyped-def]
    basis = make_basis()
    record = given(make_question(column, sources=[source(basis)]))
    basis.unpublish()
    follow()
    assert stored(record).state == STATE.ENDED
    type(basis).objects.get(pk=basis.pk).save_revision().publish()
    follow()
    assert (stored(record).state, stored(record).state_since) == (STATE.VALID, None)
    assert [change.state for change in stored(record).changes.all()] == [STATE.VALID, STATE.ENDED]


def test_a_new_text_and_a_successor_replace_the_answer(column: Page) -> None:
    entry, successor = make_question(column), make_question(column, "新生儿如何落户？")
    record = given(entry)
    entry = republish(entry, answer="<p>网上也能办。</p>")
    follow()
    basis = stored(record)
    assert (basis.state, basis.superseded_by_id) == (STATE.SUPERSEDED, entry.pk)
    newer = given(entry)
    republish(entry, superseded_by=successor)
    follow()
    for one in (record, newer):
        assert stored(one).superseded_by_id == successor.pk
        found = seen(one)
        assert found.replaced_by is not None
        assert found.replaced_by.title == successor.question


def test_a_deleted_entry_leaves_receipts_that_say_so(column: Page) -> None:
    entry = make_question(column)
    record = given(entry)
    entry.delete()
    follow()
    assert (stored(record).state, seen(record).state) == (STATE.ENDED, STATE.ENDED)
    assert seen(record).since is not None


def test_the_clock_ends_what_has_an_end(column: Page) -> None:
    entry = make_question(column, valid_until=timezone.now() + DAY)
    record = given(entry)
    with time_machine.travel(timezone.now() + DAY + datetime.timedelta(minutes=1)):
        validity.follow_calendar()
        follow()
        basis = stored(record)
        assert basis.state == STATE.ENDED
        assert basis.state_since == entry.valid_until


def test_what_the_outbox_missed_the_nightly_round_finds(column: Page) -> None:
    entry = make_question(column)
    record = given(entry)
    AnswerRecord.objects.filter(pk=record.pk).update(basis=None)  # of before there were any
    AnswerBasis.objects.all().delete()
    look_again()
    assert stored(record).state == STATE.VALID
    QuestionPage.objects.filter(pk=entry.pk).update(live=False)  # past every signal
    assert look_again() == 0  # looked at a moment ago
    with time_machine.travel(timezone.now() + DAY):
        assert look_again() == 1
        assert look_again() == 0
    assert stored(record).state == STATE.ENDED


def test_many_answers_cost_no_more_than_one(column: Page, make_basis) -> None:  # type: ignore[no-untyped-def]
    basis = make_basis()
    entry = make_question(column, sources=[source(basis)])
    records = [ask("小孩咋落户", entry).record for _number in range(30)]
    assert AnswerBasis.objects.count() == 1
    follow()
    basis.unpublish()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        follow()
    written = [q["sql"] for q in queries if q["sql"].startswith("UPDATE") and "answer" in q["sql"]]
    assert all("answerrecord" not in sql for sql in written)
    assert {seen(record).state for record in records} == {STATE.ENDED}


def test_an_answer_about_another_day_is_no_news(column: Page) -> None:
    entry = make_question(column)
    yesterday = timezone.now()
    with time_machine.travel(yesterday + 2 * DAY):
        republish(entry, answer="<p>网上也能办。</p>")
        record = given(entry, as_of=yesterday)
        basis = stored(record)
        assert record.text == "到户籍派出所办理，带出生医学证明。"
        assert (basis.state, basis.noticed_at) == (STATE.SUPERSEDED, None)


# --- what visitors and programs see ---------------------------------------------------------------
def test_page_and_api_say_it(column: Page, client: Client, make_basis) -> None:  # type: ignore[no-untyped-def]
    basis = make_basis()
    record = given(make_question(column, sources=[source(basis)]))
    before = client.get(f"/api/v1/assistant/answers/{record.pk}").json()
    assert (before["state"]["state"], before["is_unaltered"]) == ("valid", True)
    assert before["number"] == record.code
    basis.unpublish()
    follow()
    after = client.get(f"/api/v1/assistant/answers/{record.pk}").json()
    assert after["state"]["state"] == "no_longer_in_force"
    assert after["state"]["since"]
    assert "clauses" not in after["citations"][-1]
    html = client.get(f"/assistant/answers/{record.pk}/").content.decode()
    assert "validity-notice" in html


def test_a_receipt_shows_whether_its_text_is_as_it_was_given(column: Page, client: Client) -> None:
    record = given(make_question(column))
    html = client.get(f"/assistant/answers/{record.pk}/", {"lang": "en"}).content.decode()
    assert "Verified: unaltered since it was given" in html
    assert record.digest in html
    AnswerRecord.objects.filter(pk=record.pk).update(text="到别处办理。")
    html = client.get(f"/assistant/answers/{record.pk}/", {"lang": "en"}).content.decode()
    assert "Verified" not in html
    assert "Not as it was given" in html


def test_a_shared_receipt_does_not_open_the_conversation(column: Page, client: Client) -> None:
    record = given(make_question(column))
    for address in (
        f"/assistant/answers/{record.pk}/",
        f"/assistant/answers/{record.pk}/feed/",
        f"/api/v1/assistant/answers/{record.pk}",
    ):
        assert str(record.conversation_id) not in client.get(address).content.decode()


def test_the_feed_tells_each_change(column: Page, client: Client) -> None:
    entry = make_question(column)
    record = given(entry)
    address = f"/assistant/answers/{record.pk}/feed/"

    def entries() -> list[str]:
        response = client.get(address, {"lang": "en"})
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("application/atom+xml")
        root = ET.fromstring(response.content)
        names = {"a": "http://www.w3.org/2005/Atom"}
        found = root.findall("a:entry", names)
        assert len({one.findtext("a:id", "", names) for one in found}) == len(found)
        return [one.findtext("a:title", "", names) for one in found]

    assert entries() == ["The answer was given"]
    entry.unpublish()
    assert "not been in force" in entries()[0]  # before anything is noted
    follow()
    assert len(entries()) == 2
    republish(entry)
    follow()
    assert "holds again" in entries()[0]
    assert len(entries()) == 3
    assert client.get("/assistant/answers/nothing/feed/").status_code == 404


# --- numbers --------------------------------------------------------------------------------------
def test_a_number_for_the_telephone_shows_a_misheard_digit() -> None:
    code = new_code()
    assert is_code(code)
    assert code[0] != "0"
    for place, digit in enumerate(code):
        for other in set("0123456789") - {digit}:
            assert not is_code(code[:place] + other + code[place + 1 :])
    assert check_digit("0794") == "5"  # the example of ISO 7064
    assert check_digit("8609574271") == "9"  # and of the German tax number, which is made so, too
    assert not is_code("12345")
    assert not is_code("１２３４５６７８９０")


def test_numbers_are_no_personal_data_when_a_visitor_types_them() -> None:
    from portal.text.personal_data import scrub

    for code in (new_code() for _number in range(300)):
        assert scrub(f"凭据编号 {code[:4]} {code[4:7]} {code[7:]}").text.count("*") == 0
