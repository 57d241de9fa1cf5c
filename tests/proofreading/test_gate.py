"""What the publish gate refuses, what needs a reason, and what is kept of it."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.log_actions import LogContext, activate, deactivate

from portal.core.gate import PublishRefused
from portal.core.models import Publication
from portal.core.operator import OperatorContext
from portal.pages.blocks.layout import CarouselBlock
from portal.pages.models import ExternalLinkPage
from portal.proofreading.kinds import Grades, Lists
from portal.proofreading.models import KindGrade, PublicContact, Reason, ScanRecord, WordEntry
from portal.proofreading.selectors.detecting import platform
from portal.proofreading.selectors.findings import placed_in, scan_page
from portal.proofreading.selectors.texts import PageTexts, _walk
from portal.proofreading.services.reasons import give_reasons
from portal.text.detectors import Kind
from tests.factories import ArticleFactory, OrganisationFactory, UserFactory, World, publish

pytestmark = pytest.mark.django_db
PERSON = "330106199003077718"
MOBILE = "13812345678"


def article(world: World, **fields: Any) -> Any:
    return ArticleFactory(parent=world.column, live=False, **fields)


@pytest.fixture
def person(world: World) -> Any:
    """Somebody who sits at a form."""
    user = UserFactory(superuser=True, first_name="敏", last_name="王")
    activate(LogContext(user=user))
    yield user
    deactivate()


def test_an_identity_number_is_never_published(world: World) -> None:
    page = article(world, summary=f"申请人张三，{PERSON}")
    with pytest.raises(PublishRefused) as refused:
        publish(page)
    (problem,) = refused.value.problems
    assert problem.field == "summary"
    assert PERSON not in problem.message
    assert "330…18" in problem.message
    page.refresh_from_db()
    assert not page.live


PARTS: dict[str, list[Any]] = {
    "number over two elements": [("paragraph", f"<p>张三<b>{PERSON[:9]}</b>{PERSON[9:]}</p>")],
    "hidden link": [("paragraph", '<p style="display:none"><a href="http://x.example">友链</a></p><p>字</p>')],
    "mark": [("quote", {"text": "机密★5年", "source": "办公室"})],
    "heading": [("heading", {"text": "365bet体育在线_新葡京", "level": "2"})],
    "steps": [("steps", {"title": "", "items": [{"type": "item", "id": "1", "value": {"title": "一", "text": f"<p>{PERSON}</p>"}}]})],
    "cell": [
        (
            "table",
            {
                "caption": "名单",
                "table": {
                    "columns": [{"type": "text", "heading": "姓名"}, {"type": "text", "heading": "号"}],
                    "rows": [{"values": ["张三", PERSON]}],
                    "caption": "",
                },
            },
        )
    ],
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_nor_anywhere_in_the_text(world: World, part: str) -> None:
    page = article(world)
    stream = page._meta.get_field("body").stream_block
    page.body = stream.to_python([{"type": kind, "value": value} for kind, value in PARTS[part]])
    with pytest.raises(PublishRefused) as refused:
        publish(page)
    assert {(one.field, one.code) for one in refused.value.problems} == {("body", "proofreading")}


def test_an_address_in_a_field_or_block_is_a_link_like_any_other(world: World) -> None:
    """A link page, a slide, the source of a reposted text: visitors follow them all."""
    WordEntry.objects.create(list_name=Lists.FORBIDDEN_HOST, word="du-bo.example")
    bad = "https://www.du-bo.example/reg?id=13812345678"
    in_field = article(world, source_url=bad)
    in_page = ExternalLinkPage(title="友情链接", target_url=bad, target_name="某站", live=False)
    world.column.add_child(instance=in_page)
    good = article(world, source_url="https://www.gov.cn/zhengce/202601/330106199003077718.htm")
    publish(good)
    for page, field in ((in_field, "source_url"), (in_page, "target_url")):
        with pytest.raises(PublishRefused) as refused:
            publish(page)
        assert [(one.field, one.code) for one in refused.value.problems] == [
            (field, "proofreading")
        ]
    slides = CarouselBlock()
    found = PageTexts()
    item = {"type": "item", "id": "1", "value": {"title": "一", "url": bad}}
    _walk(slides, {"title": "", "slides": [item]}, found, "body", "")
    assert [one.finding.kind for text in found.texts for one in placed_in(text, platform())] == [
        Kind.LINK
    ]


def test_a_warning_asks_a_person_for_a_reason_and_no_program(world: World, person: Any) -> None:
    page = article(world, summary=f"联系人{MOBILE}")
    with pytest.raises(PublishRefused) as refused:
        publish(page)
    assert refused.value.problems[0].code == "proofreading_reason"
    deactivate()
    activate(OperatorContext(user=person))
    publish(page)
    page.refresh_from_db()
    assert page.live


def test_with_a_reason_it_is_published_and_both_are_on_record(world: World, person: Any) -> None:
    page = article(world, summary=f"联系人{MOBILE}")
    scan = scan_page(page)
    (found,) = scan.graded("warning")
    (reason,) = give_reasons(
        page=page, scan=scan, reasons={found.key: "值班手机，已经本人同意"}, user=person
    )
    publish(page)
    record = ScanRecord.objects.get(publication=Publication.objects.get(page=page))
    assert record.findings == [
        {
            "kind": "mobile",
            "grade": "warning",
            "words": "138…78",
            "field": "summary",
            "reason": "值班手机，已经本人同意",
            "by": reason.user_name,
            "at": reason.at.isoformat(),
        }
    ]
    assert MOBILE not in json.dumps(record.findings)
    # The same words in a later version need no second reason, others do.
    page.title = "改了标题"
    publish(page)
    page.summary += "、13987654321"
    with pytest.raises(PublishRefused) as refused:
        publish(page)
    assert "139…21" in refused.value.problems[0].message
    assert "138…78" not in refused.value.problems[0].message


def test_a_reason_says_something(world: World, person: Any) -> None:
    page = article(world, summary=f"联系人{MOBILE}")
    scan = scan_page(page)
    key = scan.graded("warning")[0].key
    with pytest.raises(Exception, match="in a few words"):
        give_reasons(page=page, scan=scan, reasons={key: "。。。。"}, user=person)
    assert not give_reasons(page=page, scan=scan, reasons={"other": "没有这一处"}, user=person)
    assert not Reason.objects.exists()


def test_a_scan_that_fails_refuses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("no lists")

    page = article(world)
    monkeypatch.setattr("portal.proofreading.filters.scan_page", broken)
    with pytest.raises(PublishRefused) as refused:
        publish(page)
    assert [problem.code for problem in refused.value.problems] == ["proofreading_failed"]


def test_what_is_clean_is_recorded_as_clean(world: World) -> None:
    page = article(world, summary="云湖水质保持良好。")
    publish(page)
    record = ScanRecord.objects.get(page=page)
    assert record.findings == []
    assert record.characters > 0


def test_a_publish_costs_two_queries_more(world: World) -> None:
    page = article(world, summary="云湖水质保持良好。")
    scan_page(page)  # the lists are in memory
    with CaptureQueriesContext(connection) as queries:
        publish(page)
    ours = [query["sql"] for query in queries if "proofreading_" in query["sql"]]
    assert len(ours) <= 2, ours


def test_grades_belong_to_the_platform(world: World, person: Any) -> None:
    page = article(world, summary=f"联系人{MOBILE}")
    KindGrade.objects.create(kind="mobile", grade=Grades.BLOCKING)
    assert [one.grade for one in scan_page(page).found] == ["blocking"]
    KindGrade.objects.update_or_create(kind="mobile", defaults={"grade": Grades.OFF})
    assert not scan_page(page).found
    publish(page)


def test_lists_contacts_and_the_register_hold_at_once(world: World) -> None:
    page = article(world, summary=f"拨打{MOBILE}，云湖市林业居，幸运转盘")
    assert [one.words for one in scan_page(page).found] == ["138…78"]
    PublicContact.objects.create(contact="138 1234 5678", holder="值班室")
    WordEntry.objects.create(list_name=Lists.BETTING, word="幸运转盘")
    OrganisationFactory(full_name="云湖市林业局", short_name="林业局")
    found = {one.finding.kind.value: one.finding.suggestion for one in scan_page(page).found}
    assert found == {"betting": "", "unit_name": "云湖市林业局"}


def test_off_means_nothing_is_looked_for(world: World) -> None:
    from portal.plugins import switches

    page = article(world, summary=f"申请人{PERSON}")
    with switches.override({("proofreading", None): False}):
        publish(page)
    assert not ScanRecord.objects.filter(page=page).exists()
