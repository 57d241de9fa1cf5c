"""The conversation itself: its language, again, stop; and how a letter stands."""

import datetime
import json

import pytest
import time_machine
from django.utils import timezone

from assistant.dialogue.statuses import Status
from assistant.portal_plugin.flows.sealed import Broken, seal, unseal
from assistant.portal_plugin.models import AnswerRecord
from tests.assistant.asking import FakeRetriever
from tests.assistant.factories import make_question
from tests.factories import World

from .providers import LettersInMemory
from .talking import Talk
from .test_letters import up_to_review

NUMBER, CODE = "YH20261126001", "482913"


# --- language, again, stop ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("请用英文", "en"),
        ("speak Japanese please", "ja"),
        ("請用繁體中文", "zh-hant"),
        ("한국어로", "ko"),
    ],
)
def test_the_language_that_is_named(talk: Talk, words: str, language: str) -> None:
    reply = talk.write(words, "switch_language")
    assert talk.language == language
    assert reply.record.language == language


def test_a_language_that_is_not_named_is_asked_for(talk: Talk) -> None:
    reply = talk.write("换个语言", "switch_language")
    assert talk.language == "zh-hans"
    reply = talk.press('/choose{"value": "language:fr"}')
    assert talk.language == "fr"
    assert reply.record.language == "fr"


def test_in_the_new_language_the_last_question_is_answered_again(
    world: World, talk: Talk, knowledge: FakeRetriever
) -> None:
    entry = make_question(world.column)
    make_question(
        world.column, "How do I register?", language="en", translation_of=entry,
        answer="<p>At the police station.</p>",
    )  # fmt: skip
    knowledge.entries = [entry]
    talk.write("新生儿怎么上户口")
    switched = talk.write("英文", "switch_language")
    assert "/repeat" in switched.payloads
    assert talk.press("/repeat").record.text == "At the police station."


def test_what_was_withdrawn_is_not_said_again(
    world: World, talk: Talk, knowledge: FakeRetriever
) -> None:
    entry = make_question(world.column)
    knowledge.entries = [entry]
    talk.write("新生儿怎么上户口")
    entry.unpublish()
    assert talk.write("再说一遍", "repeat").record.status == Status.DECLINED_NO_SOURCE


def test_of_another_conversation_nothing_is_repeated(
    world: World, talk: Talk, knowledge: FakeRetriever
) -> None:
    knowledge.entries = [make_question(world.column)]
    talk.write("新生儿怎么上户口")
    other = Talk(site=world.site.pk)
    other.answers = list(talk.answers)  # whatever a dialogue engine claims
    assert other.write("再说一遍", "repeat").record.status == Status.SMALLTALK


@pytest.mark.parametrize("intent", ["cancel", "affirm", "deny"])
def test_where_nothing_is_open_that_is_said_with_what_can_be_done(talk: Talk, intent: str) -> None:
    reply = talk.write("取消", intent)
    assert reply.record.status == Status.SMALLTALK
    assert "/human" in reply.payloads


# --- how a letter stands --------------------------------------------------------------------------
def test_number_and_code_open_it(talk: Talk, post: LettersInMemory) -> None:
    asked = talk.press("/letter_status")
    assert asked.prompt is not None
    assert asked.prompt.secret
    talk.write(NUMBER)
    reply = talk.write(CODE)
    assert "办理中" in reply.record.text
    assert "2026年12月1日" in reply.record.text
    assert reply.links == ["/letters/1/"]


def test_neither_is_kept_anywhere_nor_goes_through_the_dialogue_in_clear(
    talk: Talk, post: LettersInMemory
) -> None:
    talk.press("/letter_status")
    talk.write("abc-77-SECRET")
    held = dict(talk.slots)
    talk.write("991827-hidden")
    kept = json.dumps(list(AnswerRecord.objects.values("question", "text", "html", "content")))
    for clear in ("abc-77-SECRET", "991827-hidden"):
        assert clear not in kept
        assert clear not in json.dumps(held)
        assert not [text for text in talk.heard if clear in text]
    assert not any(talk.slots.values())
    assert post.asked == [("abc-77-SECRET", "991827-hidden")]


def test_a_wrong_code_says_nothing_of_which_was_wrong(talk: Talk, post: LettersInMemory) -> None:
    talk.press("/letter_status")
    talk.write(NUMBER)
    wrong_code = talk.write("000000")
    again = talk.press(wrong_code.payloads[0])
    assert again.prompt is not None
    assert again.prompt.field == "status_number"
    talk.write("YH999")
    wrong_number = talk.write(CODE)
    assert wrong_code.record.text == wrong_number.record.text
    assert "办理中" not in wrong_number.record.text


def test_what_has_not_the_shape_of_a_number_is_asked_again(
    talk: Talk, post: LettersInMemory
) -> None:
    talk.press("/letter_status")
    reply = talk.write("我不记得了，能用身份证查吗？")
    assert reply.prompt is not None
    assert reply.prompt.field == "status_number"
    assert post.asked == []


def test_a_key_that_was_sealed_long_ago_is_asked_for_again(
    talk: Talk, post: LettersInMemory
) -> None:
    talk.press("/letter_status")
    talk.write(NUMBER)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
        reply = talk.write(CODE)
    assert post.asked == []
    assert reply.payloads


def test_only_this_portal_opens_what_it_sealed(settings: object) -> None:
    sealed = seal("482913")
    assert unseal(sealed) == "482913"
    assert "482913" not in sealed
    settings.SECRET_KEY = "another key, of another portal"  # type: ignore[attr-defined]
    with pytest.raises(Broken):
        unseal(sealed)
    with pytest.raises(Broken):
        unseal("482913")


def test_the_letter_of_this_conversation_is_known_without_number(
    talk: Talk, post: LettersInMemory
) -> None:
    up_to_review(talk)
    talk.press("/confirm")
    [token] = post.drafts
    waiting = talk.write("我的信怎么样了", "letter_status")
    assert waiting.links == [f"/letters/new/{token}/"]
    post.send_prepared(token)
    known = talk.write("我的信怎么样了", "letter_status")
    assert NUMBER in known.record.text
    assert CODE not in json.dumps(known.record.content) + known.record.text
    other = talk.press('/letter_status{"value": "other"}')
    assert other.prompt is not None
    assert other.prompt.field == "status_number"


def test_another_conversation_knows_nothing_of_it(
    world: World, talk: Talk, post: LettersInMemory
) -> None:
    up_to_review(talk)
    talk.press("/confirm")
    [token] = post.drafts
    post.send_prepared(token)
    stranger = Talk(site=world.site.pk)
    stranger.answers = list(talk.answers)
    reply = stranger.write("我的信怎么样了", "letter_status")
    assert NUMBER not in reply.text
    assert reply.prompt is not None
    assert reply.prompt.field == "status_number"


@pytest.mark.usefixtures("nobody_takes_letters")
def test_where_nobody_takes_letters_the_hotline_is_named(talk: Talk) -> None:
    reply = talk.write("我的信怎么样了", "letter_status")
    assert reply.record.status == Status.HANDED_OVER
    assert talk.form == ""
