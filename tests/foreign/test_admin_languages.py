"""A translator works in the language of the section: the admin speaks Japanese and Korean."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.users.models import UserProfile

from portal.foreign.models import TeamRole
from tests.factories import World, member

from .factories import Section, add_member


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ["翻訳ボード", "カバー率", "すべてのショートカットキー"]),
        ("ko", ["번역 현황판", "번역률", "모든 단축키"]),
    ],
)
def test_the_boards_in_the_translator_s_language(
    provisioned_english: Section, provisioned_world: World, language: str, words: list[str]
) -> None:
    call_command("compile_messages", verbosity=0)
    user = member("translator", provisioned_world.site)
    add_member(provisioned_english.row, TeamRole.TRANSLATOR, user)
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    with translation.override("zh-hans"):
        shown = client.get(reverse("foreign_boards")).content.decode()
    assert f'lang="{language}"' in shown
    assert [word for word in words if word not in shown] == []
