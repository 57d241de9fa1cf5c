"""Two people at one letter, or one who presses twice: nobody decides about what they did not see."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.interaction.comments import services as comments
from portal.interaction.models import Comment, CommentState, Letter, Reply
from portal.interaction.services import flow

from .people import ANSWER, Desk
from .visitor import words

OTHER = "您好：路灯将于下月更换，依据《云湖市照明管理办法》，详询0999-10001234。"


def _seen(client: Client, letter: Letter, move: str = "") -> str:
    html = words(client.get(reverse("interaction_letter", args=[letter.pk])))
    found = html.split(f'id="move-{move}"')[1] if move else html
    return found.split('name="seen" value="')[1].split('"')[0]


def _act(client: Client, letter: Letter, **sent: Any) -> Any:
    return client.post(reverse("interaction_letter", args=[letter.pk]), sent)


def _logged_in(account: Any) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_a_reply_that_changed_since_is_not_released(desk: Desk) -> None:
    letter = desk.approved()
    releaser = _logged_in(desk.releaser)
    seen = _seen(releaser, letter, "release")
    flow.rework(letter=letter, reason="补充依据", by=desk.head)
    flow.save_draft(letter=letter, text=OTHER, by=desk.handler)
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=letter, by=desk.head)
    refused = _act(releaser, letter, move="release", seen=seen)
    assert refused.status_code == 422
    assert "您打开此信之后，已有人对它作了处理" in words(refused)
    letter.refresh_from_db()
    assert letter.state == "approved"
    again = _seen(releaser, letter, "release")
    assert _act(releaser, letter, move="release", seen=again).status_code == 302
    letter.refresh_from_db()
    assert letter.state == "answered"


def test_two_clerks_do_not_assign_against_each_other(desk: Desk) -> None:
    letter = desk.accepted()
    one, other = _logged_in(desk.clerk), _logged_in(desk.admin)
    seen, late = _seen(one, letter, "assign"), _seen(other, letter, "assign")
    sent = {"move": "assign", "assign-unit": desk.bureau.pk}
    assert _act(one, letter, seen=seen, **sent).status_code == 302
    sent["assign-unit"] = desk.school.pk
    assert _act(other, letter, seen=late, **sent).status_code == 422
    letter.refresh_from_db()
    assert letter.unit == desk.bureau


def test_a_button_that_is_pressed_twice_does_it_once(desk: Desk) -> None:
    letter = desk.assigned()
    clerk = _logged_in(desk.clerk)
    sent = {"move": "assign", "assign-unit": desk.school.pk, "seen": _seen(clerk, letter, "assign")}
    steps = letter.steps.count()
    assert [_act(clerk, letter, **sent).status_code for _n in range(2)] == [302, 422]
    assert letter.steps.count() == steps + 1


def test_notes_and_reminders_keep_nobody_from_deciding(desk: Desk) -> None:
    letter = desk.approved()
    releaser = _logged_in(desk.releaser)
    seen = _seen(releaser, letter, "release")
    flow.note(letter=letter, text="已电话联系", by=desk.clerk)
    assert _act(releaser, letter, move="release", seen=seen).status_code == 302


def test_many_are_assigned_as_they_stood_on_the_screen(desk: Desk) -> None:
    letters = [desk.letter(text=f"第{number}条路的路灯不亮，请修。") for number in range(2)]
    clerk = _logged_in(desk.clerk)
    url = reverse("interaction_assign")
    chosen = [letter.pk for letter in letters]
    html = words(clerk.post(url, {"letter": chosen}))
    seen = {f"seen-{pk}": html.split(f'name="seen-{pk}" value="')[1].split('"')[0] for pk in chosen}
    flow.bulk_assign(letters=[letters[0]], unit=desk.school, by=desk.admin)
    sent = {"letter": chosen, "unit": desk.bureau.pk, "confirm": "1"} | seen
    told = words(clerk.post(url, sent, follow=True))
    assert (
        f"{letters[0].number}：您打开此信之后" in told
        or f"{letters[0].number}: 您打开此信之后" in told
    )
    for letter in letters:
        letter.refresh_from_db()
    assert [letter.unit for letter in letters] == [desk.school, desk.bureau]


def test_what_is_published_is_what_was_looked_over(desk: Desk) -> None:
    """The form was opened before the second answer: its words are not put for that one."""
    letter = desk.published()
    clerk = _logged_in(desk.clerk)
    url = reverse("interaction_publish", args=[letter.pk])
    seen = words(clerk.get(url)).split('name="seen" value="')[1].split('"')[0]
    letter = flow.follow_up(letter=letter, text="那么何时完工？")
    flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=OTHER, by=desk.handler)
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=letter, by=desk.head)
    flow.release(letter=letter, by=desk.releaser)
    sent = {"publicity": "public", "subject": "路灯", "text": "路灯。", "reply": "已修复。"}
    response = clerk.post(url, sent | {"seen": seen})
    assert response.status_code == 422
    assert "已修复。" in words(response)  # what was typed is not lost
    assert Reply.objects.order_by("pk").last().published_at is None  # type: ignore[union-attr]


# --- the draft ------------------------------------------------------------------------------------
def _version(client: Client, letter: Letter) -> str:
    html = words(client.get(reverse("interaction_letter", args=[letter.pk])))
    return html.split('name="version" value="')[1].split('"')[0]


def test_a_window_that_was_left_open_does_not_write_over_the_draft(desk: Desk) -> None:
    letter = desk.handling()
    handler = _logged_in(desk.handler)
    first = _version(handler, letter)
    sent = {"do": "save", "text": ANSWER, "version": first}
    assert _act(handler, letter, **sent).status_code == 302
    stale = _act(handler, letter, **(sent | {"text": "很早以前的草稿。"}))
    assert stale.status_code == 422
    assert "没有覆盖任何内容" in words(stale)
    assert "很早以前的草稿。" in words(stale)
    assert Reply.objects.get(letter=letter).text == ANSWER
    fresh = _version(handler, letter)
    assert _act(handler, letter, **(sent | {"text": OTHER, "version": fresh})).status_code == 302
    assert Reply.objects.get(letter=letter).text == OTHER


def test_a_draft_that_saves_itself_goes_on_saving_itself(desk: Desk) -> None:
    letter = desk.handling()
    handler = _logged_in(desk.handler)
    version = _version(handler, letter)
    url = reverse("interaction_letter", args=[letter.pk])
    for number in range(3):
        sent = {"do": "save", "text": f"草稿{number}", "version": version}
        answer = handler.post(url, sent, headers={"accept": "application/json"})
        assert answer.status_code == 200, answer.content
        version = answer.json()["version"]
    assert Reply.objects.get(letter=letter).text == "草稿2"


def test_who_is_stopped_by_the_guard_can_press_again(desk: Desk) -> None:
    letter = desk.handling()
    handler = _logged_in(desk.handler)
    sent = {"do": "hand_in", "text": "您好，{答复}", "version": _version(handler, letter)}
    stopped = _act(handler, letter, **sent)
    assert stopped.status_code == 422
    version = words(stopped).split('name="version" value="')[1].split('"')[0]
    sent |= {"version": version, "guard_reason": "格式如此"}
    assert _act(handler, letter, **sent).status_code == 302


def test_a_translation_can_be_taken_out_again(desk: Desk) -> None:
    letter = desk.handling()
    flow.save_draft(letter=letter, text=ANSWER, translation="wrong", by=desk.handler)
    flow.save_draft(letter=letter, text=ANSWER, by=desk.handler)
    assert Reply.objects.get(letter=letter).translation == "wrong"
    flow.save_draft(letter=letter, text=ANSWER, translation="", by=desk.handler)
    assert Reply.objects.get(letter=letter).translation == ""


# --- comments -------------------------------------------------------------------------------------
@pytest.mark.parametrize("decided", ["refuse", "approve"], ids=["refused", "shown"])
def test_a_comment_that_somebody_else_decided_stays_so(desk: Desk, decided: str) -> None:
    from django.utils import timezone

    comment = Comment.objects.create(
        site=desk.site, page_title="文章", language="zh-hans", text="好", masked_text="好",
        key_hash="k", at=timezone.now(),
    )  # fmt: skip
    clerk = _logged_in(desk.clerk)
    url = reverse("interaction_comment", args=[comment.pk])
    seen = words(clerk.get(url)).split('name="seen" value="')[1].split('"')[0]
    queue = words(clerk.get(reverse("interaction_comments")))
    assert f'name="seen" value="{CommentState.WAITING}"' in queue
    if decided == "refuse":
        comments.refuse(comments=[comment], by=desk.admin, reason="有人身攻击")
    else:
        comments.approve(comments=[comment], by=desk.admin)
    for sent in ({"action": "approve"}, {"action": "refuse", "reason": "广告"}):
        if decided == "approve" or sent["action"] == "approve":
            assert clerk.post(url, sent | {"seen": seen}).status_code == 422
    comment.refresh_from_db()
    assert comment.state == ("refused" if decided == "refuse" else "shown")
    if decided == "refuse":  # whoever sees the refusal may still show it
        comments.approve(comments=[comment], by=desk.admin, seen="refused")
    with pytest.raises(ValidationError):
        comments.approve(comments=[comment], by=desk.admin)
