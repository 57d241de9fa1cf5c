"""Figures of interpretations beside the clauses they cite: found, shown, accepted, reopened."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from portal.core.gate import PublishRefused, problems_of
from portal.plugin_api import CitedClauses, WatchedPart, WatchedText
from portal.policy_interpretation.models import (
    CheckedText,
    Finding,
    InterpretationLink,
    InterpretationPage,
    PolicyPage,
    WatchSetting,
)
from portal.policy_interpretation.watch import comparing, saving, services
from portal.policy_interpretation.watch.cited import Library, table_words
from portal.policy_interpretation.watch.dashboard import DifferingFigures
from portal.policy_interpretation.watch.marking import side_by_side
from portal.policy_interpretation.watch.selectors import (
    findings_by_part,
    findings_for,
    open_differences,
)
from tests.factories import UserFactory, World, member

from .factories import clause, explanation, ids_of, make_policy, republish

pytestmark = pytest.mark.django_db

FIFTH = "博士研究生每人每月2500元，补贴期限不超过3年。"
SIXTH = "用人单位应当自受理申请之日起15个工作日内完成审核。"
State = Finding.State


def make_product(
    column: Page,
    policy: PolicyPage,
    text: str,
    *,
    clauses: Any = (),
    live: bool = False,
    **fields: Any,
) -> InterpretationPage:
    page = InterpretationPage(
        **{"title": "租房补贴解读", "source": "云湖市人力资源和社会保障局", "live": False} | fields
    )
    page.interprets = [InterpretationLink(policy=policy, clauses=list(clauses))]
    page.body = body(text)
    column.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    page.refresh_from_db()
    return page


def body(text: str) -> Any:
    blocks = InterpretationPage._meta.get_field("body").stream_block
    return blocks.to_python([{"type": "paragraph", "value": f"<p>{text}</p>"}])


def reword(page: InterpretationPage, text: str) -> None:
    page.body = body(text)
    page.save_revision()
    page.refresh_from_db()
    saving.check_page(page)


@pytest.fixture
def policy(column: Page) -> PolicyPage:
    return make_policy(column, body=[clause("第五条", FIFTH), clause("第六条", SIXTH)])


def only() -> Finding:
    return Finding.objects.get()


# --- finding --------------------------------------------------------------------------------------
def test_a_wrong_figure_is_found_with_its_clause(column: Page, policy: PolicyPage) -> None:
    page = make_product(column, policy, "博士每月2000元，15个工作日内审核完。")
    saving.check_page(page)
    finding = only()
    assert (finding.state, finding.part, finding.printed) == (State.OPEN, "body", "2000元")
    assert (finding.policy_id, finding.clause_printed) == (policy.pk, "2500元")
    assert finding.clause == policy.body.raw_data[0]["id"]
    [(_name, words)] = [part for part in finding.text.parts if part[0] == "body"]
    assert words[finding.start : finding.end] == "2000元"


def test_a_right_text_leaves_no_finding(column: Page, policy: PolicyPage) -> None:
    page = make_product(column, policy, "博士每月二千五百元，最多三年，15个工作日审核完。")
    saving.check_page(page)
    assert not Finding.objects.exists()
    assert CheckedText.objects.get().parts == []


def test_number_and_dates_of_the_document_are_known(column: Page, policy: PolicyPage) -> None:
    text = "《办法》（云政发[2026]12号）2026年5月6日印发，6月1日起施行。"
    page = make_product(column, policy, text)
    saving.check_page(page)
    assert not Finding.objects.exists()


def test_only_the_cited_clauses_count(column: Page, policy: PolicyPage) -> None:
    sixth = policy.body.raw_data[1]["id"]
    page = make_product(column, policy, "博士每月2500元。", clauses=[sixth])
    saving.check_page(page)
    assert only().printed == "2500元"


def test_what_lies_below_a_cited_clause_counts(column: Page) -> None:
    rows = [clause("第五条", "补贴标准如下："), clause("（一）", "每月800元。", level="item")]
    policy = make_policy(column, body=rows)
    page = make_product(column, policy, "每月800元。", clauses=[rows[0]["id"]])
    saving.check_page(page)
    assert not Finding.objects.exists()


TABLE = {
    "type": "table",
    "value": {
        "caption": "收费标准",
        "table": {
            "columns": [
                {"type": "text", "heading": name} for name in ("项目", "标准（元）", "备注")
            ],
            "rows": [
                {"values": ["住宅类登记", "80", ""]},
                {"values": ["其他登记", "550", "每件"]},
            ],
        },
    },
}


def test_a_table_becomes_sentences_with_units() -> None:
    assert table_words(TABLE["value"]).splitlines() == [
        "收费标准", "住宅类登记；标准：80元", "其他登记；标准：550元；备注：每件",
    ]  # fmt: skip


def test_the_table_after_a_cited_clause_counts(column: Page) -> None:
    policy = make_policy(
        column, body=[clause("第一条", "收费标准见下表。"), TABLE, clause("第二条", "略。")]
    )
    first, _table, second = ids_of(policy)
    texts = [
        WatchedText("x", "x", "", "zh-hans", (WatchedPart("t", f"住宅类登记每件{amount}元。"),),
                    (CitedClauses(policy.pk, (one,)),))
        for one, amount in ((first, 90), (second, 90), (first, 80))
    ]  # fmt: skip
    assert not comparing.compare(texts[2], Library()).differences
    [wrong] = comparing.compare(texts[0], Library()).differences
    assert wrong.clause is not None
    assert wrong.clause.text[wrong.clause_start : wrong.clause_end] == "80元"
    assert [found.clause for found in comparing.compare(texts[1], Library()).differences] == [None]


def test_title_and_summary_are_compared_too(column: Page, policy: PolicyPage) -> None:
    page = make_product(
        column, policy, "请看正文。", title="博士每月2600元", summary="20个工作日审核完。"
    )
    saving.check_page(page)
    found = Finding.objects.values_list("part", "printed")
    assert sorted(found) == [("summary", "20个工作日"), ("title", "2600元")]


def test_an_explanation_is_compared_with_its_own_clause(column: Page, policy: PolicyPage) -> None:
    fifth, sixth = (block["id"] for block in policy.body.raw_data)
    page = make_product(column, policy, "请看逐条解读。")
    words = [explanation([fifth], "博士每月2500元。"), explanation([sixth], "每月2500元。")]
    page.plain_words = page.plain_words.stream_block.to_python(words)
    page.save_revision()
    saving.check_page(page)
    assert (only().part, only().clause) == (f"plain_words:{words[1]['id']}", "")
    assert list(findings_by_part(page, str(page.pk))) == ["plain_words"]


def test_a_picture_and_key_figures_are_read_with_their_units(
    column: Page, policy: PolicyPage
) -> None:
    page = make_product(column, policy, "")
    figures = {"value": "0.25", "unit": "万元", "label": "博士每月"}
    wrong = {"value": "0.26", "unit": "万元", "label": "博士每月", "change": ""}
    picture = [{"type": "figures", "value": {"items": [{"type": "item", "value": figures}]}}]
    page.picture = page.picture.stream_block.to_python(picture)
    items = {"title": "", "source": "", "items": [wrong]}
    page.body = page.body.stream_block.to_python([{"type": "key_figures", "value": items}])
    page.save_revision()
    saving.check_page(page)
    assert (only().part, only().printed) == ("body", "0.26万元")


def test_a_public_version_is_compared_beside_its_draft(column: Page, policy: PolicyPage) -> None:
    page = make_product(column, policy, "博士每月2000元。", live=True)
    reword(page, "博士每月2500元。")
    assert [one.text.key for one in Finding.objects.filter(state=State.OPEN)] == [
        f"{page.pk}:public"
    ]
    page.get_latest_revision().publish()
    saving.check_page(page)
    assert not Finding.objects.filter(state=State.OPEN).exists()
    assert CheckedText.objects.get().key == str(page.pk)


def test_translations_are_compared_clause_by_clause(column: Page, policy: PolicyPage) -> None:
    english = Locale.objects.get_or_create(language_code="en")[0]
    translation = policy.copy_for_translation(english, copy_parents=True)
    ids = [block["id"] for block in policy.body.raw_data]
    translation.body = translation.body.stream_block.to_python(
        [
            clause("Article 5", "Doctors receive 2,500 yuan a month for up to 3 years.", id=ids[0]),
            clause("Article 6", "Employers decide within 15 days.", id=ids[1]),
        ]
    )
    translation.save_revision()
    translation.refresh_from_db()
    saving.check_page(translation)
    finding = only()
    assert (finding.part, finding.printed) == (ids[1], "15 days")
    assert finding.clause_printed == "15个工作日"


# --- states ---------------------------------------------------------------------------------------
@pytest.fixture
def accepted(column: Page, policy: PolicyPage, superuser: Any) -> InterpretationPage:
    page = make_product(column, policy, "博士每月2000元。请到窗口办理。")
    saving.check_page(page)
    services.accept(finding=only(), user=superuser, reason="另有文件")
    return page


@pytest.fixture
def superuser() -> Any:
    return UserFactory(superuser=True)


def test_a_corrected_figure_is_history_and_comes_back_open(
    column: Page, policy: PolicyPage
) -> None:
    page = make_product(column, policy, "博士每月2000元。")
    saving.check_page(page)
    reword(page, "博士每月2500元。")
    assert only().state == State.CORRECTED
    reword(page, "博士每月2000元。")
    assert only().state == State.OPEN


def test_an_accepted_difference_stays_accepted(accepted: InterpretationPage) -> None:
    reword(accepted, "博士每月2000元。请到一楼的大厅办理。".replace("一楼的", ""))
    assert only().state == State.ACCEPTED


def test_it_is_reopened_when_its_sentence_changes(accepted: InterpretationPage) -> None:
    reword(accepted, "博士和硕士每月2000元。请到窗口办理。")
    finding = only()
    assert (finding.state, finding.was_reopened, finding.reason) == (State.OPEN, True, "另有文件")


def test_it_is_reopened_when_a_cited_clause_changes(
    accepted: InterpretationPage, policy: PolicyPage, django_capture_on_commit_callbacks: Any
) -> None:
    rows = policy.body.raw_data
    policy.body = [clause("第五条", FIFTH.replace("2500", "2600"), id=rows[0]["id"]), rows[1]]
    with django_capture_on_commit_callbacks(execute=True):
        republish(policy)
    finding = only()
    assert (finding.state, finding.clause_printed) == (State.OPEN, "2600元")


def test_an_acceptance_needs_a_reason_and_an_open_difference(
    accepted: InterpretationPage, superuser: Any
) -> None:
    with pytest.raises(services.NotAccepted):
        services.accept(finding=only(), user=superuser, reason="再次")
    Finding.objects.update(state=State.OPEN)
    with pytest.raises(services.NotAccepted):
        services.accept(finding=only(), user=superuser, reason="  ")


def test_unchanged_texts_are_not_compared_again(
    accepted: InterpretationPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise AssertionError("compared again")

    monkeypatch.setattr(services, "compare", fail)
    saving.check_page(accepted)


def test_the_night_compares_all_and_forgets_what_is_gone(
    column: Page, policy: PolicyPage, world: World
) -> None:
    page = make_product(column, policy, "博士每月2000元。")
    CheckedText.objects.create(
        site=world.site,
        source="policy_interpretation.interpretations",
        key="999999",
        digest="",
        checked_at=page.latest_revision_created_at,
    )
    services.nightly(world.site.pk)
    services.nightly(world.site.pk)
    assert [text.key for text in CheckedText.objects.all()] == [str(page.pk)]
    assert only().state == State.OPEN
    services.nightly(world.hubin.pk)
    assert CheckedText.objects.count() == 1


# --- publishing -----------------------------------------------------------------------------------
def differing(page: Page) -> list[tuple[str | None, bool]]:
    found = [one for one in problems_of(page) if one.code == "figures_differ"]
    return [(one.field, one.blocking) for one in found]


def test_publishing_warns(column: Page, policy: PolicyPage) -> None:
    page = make_product(column, policy, "博士每月2000元。", live=True)
    assert page.live
    assert differing(page) == [("body", False)]


def test_publishing_is_stopped_where_the_site_says_so(
    column: Page, policy: PolicyPage, world: World
) -> None:
    WatchSetting.objects.create(site=world.site, blocks=True)
    with pytest.raises(PublishRefused):
        make_product(column, policy, "博士每月2000元。", live=True)


def test_what_no_clause_speaks_of_is_advice_even_there(
    column: Page, policy: PolicyPage, world: World
) -> None:
    WatchSetting.objects.create(site=world.site, blocks=True)
    page = make_product(column, policy, "手续在手机上5分钟办完，首批有38家企业。")
    assert differing(page) == [("body", False)] * len(differing(page))
    assert differing(page)
    page = make_product(column, policy, "博士每月2000元，首批有38家企业。")
    assert sorted(differing(page)) == [("body", False), ("body", True)]


def test_an_accepted_difference_does_not_stop_it(
    accepted: InterpretationPage, world: World
) -> None:
    WatchSetting.objects.create(site=world.site, blocks=True)
    assert differing(accepted) == []
    accepted.body = body("博士和硕士每月2000元。")
    assert differing(accepted) == [("body", True)]


def test_other_pages_are_not_asked(column: Page, policy: PolicyPage) -> None:
    assert differing(policy) == []
    assert differing(column) == []


# --- who may --------------------------------------------------------------------------------------
@pytest.fixture
def found(provisioned_world: World) -> Finding:
    world = provisioned_world
    policy = make_policy(world.column, body=[clause("第五条", FIFTH)])
    page = make_product(world.column, policy, "博士每月2000元。\n请到窗口办理。")
    saving.check_page(page)
    return only()


WHO = [
    ("releaser", "site", True, True),
    ("site_admin", "site", True, True),
    ("editor", "site", True, False),
    ("reviewer", "site", True, False),
    ("auditor", "site", False, False),
    ("releaser", "hubin", False, False),
    ("site_admin", "gaoxin", False, False),
    ("security_admin", "", False, False),
    ("platform_admin", "", True, True),
]


def test_who_sees_and_who_accepts(client: Client, found: Finding, provisioned_world: World) -> None:
    address = reverse("policy_interpretation_figures", args=[found.text_id])
    for role, at, sees, accepts in WHO:
        Finding.objects.update(state=State.OPEN)
        user = member(role, getattr(provisioned_world, at) if at else None)
        client.force_login(user)
        assert (client.get(address).status_code == 200) == sees, role
        assert findings_for(user).exists() == sees, role
        assert bool(DifferingFigures().panel(_request(user))) == sees, role
        client.post(address, {"finding": found.pk, "reason": "另有文件"})
        assert (only().state == State.ACCEPTED) == accepts, role
        if not accepts:
            with pytest.raises(services.NotAccepted):
                services.accept(finding=found, user=user, reason="另有文件")


def _request(user: Any) -> Any:
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def test_nobody_sees_it_without_signing_in(client: Client, found: Finding) -> None:
    address = reverse("policy_interpretation_figures", args=[found.text_id])
    assert client.get(address).status_code == 302


@pytest.fixture
def releaser(client: Client, provisioned_world: World) -> Any:
    user = member("releaser", provisioned_world.site)
    client.force_login(user)
    return user


def test_the_text_is_marked_beside_its_clause(
    client: Client, found: Finding, releaser: Any
) -> None:
    address = reverse("policy_interpretation_figures", args=[found.text_id])
    html = client.get(address).content.decode()
    assert f'<mark id="f{found.pk}">2000元</mark>' in html
    assert "每人每月<mark>2500元</mark>，补贴期限" in html


def test_a_bad_form_is_refused_clearly(client: Client, found: Finding, releaser: Any) -> None:
    address = reverse("policy_interpretation_figures", args=[found.text_id])
    for number in ("", "abc", "9" * 40, "²", found.pk + 1):
        assert client.post(address, {"finding": number, "reason": "x"}).status_code == 404
    answer = client.post(address, {"finding": found.pk, "reason": " "})
    assert answer.status_code == 400
    assert only().state == State.OPEN


def test_the_list_has_what_is_open_and_filters(
    client: Client, found: Finding, releaser: Any
) -> None:
    address = reverse("policy_interpretation_figures_list")
    assert "2000元" in client.get(address).content.decode()
    assert "2000元" not in client.get(address, {"state": "accepted"}).content.decode()
    Finding.objects.update(state=State.CORRECTED)
    assert "2000元" not in client.get(address).content.decode()
    assert "2000元" in client.get(address, {"state": "corrected"}).content.decode()
    assert client.get(address, {"export": "csv", "state": "corrected"}).status_code == 200


def test_notices_are_told_from_differences(client: Client, found: Finding, releaser: Any) -> None:
    page = InterpretationPage.objects.get(pk=found.text.key)
    reword(page, "首批有38家企业。博士每月2000元。")
    unknown, differs = Finding.objects.exclude(state=State.CORRECTED).order_by("-is_missing")
    assert (unknown.printed, differs.printed) == ("38家", "2000元")
    address = reverse("policy_interpretation_figures_list")
    only_notices = client.get(address, {"is_missing": "True"}).content.decode()
    assert "38家" in only_notices
    assert "2000元" not in only_notices
    # What is to be decided are the differences alone.
    assert list(open_differences(releaser)) == [differs]
    answer = client.get(
        reverse("policy_interpretation_page_figures", args=[page.pk]), {"part": ["body"]}
    ).json()["body"]
    assert answer.index("2000元") < answer.index("没有说到") < answer.index("38家")


def test_the_form_shows_them_at_their_field(
    client: Client, found: Finding, provisioned_world: World
) -> None:
    client.force_login(member("editor", provisioned_world.site))
    html = client.get(reverse("wagtailadmin_pages:edit", args=[found.text.key])).content.decode()
    assert "<mark>2000元</mark>" in html
    assert reverse("policy_interpretation_figures", args=[found.text_id]) in html


def test_the_form_asks_for_them_anew_after_an_autosave(
    client: Client, found: Finding, provisioned_world: World
) -> None:
    page = InterpretationPage.objects.get(pk=found.text.key)
    address = reverse("policy_interpretation_page_figures", args=[page.pk])
    asked = {"part": ["title", found.part]}
    client.force_login(member("editor", provisioned_world.site))
    form = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert f'data-policy-findings="{found.part}" data-url="{address}"' in form
    assert "policy_interpretation/admin/findings.js" in form
    answer = client.get(address, asked).json()
    assert answer["title"].strip() == ""
    assert "<mark>2000元</mark>" in answer[found.part]
    reword(page, "每月2500元。")
    saving.check_page(page)
    assert client.get(address, asked).json()[found.part].strip() == ""
    client.force_login(member("editor", provisioned_world.hubin))
    assert client.get(address, asked).status_code in (302, 403)


def test_saving_in_the_form_compares(client: Client, column: Page, policy: PolicyPage) -> None:
    client.force_login(UserFactory(superuser=True))
    page = make_product(column, policy, "博士每月2500元。")
    link = page.interprets.get()
    data = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "form": "text",
            "author_kind": "drafter",
            "author": "",
            "source": page.source,
            "source_url": "",
            "summary": "",
            "meaning": "",
            "picture": streamfield([]),
            "plain_words": streamfield([]),
            "date": "",
            "cover": "",
            "interprets": inline_formset([{"id": link.pk, "policy": policy.pk}], initial=1),
            "body": streamfield([("paragraph", rich_text("<p>博士每月2000元。</p>"))]),
            "keywords": "",
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            "comments": inline_formset([]),
        }
    )
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert answer.status_code == 302, answer.context["form"].errors
    assert only().printed == "2000元"


def test_a_site_sets_only_its_own_rule(client: Client, provisioned_world: World) -> None:
    world = provisioned_world
    client.force_login(member("site_admin", world.site))
    address = "/admin/figures-when-publishing/new/"
    client.post(address, {"site": world.hubin.pk, "blocks": "on"})
    assert not WatchSetting.objects.exists()
    client.post(address, {"site": world.site.pk, "blocks": "on"})
    assert WatchSetting.objects.get().site_id == world.site.pk
    client.force_login(member("editor", world.site))
    client.post(
        f"/admin/figures-when-publishing/edit/{WatchSetting.objects.get().pk}/",
        {"site": world.site.pk},
    )
    assert WatchSetting.objects.get().blocks


# --- texts of other plugins -----------------------------------------------------------------------
def watched(policy: PolicyPage, text: str) -> WatchedText:
    cites = (CitedClauses(policy.pk),)
    return WatchedText("1", "问答", "", "zh-hans", (WatchedPart("answer", text),), cites)


def test_texts_of_other_plugins_are_compared(policy: PolicyPage, world: World) -> None:
    services.check_text(
        source="letters.answers", site=world.site.pk, text=watched(policy, "每月2000元")
    )
    assert only().text.source == "letters.answers"


@pytest.mark.parametrize(("role", "accepts"), [("releaser", True), ("editor", False)])
def test_without_a_page_the_site_decides_who_accepts(
    provisioned_world: World, role: str, accepts: bool
) -> None:
    world = provisioned_world
    policy = make_policy(world.column, body=[clause("第五条", FIFTH)])
    services.check_text(
        source="letters.answers", site=world.site.pk, text=watched(policy, "每月2000元")
    )
    user = member(role, world.site)
    if accepts:
        services.accept(finding=only(), user=user, reason="另有文件")
        assert only().state == State.ACCEPTED
    else:
        with pytest.raises(services.NotAccepted):
            services.accept(finding=only(), user=user, reason="另有文件")


def test_a_text_that_cites_nothing_is_left_alone(world: World) -> None:
    text = WatchedText("1", "问答", "", "zh-hans", (WatchedPart("answer", "每月2000元"),), ())
    services.check_text(source="letters.answers", site=world.site.pk, text=text)
    assert not Finding.objects.exists()


def test_a_cited_document_that_is_gone_is_no_error(world: World) -> None:
    text = watched(PolicyPage(pk=999999), "每月2000元")
    assert comparing.compare(text, Library()).differences == ()


# --- marks ----------------------------------------------------------------------------------------
def test_marks_stand_where_they_belong_in_any_sentence(policy: PolicyPage, world: World) -> None:
    words = "第一段。没有数字。\n\n博士每月2000元，又写2000元。请办理。\n公示7个工作日"
    text = services.check_text(
        source="letters.answers", site=world.site.pk, text=watched(policy, words)
    )
    [(_name, rows)] = side_by_side(text)
    marked = [
        (
            "".join(piece.words for piece in row.pieces).strip(),
            [piece.words for piece in row.pieces if piece.finding],
            len(row.findings),
        )
        for row in rows
    ]
    assert marked == [
        ("第一段。没有数字。", [], 0),
        ("博士每月2000元，又写2000元。", ["2000元", "2000元"], 2),
        ("请办理。", [], 0),
        ("公示7个工作日", ["7个工作日"], 1),
    ]


def test_sentences_are_cut_where_they_end() -> None:
    text = "第一句。第二句有3.5万元，到此。第三句"
    start = text.index("3.5")
    assert comparing.sentence_around(text, start, start + 5) == "第二句有3.5万元，到此。"
