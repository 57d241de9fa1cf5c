"""What the public reads was looked over by the office first; what is erased is gone everywhere."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.interaction.admin import base
from portal.interaction.masking import masked, masked_reply
from portal.interaction.models import Advice, FollowUp, Letter, LetterFile, Reply, ReplyFile
from portal.interaction.search_source import LetterSource
from portal.interaction.selectors import figures
from portal.interaction.selectors.desk import DeskFilters, narrowed
from portal.interaction.selectors.questions import answered
from portal.interaction.services import flow
from portal.interaction.services.flow import MoveRefused
from portal.interaction.services.intake import Received, Sender

from .people import ANSWER, Desk
from .visitor import PUBLIC, STATUS, opened_in, words

ASKED = "我是赵小明，电话13812345678，那么何时完工？"
SECOND = "赵小明先生：您好，本月底完工。如有疑问请致电0999-10001234。"


def _ledger(client: Client, letter: Letter) -> str:
    """All places where the public could read of a letter."""
    page = client.get(f"{PUBLIC}{letter.number}/")
    assert page.status_code == 200
    entries = LetterSource().entries([f"letter:{letter.pk}"])
    month = letter.answered_at.date().replace(day=1) if letter.answered_at else None
    return "\n".join(
        [
            words(page),
            words(client.get(PUBLIC)),
            words(client.get(f"{PUBLIC}feed.xml")),
            json.dumps(client.get(f"/api/v1/letters/ledger/{letter.number}").json()),
            words(client.get("/api/v1/letters/ledger")),
            "\n".join(f"{entry.body}\n{entry.summary}" for entry in entries),
            "\n".join(row.answer for row in answered(None, month)) if month else "",
        ]
    )


def _answer_again(desk: Desk, letter: Letter, text: str = SECOND, translation: str = "") -> Letter:
    flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=text, translation=translation, by=desk.handler)
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=letter, by=desk.head)
    return flow.release(letter=letter, by=desk.releaser)


# --- the second question --------------------------------------------------------------------------
def test_a_second_question_and_its_answer_wait_for_the_office(desk: Desk, client: Client) -> None:
    letter = flow.follow_up(letter=desk.published(), text=ASKED)
    assert "何时完工" not in _ledger(client, letter)
    letter = _answer_again(desk, letter)
    shown = _ledger(client, letter)
    assert "何时完工" not in shown
    assert "本月底完工" not in shown
    assert "10月20日修复" in shown  # what was published before stays

    flow.publish(letter=letter, by=desk.clerk)
    shown = _ledger(client, letter)
    assert "何时完工" in shown
    assert "本月底完工" in shown
    for secret in ("赵小明", "13812345678"):
        assert secret not in shown


def test_the_office_looks_over_every_part_before_it_is_shown(desk: Desk, client: Client) -> None:
    letter = flow.follow_up(letter=desk.published(), text=ASKED)
    letter = _answer_again(desk, letter)
    url = reverse("interaction_publish", args=[letter.pk])
    client.force_login(desk.clerk)
    html = words(client.get(url))
    assert masked(ASKED, ["赵小明"]) in html
    assert ASKED in html  # as it was written stands beside it
    sent = {
        "publicity": "public", "subject": "路灯", "text": "路灯不亮。", "reply": "月底完工。",
        "follow_up": "何时完工呢？",
    }  # fmt: skip
    first = Reply.objects.filter(letter=letter).order_by("pk")[0]
    assert client.post(url, sent | {f"reply_{first.pk}": "已修复。"}).status_code == 302
    shown = _ledger(Client(), letter)
    for part in ("月底完工。", "何时完工呢？", "已修复。"):
        assert part in shown
    # What the office leaves empty of the older parts is not shown.
    assert client.post(url, sent | {"follow_up": ""}).status_code == 302
    shown = _ledger(Client(), letter)
    assert "何时完工" not in shown
    assert "已修复。" not in shown
    assert "月底完工。" in shown


def test_a_new_answer_to_a_public_letter_is_found_by_who_publishes(desk: Desk) -> None:
    letter = desk.published()
    waits = narrowed(Letter.objects.all(), DeskFilters(due="unpublished"))
    assert letter not in waits
    letter = _answer_again(desk, flow.follow_up(letter=letter, text=ASKED))
    assert letter in narrowed(Letter.objects.all(), DeskFilters(due="unpublished"))
    flow.publish(letter=letter, by=desk.clerk)
    assert letter not in narrowed(Letter.objects.all(), DeskFilters(due="unpublished"))


def test_a_translation_is_masked_and_looked_over_like_the_reply(desk: Desk, client: Client) -> None:
    told = {"language": "en", "sender": Sender(name="John Smith", phone="13812345678")}
    letter = desk.assigned(subject="Street lamp", text="The lamp is dark.", **told)
    letter = _answer_again(
        desk, letter, text=ANSWER, translation="Dear Mr Smith, call 13812345678 or the office."
    )
    flow.publish(
        letter=letter, by=desk.clerk, masked_subject="Lamp", masked_text="Dark.",
        masked_reply=ANSWER,
    )  # fmt: skip
    reply = Reply.objects.get(letter=letter)
    assert reply.masked_translation == "Dear Mr ***, call *** or the office."
    shown = words(client.get(f"{PUBLIC}{letter.number}/"))
    assert "or the office." in shown
    assert "Smith" not in shown
    assert "13812345678" not in shown
    client.force_login(desk.clerk)
    url = reverse("interaction_publish", args=[letter.pk])
    assert reply.masked_translation in words(client.get(url))
    sent = {
        "publicity": "public", "subject": "Lamp", "text": "Dark.", "reply": ANSWER,
        "translation": "It shines again.",
    }  # fmt: skip
    assert client.post(url, sent).status_code == 302
    assert "It shines again." in words(Client().get(f"{PUBLIC}{letter.number}/"))


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("Dear Mr Smith", "John Smith", "Dear Mr ***"),
        ("Smithson Road", "John Smith", "Smithson Road"),
        ("Уважаемый Иванов", "Иван Иванов", "Уважаемый ***"),
        ("the old lamp", "Li The", "*** old lamp"),
        ("赵小明来信", "赵小明", "***来信"),
    ],
    ids=["surname", "longer-word", "cyrillic", "whole-word", "chinese"],
)
def test_parts_of_a_name_in_letters_are_hidden_too(text: str, name: str, wanted: str) -> None:
    assert masked(text, [name]) == wanted


# --- joined letters -------------------------------------------------------------------------------
def test_who_was_joined_does_not_learn_of_the_other_writer(desk: Desk, client: Client) -> None:
    greeting = f"赵小明先生（0999-10005678）：{ANSWER}"
    main = desk.approved(greeting)
    got = desk.received(sender=Sender(name="钱多多"), text="我家门口的路灯也不亮。")
    joined = flow.accept(letter=got.letter, by=desk.clerk)
    flow.merge(letter=joined, into=main, by=desk.clerk)
    flow.release(letter=main, by=desk.releaser)
    page = words(_opened(client, got))
    assert "10月20日修复" in page
    assert "0999-10001234" in page  # the office's own
    assert "赵小明" not in page
    assert "0999-10005678" not in page
    assert "赵小明" in Reply.objects.get(letter=main).text


def test_who_waits_joined_does_not_read_what_the_other_was_told_before(
    desk: Desk, client: Client
) -> None:
    main = flow.follow_up(letter=desk.answered(f"赵小明先生：{ANSWER}"), text=ASKED)
    file = ReplyFile(
        reply=Reply.objects.get(letter=main), name="答复.pdf", mime_type="application/pdf", size=1
    )
    file.file.name = "nowhere"
    file.save()
    got = desk.received(sender=Sender(name="钱多多"))
    flow.accept(letter=got.letter, by=desk.clerk)
    flow.merge(letter=got.letter, into=main, by=desk.clerk)
    page = _opened(client, got)
    assert "10月20日修复" not in words(page)
    asked = {"opened": opened_in(page), "do": "file", "file": f"reply-{file.pk}"}
    assert client.post(STATUS, asked).status_code == 404


def _opened(client: Client, got: Received) -> Any:
    return client.post(STATUS, {"number": got.letter.number, "code": got.code})


# --- erasing --------------------------------------------------------------------------------------
def test_erased_is_erased_wherever_it_was_written(desk: Desk) -> None:
    secrets = ("赵小明", "0999-10005678", "xiaoming@example.com", "13812345678")
    greeting = f"赵小明先生：{ANSWER}我们曾致电0999-10005678，并写信至xiaoming@example.com。"
    letter = desk.answered(greeting, subject="赵小明家门口的路灯", marked_text="赵小明 13812345678")
    flow.rate(letter=letter, score=5, text="我是赵小明，谢谢！13812345678")
    flow.follow_up(letter=letter, text=ASKED)
    letter = _answer_again(desk, letter, SECOND, translation="Dear 赵小明: 13812345678")
    flow.erase_sender(letter=letter, reason="本人要求", by=desk.clerk)
    letter.refresh_from_db()
    left = [
        *(str(value) for value in vars(letter).values()),
        *(str(value) for value in vars(FollowUp.objects.get()).values()),
        *(str(value) for value in vars(letter.rating).values()),
        *(
            str(value)
            for reply in Reply.objects.filter(letter=letter)
            for value in vars(reply).values()
        ),
    ]
    for secret in secrets:
        assert not [value for value in left if secret in value], secret
    texts = list(Reply.objects.filter(letter=letter).order_by("pk").values_list("text", flat=True))
    assert "10月20日修复" in texts[0]  # the answer itself is the office's
    assert "0999-10001234" in texts[0]
    assert "本月底完工" in texts[1]


def test_what_the_offices_noted_of_the_writer_is_erased_and_the_steps_stay(desk: Desk) -> None:
    told = "赵小明（13812345678）来电，同意转办"
    letter = desk.assigned(text="我是赵小明，电话13812345678，路灯不亮。")
    flow.ask_advice(letter=letter, unit=desk.school, request=told, by=desk.clerk)
    letter = flow.return_letter(letter=letter, reason=told, by=desk.handler)
    letter = flow.refuse(letter=letter, reason=told, by=desk.clerk)
    Letter.objects.filter(pk=letter.pk).update(publicity_reason=told)
    before = list(letter.steps.values_list("seq", "verb", "at", "by_name"))
    flow.erase_sender(letter=letter, reason="本人要求", by=desk.clerk)
    letter.refresh_from_db()
    rows = [letter, *letter.steps.all(), *Advice.objects.filter(letter=letter)]
    written = "\n".join(str(value) for row in rows for value in vars(row).values())
    assert "赵小明" not in written
    assert "13812345678" not in written
    assert "来电，同意转办" in written
    assert list(letter.steps.values_list("seq", "verb", "at", "by_name"))[:-1] == before


def test_what_a_taken_back_letter_had_as_a_draft_is_erased_too(desk: Desk) -> None:
    letter = desk.handling()
    flow.save_draft(letter=letter, text="赵小明先生：正在核实。", by=desk.handler)
    letter = flow.withdraw(letter=letter)
    flow.erase_sender(letter=letter, reason="本人要求", by=desk.clerk)
    assert "赵小明" not in Reply.objects.get(letter=letter).text


def test_who_still_waits_joined_is_not_erased(desk: Desk) -> None:
    joined = desk.accepted()
    flow.merge(letter=joined, into=desk.assigned(), by=desk.clerk)
    with pytest.raises(MoveRefused):
        flow.erase_sender(letter=joined, reason="本人要求", by=desk.clerk)


# --- who advises ----------------------------------------------------------------------------------
def test_who_may_not_know_the_writer_reads_masked_words(desk: Desk, client: Client) -> None:
    letter = desk.assigned(
        subject="赵小明家的路灯", text="我是赵小明，电话13812345678，路灯不亮。",
        conversation="赵小明：你好", language="en",
    )  # fmt: skip
    flow.translate(letter=letter, text="赵小明说路灯不亮。13812345678", by=desk.clerk)
    letter = _answer_again(desk, letter, f"赵小明先生：{ANSWER}", "Dear 赵小明")
    letter = flow.follow_up(letter=letter, text=ASKED)
    letter = flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=f"赵小明先生：{ANSWER}", by=desk.handler)
    flow.ask_advice(letter=letter, unit=desk.school, request="请提意见", by=desk.clerk)
    assert not LetterFile.objects.filter(letter=letter).exists()
    addresses = [
        reverse("interaction_letter", args=[letter.pk]),
        reverse("interaction_letter_print", args=[letter.pk]),
        reverse("interaction_mine"),
        reverse("interaction_all"),
    ]
    client.force_login(desk.school_handler)
    for address in addresses:
        html = words(client.get(address))
        assert "路灯" in html, address
        assert "赵小明" not in html, address
        assert "13812345678" not in html, address
    client.force_login(desk.handler)
    for address in addresses[:2]:
        assert "赵小明" in words(client.get(address)), address


# --- files of many rows ---------------------------------------------------------------------------
def test_the_events_are_sent_as_they_are_read_and_not_too_often(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.published()
    read: list[int] = []
    event = figures._event

    def counted(step: Any) -> dict[str, Any]:
        read.append(step.pk)
        return event(step)

    monkeypatch.setattr(figures, "_event", counted)
    visitor = Client(REMOTE_ADDR="203.0.113.7")
    for ending in ("csv", "json"):
        response: Any = visitor.get(f"/letters/figures/events.{ending}")
        rows = iter(response.streaming_content)
        next(rows), next(rows)
        assert len(read) <= 2, "all was read before the first row was sent"
        read.clear()
        assert len(list(rows)) > 5
        read.clear()
    answers = [visitor.get("/letters/figures/events.csv?year=2020") for _n in range(25)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 7
    assert 0 < int(refused[0].headers["Retry-After"]) <= 3600
    assert "已多次下载" in words(refused[0])
    assert "public" not in refused[0].headers["Cache-Control"]


def test_no_text_is_read_for_the_events(desk: Desk, django_assert_num_queries: Any) -> None:
    desk.published()
    desk.answered()
    today = timezone.localdate()
    with django_assert_num_queries(1) as told:
        assert len(list(figures.export_events(site=None, first=today, last=today))) > 10
    assert "masked_text" not in told.captured_queries[0]["sql"]


def test_a_list_that_is_too_long_for_a_file_says_so(
    desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "MOST_EXPORTED", 1)
    desk.letter()
    client.force_login(desk.clerk)
    url = reverse("interaction_letters_file", args=["csv"])
    assert client.get(url).status_code == 200
    desk.letter(text="另一封信，内容不同。")
    response = client.get(f"{url}?state=open", follow=True)
    assert "没有生成文件" in words(response)
    assert response.redirect_chain[-1][0] == f"{reverse('interaction_all')}?state=open"


@pytest.mark.parametrize(
    ("reply", "public"),
    [
        ("如有疑问请致电0999-10001234。", "如有疑问请致电0999-10001234。"),
        ("我们已按0999-10005678与您联系。", "我们已按***与您联系。"),
        ("我们已按0999 1000 5678与您联系。", "我们已按***与您联系。"),
        ("请加经办人手机13800001234。", "请加经办人手机***。"),
        ("赵小明同志：来信收悉。", "***同志：来信收悉。"),
    ],
    ids=["office", "writer", "writer-spaced", "mobile", "name"],
)
def test_the_offices_telephone_stays_in_what_is_published(reply: str, public: str) -> None:
    assert masked_reply(reply, ["赵小明"], ["0999-10005678"]) == public
