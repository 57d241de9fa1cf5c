"""Entries and the documents they rest on: clauses, drafts from clauses, figures, the cascade."""

import datetime

import pytest
from django.utils import timezone
from wagtail.models import Page

from assistant.portal_plugin.dependants import Entries
from assistant.portal_plugin.models import QuestionPage, QuestionSource, SourceKind
from assistant.portal_plugin.question_rules import question_from, subject_of
from assistant.portal_plugin.selectors.knowledge import answerable
from assistant.portal_plugin.watched import Entries as Watched
from portal.core.models import Publication, Standing
from portal.plugin_api import QASource, capability, qa_drafts
from portal.policy_interpretation.models import EffectKind, PolicyPage
from portal.policy_interpretation.services.effects import end_document
from tests.factories import World, member
from tests.policy_interpretation.factories import clause, ids_of, make_policy

from .factories import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy(column: Page) -> PolicyPage:
    return make_policy(
        column,
        body=[
            clause("第一条", "为了方便出行，制定本办法。"),
            clause("第二条", "申请公共自行车卡，应当提交身份证。"),
            clause("第三条", "每人每月补贴300元。"),
        ],
    )


def cited(policy: PolicyPage, *clauses: str) -> QuestionSource:
    return QuestionSource(kind=SourceKind.POLICY, target=policy, clauses=list(clauses))


def stored(page: QuestionPage) -> str:
    return Publication.objects.get(page=page, closed=False).standing


# --- clauses ----------------------------------------------------------------------------------
def test_an_answer_names_the_clauses_it_rests_on(column: Page, policy: PolicyPage) -> None:
    third = ids_of(policy)[2]
    page = make_question(column, sources=[cited(policy, third)])
    [row] = answerable([page.pk])[page.pk].sources
    assert row.clauses == ("第三条",)
    assert "300元" in row.passage
    assert row.label == policy.title
    assert third.replace("-", "")[:10] in row.url


def test_a_repealed_document_ends_its_entries_at_once(column: Page, policy: PolicyPage) -> None:
    page = make_question(column, sources=[cited(policy)])
    assert answerable([page.pk])
    end_document(
        policy=policy, kind=EffectKind.REPEALED, since=timezone.localdate(), basis="新办法",
        user=None,
    )  # fmt: skip
    assert answerable([page.pk]) == {}


def test_a_clause_that_ends_takes_its_entries_along(column: Page, policy: PolicyPage) -> None:
    _first, second, third = ids_of(policy)
    on_third = make_question(column, "补贴多少？", sources=[cited(policy, third)])
    on_second = make_question(column, "带什么？", sources=[cited(policy, second)])
    end_document(
        policy=policy, kind=EffectKind.PARTLY, since=timezone.localdate(), chosen=[third],
        basis="修改决定", user=None,
    )  # fmt: skip
    assert set(answerable([on_third.pk, on_second.pk])) == {on_second.pk}
    from assistant.portal_plugin.services.knowledge import follow_targets

    follow_targets(page_pks=[policy.pk])
    assert (stored(on_third), stored(on_second)) == (Standing.OUTDATED, Standing.IN_FORCE)


def test_a_repeal_to_come_ends_them_on_its_day(column: Page, policy: PolicyPage) -> None:
    day = timezone.localdate() + datetime.timedelta(days=10)
    end_document(policy=policy, kind=EffectKind.REPEALED, since=day, basis="新办法", user=None)
    page = make_question(column, sources=[cited(policy)])
    row = Publication.objects.get(page=page, closed=False)
    assert row.valid_until is not None
    assert timezone.localtime(row.valid_until).date() == day
    assert answerable([page.pk])


# --- drafts from clauses ----------------------------------------------------------------------
def test_drafts_are_made_once_and_stay_tied_to_their_clause(provisioned_world: World) -> None:
    world = provisioned_world
    policy = make_policy(world.column, body=[clause("第二条", "申请骑行卡，应当提交身份证。")])
    editor = member("editor", world.site)
    provider = capability(qa_drafts, world.site.pk)
    assert provider is not None
    [identifier] = ids_of(policy)
    wanted = [
        QASource(clause=identifier, label="第二条", text="第二条 申请骑行卡，应当提交身份证。",
                 url="/x/")
    ]  # fmt: skip
    made = provider.draft(wanted, page=policy, site=world.site.pk, user=editor)
    again = provider.draft(wanted, page=policy, site=world.site.pk, user=editor)
    assert (made.count, again.count) == (1, 1)
    draft = QuestionPage.objects.get()
    assert not draft.live
    assert draft.owner == editor
    assert draft.question == "申请骑行卡要带什么材料？"
    assert "应当提交身份证" in draft.answer
    [row] = draft.sources.all()
    assert (row.target_id, row.clauses) == (policy.pk, [identifier])


def test_who_may_write_nowhere_gets_no_drafts(provisioned_world: World) -> None:
    world = provisioned_world
    policy = make_policy(world.column)
    provider = capability(qa_drafts, world.site.pk)
    assert provider is not None
    wanted = [QASource(clause="a", label="第一条", text="一。", url="/x/")]
    account = member("editor", world.hubin)
    assert provider.draft(wanted, page=policy, site=world.site.pk, user=account).count == 0
    assert not QuestionPage.objects.exists()


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("云湖市公共自行车管理办法", "公共自行车"),
        ("云湖市人民政府办公室关于印发云湖市人才安居实施办法的通知", "人才安居"),
        ("关于调整城乡居民医疗保险缴费标准的通知", "城乡居民医疗保险缴费标准"),
    ],
)
def test_what_a_document_is_about(title: str, subject: str) -> None:
    assert subject_of(title) == subject


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("第五条 新生儿父母可以申请育儿补贴。", "哪些人可以申请育儿补贴？"),
        ("每人每月发放300元。", "公共自行车能领多少钱？"),
        ("应当在5个工作日内办结。", "公共自行车要等多久？"),
        ("市交通运输局负责本办法的实施。", "公共自行车由哪个部门负责？"),
        ("车辆应当保持整洁。", "公共自行车第五条是怎么规定的？"),
    ],
)
def test_questions_by_rules(text: str, question: str) -> None:
    assert question_from(text, title="云湖市公共自行车管理办法", label="第五条") == question


# --- figures and cascade ----------------------------------------------------------------------
def test_entries_are_watched_with_what_they_cite(column: Page, policy: PolicyPage) -> None:
    third = ids_of(policy)[2]
    page = make_question(column, answer="<p>每月350元。</p>", sources=[cited(policy, third)])
    make_question(column, "没有引用？")
    english = make_question(column, "How?", language="en", translation_of=page, sources=[])
    site = Publication.objects.get(page=page).site_id
    texts = {text.key: text for text in Watched().texts(site=site)}
    assert set(texts) == {str(page.pk), str(english.pk)}
    assert texts[str(page.pk)].parts[1].text == "每月350元。"
    for text in texts.values():
        assert [(cite.document, cite.clauses) for cite in text.cites] == [(policy.pk, (third,))]
    assert not list(Watched().texts(site=site, document=column.pk))


def test_a_wrong_figure_is_found(column: Page, policy: PolicyPage) -> None:
    from portal.policy_interpretation.watch.models import Finding
    from portal.policy_interpretation.watch.services import check_key

    third = ids_of(policy)[2]
    page = make_question(
        column, answer="<p>每人每月补贴350元。</p>", sources=[cited(policy, third)]
    )
    site = Publication.objects.get(page=page).site_id
    check_key(source="assistant.entries", site=site, key=str(page.pk))
    assert [finding.printed for finding in Finding.objects.all()] == ["350元"]


def test_the_cascade_lists_entries_and_their_translations(column: Page, policy: PolicyPage) -> None:
    page = make_question(column, sources=[cited(policy, ids_of(policy)[2])])
    english = make_question(column, "How?", language="en", translation_of=page, sources=[])
    make_question(column, "别的？")
    found = {item.page: item for item in Entries().dependants(item=f"page:{policy.pk}")}
    assert set(found) == {page.pk, english.pk}
    assert found[page.pk].place == "第三条"
    assert not list(Entries().dependants(item="clock:1"))
