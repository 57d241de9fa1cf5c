"""Sentences to visitors: a site's own wording before the portal's before the default."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from portal.core.messages import DEFAULTS, message
from portal.core.models import EditableMessage
from tests.factories import World

pytestmark = pytest.mark.django_db


def leave_notice(world: World, site: str = "hubin", language: str = "zh-hans") -> str:
    return message("leave_notice", site_pk=getattr(world, site).pk, language=language)


def test_the_default(world: World) -> None:
    assert leave_notice(world) == str(DEFAULTS["leave_notice"].text)


def test_the_portal_s_wording_holds_for_all_sites(world: World) -> None:
    EditableMessage.objects.create(key="leave_notice", text="全站")
    assert leave_notice(world) == leave_notice(world, "site") == "全站"


def test_a_site_s_own_wording_comes_first_and_stays_there(world: World) -> None:
    EditableMessage.objects.create(key="leave_notice", text="全站")
    EditableMessage.objects.create(key="leave_notice", site=world.hubin, text="湖滨")
    assert leave_notice(world) == "湖滨"
    assert leave_notice(world, "site") == "全站"


def test_a_change_is_seen_at_once_and_an_end_as_well(world: World) -> None:
    wording = EditableMessage.objects.create(key="leave_notice", text="一")
    assert leave_notice(world) == "一"
    wording.text = "二"
    wording.save()
    assert leave_notice(world) == "二"
    wording.delete()
    assert leave_notice(world) == str(DEFAULTS["leave_notice"].text)


def test_languages_are_apart(world: World) -> None:
    EditableMessage.objects.create(key="leave_notice", language="en", text="Goodbye")
    assert leave_notice(world, language="en") == "Goodbye"
    assert leave_notice(world) != "Goodbye"


def test_an_unknown_key_is_a_mistake_in_the_code(world: World) -> None:
    with pytest.raises(KeyError):
        message("no_such_message", site_pk=None, language="zh-hans")


@pytest.mark.parametrize("of_a_site", [True, False])
def test_one_wording_for_each_site_and_language(world: World, of_a_site: bool) -> None:
    values: dict[str, Any] = {"key": "leave_notice", "site": world.hubin if of_a_site else None}
    EditableMessage.objects.create(text="一", **values)
    with pytest.raises(ValidationError):
        EditableMessage(text="二", **values).full_clean()
