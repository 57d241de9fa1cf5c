"""Questions, services, offices, persons: what there is, and an honest no with a way on."""

import datetime

import pytest
import time_machine

from assistant.dialogue.statuses import Status
from assistant.portal_plugin.models import AnswerRecord
from portal.plugin_api import ServiceGuide, service_guides
from portal.testing import disable_plugin
from tests.assistant.asking import FakeRetriever
from tests.assistant.factories import make_question
from tests.factories import OrganisationFactory, StandardPageFactory, World
from tests.services.factories import make_guide

from .providers import GuidesInMemory, LettersInMemory, ReportsInMemory
from .talking import Talk

CHINA = datetime.timezone(datetime.timedelta(hours=8))


# --- questions ------------------------------------------------------------------------------------
def test_a_question_gets_its_approved_answer(
    world: World, talk: Talk, knowledge: FakeRetriever
) -> None:
    entry = make_question(world.column)
    knowledge.entries = [entry]
    reply = talk.write("小孩户口怎么上")
    assert reply.record.entry == entry.entry_id
    assert AnswerRecord.objects.count() == 1  # written by whoever asked, not by the action


def test_a_day_that_is_asked_for_goes_into_the_search(
    world: World, talk: Talk, knowledge: FakeRetriever
) -> None:
    knowledge.entries = [make_question(world.column)]
    talk.write("截至2024年3月1日新生儿怎么上户口")
    day = datetime.datetime.fromtimestamp(knowledge.asked[-1].at or 0, CHINA).date()
    assert day == datetime.date(2024, 3, 1)
    talk.write("我2024年3月1日出生的孩子怎么上户口")
    day = datetime.datetime.fromtimestamp(knowledge.asked[-1].at or 0, CHINA).date()
    assert day != datetime.date(2024, 3, 1)


def test_where_nothing_is_approved_a_person_and_a_letter_are_offered(
    talk: Talk, post: LettersInMemory
) -> None:
    reply = talk.write("月球上能落户吗")
    assert reply.record.status == Status.DECLINED_NO_SOURCE
    assert {"/human", "/leave_letter"} <= set(reply.payloads)


# --- services -------------------------------------------------------------------------------------
def test_guides_are_listed_with_their_addresses(world: World, talk: Talk) -> None:
    guides = GuidesInMemory(
        [
            ServiceGuide("居住证", "居住证申领", "/services/1/", "三日内办结", "市公安局"),
            ServiceGuide("驾照", "驾驶证换证", "/services/2/"),
        ]
    )
    with service_guides.temporarily(guides, plugin="assistant"):
        reply = talk.write("我要办居住证", "find_service")
    assert reply.record.status == Status.ANSWERED
    assert 'href="/services/1/"' in reply.record.html
    assert "市公安局" in reply.record.text
    assert "驾驶证" not in reply.record.text
    assert [item["url"] for item in reply.record.content["citations"]] == ["/services/1/"]


def test_the_portals_own_guides_are_found_by_everyday_words(world: World, talk: Talk) -> None:
    make_guide(world.column, title="居住证申领", promised_limit="10个工作日")
    make_guide(world.column, title="驾驶证换证", everyday_names="换驾照", summary="网上办。")
    reply = talk.write("我想办居住证", "find_service")
    assert reply.record.status == Status.ANSWERED
    assert "居住证申领" in reply.record.html
    assert "10个工作日" in reply.record.text
    assert "驾驶证" not in reply.record.text


def test_a_guides_title_is_text_not_markup(world: World, talk: Talk) -> None:
    guides = GuidesInMemory([ServiceGuide("证", "<script>alert(1)</script>", "/services/1/")])
    with service_guides.temporarily(guides, plugin="assistant"):
        reply = talk.write("办证", "find_service")
    assert "<script>" not in reply.record.html


def test_without_guides_the_knowledge_base_answers_and_says_so(
    world: World, talk: Talk, knowledge: FakeRetriever
) -> None:
    knowledge.entries = [make_question(world.column)]
    with disable_plugin("services"):
        reply = talk.write("我要给孩子上户口", "find_service")
    assert reply.record.status == Status.ANSWERED
    assert "no_service_guides" in reply.record.content["notes"]


def test_without_anything_the_portals_pages_are_named(world: World, talk: Talk) -> None:
    StandardPageFactory(parent=world.column, title="老年优待证办理须知")
    reply = talk.write("我想办老年优待证", "find_service")
    assert reply.record.status == Status.DECLINED_NO_SOURCE
    assert "老年优待证办理须知" in reply.record.text
    assert len(reply.links) == 1


def test_pages_that_are_not_public_are_not_named(world: World, talk: Talk) -> None:
    StandardPageFactory(parent=world.column, title="老年优待证办理须知", live=False)
    reply = talk.write("我想办老年优待证", "find_service")
    assert "须知" not in reply.record.text


def test_the_button_asks_which_service(talk: Talk) -> None:
    reply = talk.press("/find_service")
    assert reply.prompt is not None
    assert reply.prompt.question


# --- offices --------------------------------------------------------------------------------------
@pytest.fixture
def education(world: World) -> None:
    OrganisationFactory(
        full_name="云湖市教育局",
        short_name="市教育局",
        english_name="Yunhu Education Bureau",
        address="湖滨区书院路8号",
        office_hours="工作日 9:00—17:00",
        phone="0999-10000200",
    )
    OrganisationFactory(
        full_name="云湖市公安局", short_name="市公安局", address="湖滨区平安路1号", phone="110"
    )


@pytest.mark.usefixtures("education")
@pytest.mark.parametrize("question", ["教育局在哪里", "市教育局几点上班", "云湖市教育局地址"])
def test_the_office_that_is_named(talk: Talk, question: str) -> None:
    reply = talk.write(question, "office_hours")
    assert reply.record.status == Status.ANSWERED
    assert "湖滨区书院路8号" in reply.record.text
    assert "0999-10000200" in reply.record.text
    assert "平安路" not in reply.record.text


@pytest.mark.usefixtures("education")
def test_of_two_offices_the_visitor_chooses(talk: Talk) -> None:
    reply = talk.write("教育局和公安局在哪里", "office_hours")
    assert reply.record.status == Status.CLARIFY
    assert reply.prompt is not None
    [police] = [one.payload for one in reply.prompt.buttons if one.title == "云湖市公安局"]
    chosen = talk.press(police)
    assert "平安路1号" in chosen.record.text


@pytest.mark.usefixtures("education")
def test_foreigners_read_both_names(talk: Talk) -> None:
    talk.language = "en"
    reply = talk.write("Where is the Yunhu Education Bureau?", "office_hours")
    assert "Yunhu Education Bureau (云湖市教育局)" in reply.record.title


@pytest.mark.parametrize(
    ("question", "works"),
    [
        ("10月10日上班吗", True),  # a Saturday on which people make up for the holiday
        ("10月1日上班吗", False),
        ("明天上班吗", True),
        ("周六开门吗", False),
    ],
)
def test_days_by_the_chinese_calendar(
    world: World, knowledge: FakeRetriever, question: str, works: bool
) -> None:
    with time_machine.travel(datetime.datetime(2026, 9, 9, 10, tzinfo=CHINA), tick=False):
        reply = Talk(site=world.site.pk, language="en").write(question, "office_hours")
    assert ("is a working day" in reply.record.text) is works
    assert ("is no working day" in reply.record.text) is not works


# --- persons --------------------------------------------------------------------------------------
def test_a_person_by_telephone_with_the_next_working_time(
    world: World, knowledge: FakeRetriever
) -> None:
    with time_machine.travel(datetime.datetime(2026, 10, 1, 10, tzinfo=CHINA), tick=False):
        reply = Talk(site=world.site.pk).write("转人工", "human")
    assert reply.record.status == Status.HANDED_OVER
    assert "12345" in reply.record.text
    assert "10月8日" in reply.record.text  # the first day after the holiday


# --- error reports --------------------------------------------------------------------------------
def test_an_error_on_the_page_that_the_visitor_is_on(
    world: World, talk: Talk, reports: ReportsInMemory
) -> None:
    talk.page = "/zwgk/tongzhi/1/"
    assert "/report_error" in talk.write("你能做什么", "help").payloads
    talk.press("/report_error")
    talk.write("错别字", "report_error")
    talk.page = "/somewhere/else/"  # the visitor reads on
    review = talk.write("第二段“云胡”应为“云湖”")
    assert review.prompt is not None
    assert "/zwgk/tongzhi/1/" in [line.value for line in review.prompt.review]
    assert reports.drafts == []
    done = talk.press("/confirm")
    [draft] = reports.drafts
    assert (draft.kind, draft.page) == ("typo", "/zwgk/tongzhi/1/")
    assert done.links == ["/report/1/"]


@pytest.mark.usefixtures("nobody_takes_letters")
def test_where_no_reports_are_taken_there_is_no_button(talk: Talk) -> None:
    talk.page = "/zwgk/"
    assert "/report_error" not in talk.write("你能做什么", "help").payloads
    reply = talk.write("这页有错别字", "report_error")
    assert reply.record.status == Status.HANDED_OVER
    assert talk.form == ""
