"""The letters desk in the admin: who sees what, what can be done, that nothing typed is lost."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from portal.interaction.models import (
    DailyDuty,
    Letter,
    LetterFile,
    LetterState,
    Reply,
    ReplyTemplate,
    Verb,
)
from portal.interaction.panels import MyLetters
from portal.interaction.permissions import visible_letters
from portal.interaction.selectors.desk import DeskFilters, my_letters, narrowed
from portal.interaction.services import flow

from .people import ANSWER, Desk

GOOD = (
    "您好，来信收悉。经现场检查，云湖路12号院门口的路灯因电缆老化熄灭，已于昨日修复。"
    "依据《云湖市城市照明管理规定》第九条。如仍不亮，请致电0999-10001234。"
)


def page(client: Client, letter: Letter) -> str:
    response = client.get(reverse("interaction_letter", args=[letter.pk]))
    assert response.status_code == 200
    return response.content.decode()


def act(client: Client, letter: Letter, **sent: Any) -> Any:
    return client.post(reverse("interaction_letter", args=[letter.pk]), sent)


# --- queues ---------------------------------------------------------------------------------------
def test_each_finds_in_the_own_queue_what_waits_for_them(desk: Desk) -> None:
    received, assigned = desk.letter(), desk.assigned(text="学校门口的路灯不亮，请修理一下吧。")
    handling = desk.handling(text="公园里的路灯不亮，请修理一下吧，谢谢。")
    in_review = desk.in_review(text="车站的路灯不亮，请修理一下吧，谢谢。")
    approved = desk.approved(text="桥上的路灯不亮，请修理一下吧，谢谢。")
    desk.answered(text="巷口的路灯不亮，请修理一下吧，谢谢。")

    def mine(account: Any) -> set[int]:
        return set(my_letters(account).values_list("pk", flat=True))

    assert mine(desk.clerk) == {received.pk}
    assert mine(desk.handler) == {assigned.pk, handling.pk}
    assert mine(desk.second_handler) == {assigned.pk}
    assert mine(desk.head) == {in_review.pk}
    assert mine(desk.releaser) == {approved.pk}
    assert mine(desk.school_handler) == set()
    assert mine(desk.editor) == set()
    assert mine(desk.strange_clerk) == set()


def test_who_drafted_does_not_find_the_own_draft_to_approve(desk: Desk) -> None:
    letter = desk.handling()
    flow.save_draft(letter=letter, text=ANSWER, by=desk.handler)
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    desk.handler.groups.add(*desk.head.groups.all())
    assert letter.pk not in my_letters(desk.handler).values_list("pk", flat=True)


def test_a_handover_and_a_question_are_found_by_the_unit_they_go_to(desk: Desk) -> None:
    on_its_way, asked = desk.handling(), desk.handling(text="校车站的路灯不亮，请修理一下。")
    flow.transfer(letter=on_its_way, to_unit=desk.school, reason="属校园内", by=desk.handler)
    flow.ask_advice(letter=asked, unit=desk.school, request="校车几点？", by=desk.handler)
    found = set(my_letters(desk.school_handler).values_list("pk", flat=True))
    assert found == {on_its_way.pk, asked.pk}


def test_the_list_is_narrowed_by_number_words_and_time(desk: Desk) -> None:
    lamp, noise = desk.letter(), desk.letter(subject="工地噪声", text="半夜施工，吵得睡不着觉。")
    letters = visible_letters(desk.clerk)

    def found(**asked: str) -> set[int]:
        return {row.pk for row in narrowed(letters, DeskFilters(**asked))}

    assert found(q=lamp.number.lower()) == {lamp.pk}
    assert found(q="施工 睡不着") == {noise.pk}
    assert found(state="open") == {lamp.pk, noise.pk}
    assert found(kind="complaint") == set()
    assert found(due="overdue") == set()
    Letter.objects.filter(pk=noise.pk).update(due_at=noise.received_at)
    assert found(due="overdue") == {noise.pk}


# --- who sees what --------------------------------------------------------------------------------
SCREENS = (
    "interaction_mine", "interaction_all", "interaction_desk_figures", "interaction_questions",
)  # fmt: skip


@pytest.mark.parametrize("screen", SCREENS)
def test_screens_are_for_those_who_work_on_letters(client: Client, desk: Desk, screen: str) -> None:
    desk.published()
    for account in (desk.clerk, desk.handler, desk.head, desk.releaser, desk.admin):
        client.force_login(account)
        assert client.get(reverse(screen)).status_code == 200, account
    client.force_login(desk.editor)
    assert client.get(reverse(screen)).status_code != 200


def test_nobody_of_another_unit_or_site_reads_a_letter(client: Client, desk: Desk) -> None:
    letter = desk.in_review()
    addresses = [
        reverse("interaction_letter", args=[letter.pk]),
        reverse("interaction_material", args=[letter.pk]),
        reverse("interaction_letter_print", args=[letter.pk]),
        reverse("interaction_publish", args=[letter.pk]),
    ]
    for account in (desk.school_handler, desk.school_head, desk.strange_clerk, desk.editor):
        client.force_login(account)
        for address in addresses:
            assert client.get(address).status_code != 200, (account, address)
    client.force_login(desk.head)
    for address in addresses[:3]:
        assert client.get(address).status_code == 200, address


def test_who_only_advises_does_not_learn_who_wrote(client: Client, desk: Desk) -> None:
    letter = desk.handling()
    file = LetterFile(
        letter=letter, name="照片.jpg", mime_type="image/jpeg", size=3, sha256="0" * 64
    )
    file.file.save("x", ContentFile(b"abc"))
    flow.ask_advice(letter=letter, unit=desk.school, request="校车几点？", by=desk.handler)
    client.force_login(desk.school_handler)
    html = page(client, letter)
    printed = client.get(reverse("interaction_letter_print", args=[letter.pk])).content.decode()
    for text in (html, printed):
        assert "赵小明" not in text
        assert "0999-10005678" not in text
    assert client.get(reverse("interaction_letter_file", args=[file.pk])).status_code != 200
    client.force_login(desk.handler)
    assert "赵小明" in page(client, letter)


def test_a_file_is_saved_and_never_shown(client: Client, desk: Desk) -> None:
    letter = desk.letter()
    file = LetterFile(
        letter=letter, name="页面.html", mime_type="text/html", size=3, sha256="0" * 64
    )
    file.file.save("x", ContentFile(b"<b>"))
    client.force_login(desk.clerk)
    response = client.get(reverse("interaction_letter_file", args=[file.pk]))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")


# --- moves ----------------------------------------------------------------------------------------
def test_only_what_is_allowed_now_is_offered(client: Client, desk: Desk) -> None:
    letter = desk.letter()
    client.force_login(desk.clerk)
    html = page(client, letter)
    assert 'id="move-accept"' in html
    assert 'id="move-approve"' not in html
    assert 'id="move-resume"' not in html
    flow.accept(letter=letter, by=desk.clerk)
    flow.pause(letter=letter, reason="等待补充材料", by=desk.clerk)
    html = page(client, letter)
    assert 'id="move-resume"' in html
    assert 'id="move-pause"' not in html


def test_a_letter_goes_the_whole_way_by_the_screens(client: Client, desk: Desk) -> None:
    letter = desk.letter()
    client.force_login(desk.clerk)
    act(client, letter, move="accept", **{"accept-kind": "consultation"})
    act(client, letter, move="assign", **{"assign-unit": desk.bureau.pk})
    client.force_login(desk.handler)
    act(client, letter, move="take")
    act(client, letter, do="save", text=GOOD)
    act(client, letter, do="hand_in", text=GOOD)
    client.force_login(desk.head)
    assert GOOD[:20] in page(client, letter)
    act(client, letter, move="approve")
    client.force_login(desk.releaser)
    act(client, letter, move="release")
    letter.refresh_from_db()
    assert letter.state == LetterState.ANSWERED
    client.force_login(desk.clerk)
    url = reverse("interaction_publish", args=[letter.pk])
    shown = client.get(url).content.decode()
    assert "赵小明" not in shown
    sent = {"subject": "路灯不亮", "text": "某路路灯不亮。", "reply": GOOD, "publicity": "public"}
    assert client.post(url, sent).status_code == 302
    letter.refresh_from_db()
    assert letter.published_at is not None
    assert letter.masked_text == "某路路灯不亮。"


def test_a_move_without_its_reason_is_not_made_and_nothing_is_lost(
    client: Client, desk: Desk
) -> None:
    letter = desk.accepted()
    client.force_login(desk.clerk)
    response = act(
        client, letter, move="forward", **{"forward-to_name": "省信访局", "forward-reason": ""}
    )
    assert response.status_code == 422
    assert "省信访局" in response.content.decode()
    letter.refresh_from_db()
    assert letter.state == LetterState.ACCEPTED


@pytest.mark.parametrize("verb", ["accept", "assign", "refuse", "merge", "erase", "release"])
def test_a_forged_move_is_refused(client: Client, desk: Desk, verb: str) -> None:
    letter = desk.in_review()
    steps = letter.steps.count()
    client.force_login(desk.handler)
    values = {f"{verb}-reason": "理由", f"{verb}-unit": desk.school.pk, f"{verb}-into": "X"}
    values |= {f"{verb}-kind": "complaint"}
    act(client, letter, move=verb, **values)
    assert letter.steps.count() == steps


def test_what_is_withheld_needs_a_releaser_and_a_reason(client: Client, desk: Desk) -> None:
    letter = desk.answered()
    url = reverse("interaction_publish", args=[letter.pk])
    sent = {"publicity": "withhold", "ground": "privacy", "reason": "涉及家庭情况"}
    client.force_login(desk.clerk)
    client.post(url, sent)
    letter.refresh_from_db()
    assert letter.publicity == "undecided"
    client.force_login(desk.releaser)
    assert client.post(url, sent | {"reason": ""}).status_code == 422
    client.post(url, sent)
    letter.refresh_from_db()
    assert (letter.publicity, letter.publicity_reason) == ("privacy", "涉及家庭情况")


# --- the reply ------------------------------------------------------------------------------------
def test_the_draft_saves_itself_and_says_what_the_guard_found(client: Client, desk: Desk) -> None:
    letter = desk.handling()
    client.force_login(desk.handler)
    response = client.post(
        reverse("interaction_letter", args=[letter.pk]),
        {"do": "save", "text": "您好，{答复}"},
        headers={"accept": "application/json"},
    )
    assert response.status_code == 200
    assert any(one["blocking"] for one in response.json()["findings"])
    assert Reply.objects.get(letter=letter).text == "您好，{答复}"
    for _time in range(3):
        act(client, letter, do="save", text=GOOD)
    assert letter.steps.filter(verb=Verb.DRAFT).count() == 1


def test_the_guard_stops_a_reply_until_a_reason_is_given(client: Client, desk: Desk) -> None:
    letter = desk.handling()
    client.force_login(desk.handler)
    strange = (
        "您好，您申请的社会保障卡补换业务已受理，工本费16元，五个工作日内邮寄，"
        "补卡期间可使用电子凭证就医，咨询电话12333。"
    )
    response = act(client, letter, do="hand_in", text=strange)
    assert response.status_code == 422
    assert strange in response.content.decode()
    letter.refresh_from_db()
    assert letter.state == LetterState.HANDLING
    act(client, letter, do="hand_in", text=strange, guard_reason="来信人补充询问")
    letter.refresh_from_db()
    assert letter.state == LetterState.IN_REVIEW
    reply = Reply.objects.get(letter=letter)
    assert "off_topic" in {row["code"] for row in reply.guard}
    client.force_login(desk.head)
    assert "来信人补充询问" in page(client, letter)


def test_templates_basis_and_answers_go_into_the_draft_with_what_was_typed(
    client: Client, desk: Desk
) -> None:
    old = desk.handling(text="云湖路12号院门口的路灯从上周起一直不亮，夜里很黑，请修理。")
    flow.save_draft(
        letter=old,
        text=GOOD,
        by=desk.handler,
        basis=[flow.Rests(page=desk.world.column, label="照明管理规定")],
    )
    flow.hand_in(letter=old, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=old, by=desk.head)
    flow.release(letter=old, by=desk.releaser)
    letter = desk.handling()
    template = ReplyTemplate.objects.create(
        site=desk.site, title="路灯", text="来信收悉。{核实情况}"
    )
    client.force_login(desk.handler)
    material = client.get(reverse("interaction_material", args=[letter.pk])).content.decode()
    given = Reply.objects.get(letter=old)
    assert f'value="answer:{given.pk}"' in material
    act(client, letter, do="template", template=template.pk, text="开头。")
    reply = Reply.objects.get(letter=letter)
    assert reply.text == "开头。\n\n来信收悉。{核实情况}"
    act(client, letter, do=f"answer:{given.pk}", text="我写的。")
    reply.refresh_from_db()
    assert reply.text == f"我写的。\n\n{GOOD}"
    rest = reply.basis.get()
    assert rest.target_id == desk.world.column.pk
    act(client, letter, do=f"drop_basis:{rest.pk}", text=reply.text)
    assert not reply.basis.exists()
    act(client, letter, do="basis", text=reply.text, basis_page=desk.world.column.pk)
    assert reply.basis.get().label == desk.world.column.title


def test_an_answer_that_one_may_not_read_is_not_inserted(client: Client, desk: Desk) -> None:
    other = desk.accepted(text="学校的午餐太咸，请改进一下，谢谢。")
    flow.assign(letter=other, unit=desk.school, by=desk.clerk)
    flow.take(letter=other, by=desk.school_handler)
    flow.save_draft(letter=other, text=GOOD, by=desk.school_handler)
    flow.hand_in(letter=other, by=desk.school_handler, guard_reason="核对无误")
    flow.approve(letter=other, by=desk.school_head)
    flow.release(letter=other, by=desk.releaser)
    letter = desk.handling()
    client.force_login(desk.handler)
    secret = Reply.objects.get(letter=other)
    response = act(client, letter, do=f"answer:{secret.pk}", text="我写的。")
    assert response.status_code == 422
    assert not Reply.objects.filter(letter=letter).exists()


def test_only_who_has_it_in_hand_writes(client: Client, desk: Desk) -> None:
    letter = desk.handling()
    for account in (desk.second_handler, desk.head, desk.clerk):
        client.force_login(account)
        assert 'id="reply-form"' not in page(client, letter)
        act(client, letter, do="save", text=GOOD)
    assert not Reply.objects.filter(letter=letter).exists()


# --- many, files, duty ----------------------------------------------------------------------------
def test_many_are_assigned_after_a_look_at_what_will_happen(client: Client, desk: Desk) -> None:
    letters = [desk.letter(text=f"第{number}条路的路灯不亮，请修。") for number in range(3)]
    closed = flow.invalidate(letter=desk.letter(text="广告一则"), reason="广告", by=desk.clerk)
    client.force_login(desk.clerk)
    url = reverse("interaction_assign")
    chosen = [letter.pk for letter in [*letters, closed]]
    look = client.post(url, {"letter": chosen, "unit": desk.bureau.pk})
    assert look.status_code == 200
    assert Letter.objects.filter(state=LetterState.ASSIGNED).count() == 0
    without = client.post(url, {"letter": chosen, "confirm": "1"})
    assert without.status_code == 422
    done = client.post(url, {"letter": chosen, "unit": desk.bureau.pk, "confirm": "1"}, follow=True)
    assert Letter.objects.filter(state=LetterState.ASSIGNED, unit=desk.bureau).count() == 3
    assert closed.number in done.content.decode()
    client.force_login(desk.handler)
    assert client.post(url, {"letter": chosen}).status_code != 200


def test_the_list_as_a_file_has_no_writer_and_no_text(client: Client, desk: Desk) -> None:
    letter = desk.letter()
    client.force_login(desk.clerk)
    csv = client.get(reverse("interaction_letters_file", args=["csv"])).content.decode("utf-8-sig")
    assert letter.number in csv
    for secret in ("赵小明", "0999-10005678", "夜里老人"):
        assert secret not in csv
    for name in ("interaction_figures_file", "interaction_questions_file"):
        book = client.get(reverse(name, args=["xlsx"])).content
        assert load_workbook(io.BytesIO(book)).active.max_column > 5
    client.force_login(desk.editor)
    assert client.get(reverse("interaction_letters_file", args=["csv"])).status_code != 200


def test_the_daily_look_is_recorded_once_by_the_desk(client: Client, desk: Desk) -> None:
    desk.letter()
    url = reverse("interaction_duty")
    client.force_login(desk.handler)
    client.post(url, {"site": desk.site.pk})
    assert not DailyDuty.objects.exists()
    client.force_login(desk.clerk)
    assert ">今天的来信已看过<" in client.get(reverse("interaction_mine")).content.decode()
    client.post(url, {"site": desk.site.pk})
    client.post(url, {"site": desk.site.pk})
    duty = DailyDuty.objects.get()
    assert (duty.by, duty.waiting) == (desk.clerk, 1)
    assert ">今天的来信已看过<" not in client.get(reverse("interaction_mine")).content.decode()


# --- cost -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["clerk", "handler", "head", "admin"])
def test_screens_cost_few_queries_however_long_the_list(
    client: Client, desk: Desk, django_assert_max_num_queries: Any, who: str
) -> None:
    letter = desk.in_review() if who == "head" else desk.handling()
    for number in range(12):
        desk.assigned(text=f"第{number}盏路灯不亮，请尽快修理，谢谢。")
    client.force_login(getattr(desk, who))
    for address in (
        reverse("interaction_mine"),
        reverse("interaction_all"),
        reverse("interaction_letter", args=[letter.pk]),
    ):
        client.get(address)
        with django_assert_max_num_queries(45):
            client.get(address)


def test_the_panel_of_the_first_page_costs_few_queries(desk: Desk, rf: Any) -> None:
    for number in range(9):
        desk.letter(text=f"第{number}盏路灯不亮，请尽快修理，谢谢。")
    request = rf.get("/admin/")
    request.user = desk.clerk
    MyLetters().panel(request)
    with CaptureQueriesContext(connection) as captured:
        panel = MyLetters().panel(request)
    # The version of the structure is asked once in a request, and each time outside of one.
    own = [row for row in captured.captured_queries if "structureversion" not in row["sql"]]
    assert len(own) <= 9
    assert panel is not None
    html = panel.render_html()
    assert "9 wait for me" in html
    assert "Not looked through today" in html
    request.user = desk.editor
    assert MyLetters().panel(request) is None
