"""Letters in other languages reach the translators of that language, and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from portal.core.models import User
from portal.foreign.models import ForeignSection, TeamMember, TeamRole
from portal.interaction.models import Letter, Verb
from portal.interaction.permissions import moves_now, visible_letters
from portal.interaction.selectors.desk import my_letters
from portal.interaction.services import flow
from portal.testing import disable_plugin
from tests.factories import member

from .people import ANSWER, Desk

ENGLISH = {
    "language": "en",
    "subject": "Street light",
    "text": "The light at the gate has been dark for a week. My number is 13800001234.",
}


@pytest.fixture
def translator_of(desk: Desk) -> Callable[..., User]:
    def make(language: str, site: Any = None, role: str = "translator") -> User:
        from wagtail.models import Locale

        site = site or desk.site
        locale, _made = Locale.objects.get_or_create(language_code=language)
        section, _made = ForeignSection.objects.get_or_create(site=site, locale=locale)
        user: User = member(role, site)
        TeamMember.objects.create(section=section, user=user, role=TeamRole.TRANSLATOR)
        return user

    return make


def test_a_letter_waits_with_the_translators_of_its_language(
    desk: Desk, translator_of: Callable[..., User], client: Client
) -> None:
    english, russian = translator_of("en"), translator_of("ru")
    elsewhere = translator_of("en", site=desk.world.hubin)
    no_team, chinese = member("translator", desk.site), desk.letter()
    letter = desk.letter(**ENGLISH)
    assert list(my_letters(english)) == [letter]
    for other in (russian, elsewhere, no_team):
        assert not my_letters(other).exists()
        assert not visible_letters(other).exists()
        client.force_login(other)
        assert client.get(reverse("interaction_letter", args=[letter.pk])).status_code != 200
    client.force_login(english)
    assert client.get(reverse("interaction_letter", args=[chinese.pk])).status_code != 200
    page = client.get(reverse("interaction_letter", args=[letter.pk])).content.decode()
    assert "The light at the gate" in page
    assert not any(secret in page for secret in ("13800001234", "赵小明", "xiaoming@"))
    assert moves_now(english, letter) == [Verb.TRANSLATE]


def test_what_a_translator_writes_goes_to_the_desk_and_the_letter_out_of_sight(
    desk: Desk, translator_of: Callable[..., User], client: Client
) -> None:
    english = translator_of("en")
    letter = desk.letter(**ENGLISH)
    client.force_login(english)
    sent = {
        "move": "translate",
        "translate-subject": "路灯",
        "translate-text": "门口的路灯坏了一周。",
        "seen": str(flow.standing_of(letter)),
    }
    answer = client.post(reverse("interaction_letter", args=[letter.pk]), sent)
    assert answer.headers["Location"] == reverse("interaction_mine")
    letter.refresh_from_db()
    assert letter.chinese_text == "路灯\n\n门口的路灯坏了一周。"
    assert not visible_letters(english).exists()
    with pytest.raises(PermissionDenied):
        flow.translate(letter=letter, text="再写一次", by=english)


def handed_in(desk: Desk, letter: Letter, translation: str = "") -> Letter:
    letter = flow.accept(letter=letter, by=desk.clerk)
    letter = flow.assign(letter=letter, unit=desk.bureau, by=desk.clerk)
    letter = flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=ANSWER, translation=translation, by=desk.handler)
    return flow.hand_in(letter=letter, by=desk.handler, guard_reason="已核对")


def test_a_reply_without_the_writers_language_waits_for_a_translator_too(
    desk: Desk, translator_of: Callable[..., User], client: Client
) -> None:
    english = translator_of("en")
    letter = desk.letter(**ENGLISH)
    flow.translate(letter=letter, text="路灯坏了。", by=desk.clerk)
    letter = handed_in(desk, letter)
    assert letter.needs_translation
    client.force_login(english)
    page = client.get(reverse("interaction_letter", args=[letter.pk])).content.decode()
    assert ANSWER in page
    flow.translate(letter=letter, text="The light was mended.", by=english)
    letter.refresh_from_db()
    assert (letter.needs_translation, letter.chinese_text) == (False, "路灯坏了。")
    letter = flow.approve(letter=letter, by=desk.head)
    letter = flow.release(letter=letter, by=desk.releaser)
    reply = flow.released_reply(letter)
    assert reply is not None
    assert (reply.text, reply.translation) == (ANSWER, "The light was mended.")


def test_with_the_drafters_own_translation_nobody_waits(desk: Desk) -> None:
    letter = handed_in(desk, desk.letter(**ENGLISH), translation="It was mended.")
    assert not letter.needs_translation


def test_a_changed_reply_asks_for_its_translation_anew(
    desk: Desk, translator_of: Callable[..., User]
) -> None:
    english = translator_of("en")
    letter = desk.letter(**ENGLISH)
    flow.translate(letter=letter, text="路灯坏了。", by=english)
    letter = flow.translate(letter=handed_in(desk, letter), text="It was mended.", by=english)
    letter = flow.rework(letter=letter, reason="写清日期", by=desk.head)
    assert not letter.needs_translation
    assert not visible_letters(english).exists()
    again = flow.hand_in(letter=letter, by=desk.handler, guard_reason="已核对")
    assert not again.needs_translation, "the same words are translated already"
    letter = flow.rework(letter=again, reason="写清日期", by=desk.head)
    flow.save_draft(letter=letter, text=ANSWER + "11月1日已复查。", by=desk.handler)
    letter = flow.hand_in(letter=letter, by=desk.handler, guard_reason="已核对")
    assert letter.needs_translation


def test_who_translated_a_reply_neither_approves_nor_releases_it(
    desk: Desk, translator_of: Callable[..., User]
) -> None:
    letter = handed_in(desk, desk.letter(**ENGLISH))
    flow.translate(letter=letter, text="It was mended.", by=desk.admin)
    with pytest.raises(PermissionDenied):
        flow.approve(letter=letter, by=desk.admin)


def test_without_the_plugin_for_languages_the_desk_translates(
    desk: Desk, translator_of: Callable[..., User]
) -> None:
    english = translator_of("en")
    letter = desk.letter(**ENGLISH)
    with disable_plugin("foreign"):
        assert not visible_letters(User.objects.get(pk=english.pk)).exists()
    assert letter in my_letters(desk.clerk)
