"""What the assistant says: the editors' words, for a site or all, checked and on record."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from assistant.portal_plugin.admin.wording_places import EXAMPLES, PLACES, keys_by_place
from assistant.portal_plugin.answering import wording
from assistant.portal_plugin.answering.sentences import SENTENCES
from assistant.portal_plugin.models import Wording, WordingChange
from assistant.portal_plugin.services.wordings import set_wordings
from tests.assistant.asking import FakeRetriever
from tests.factories import UserFactory, World, member

from .talking import Talk

KEY = "letter.none"
PLUGIN = Path(wording.__file__).parents[1]


@pytest.fixture
def platform(provisioned_world: World) -> Any:
    return UserFactory(is_superuser=True)


@pytest.fixture
def local(provisioned_world: World) -> Any:
    """The administrator of a sub-site."""
    return member("site_admin", provisioned_world.hubin)


def said(key: str, site: int | None = None, **values: object) -> str:
    with override("zh-hans"):
        return wording.sentence(key, site=site, **values)


# --- what counts ----------------------------------------------------------------------------------
def test_the_sites_words_before_those_of_all_before_the_portals_own(
    provisioned_world: World, platform: Any
) -> None:
    hubin = provisioned_world.hubin.pk
    own = said(KEY, hubin)
    set_wordings(key=KEY, site=None, texts={"zh-hans": "请打12345。"}, user=platform)
    assert said(KEY, hubin) == "请打12345。"
    set_wordings(key=KEY, site=hubin, texts={"zh-hans": "湖滨区请打电话。"}, user=platform)
    assert said(KEY, hubin) == "湖滨区请打电话。"
    assert said(KEY, provisioned_world.gaoxin.pk) == "请打12345。"
    with override("en"):
        assert "telephone" in wording.sentence(KEY, site=hubin)
    set_wordings(key=KEY, site=hubin, texts={"zh-hans": ""}, user=platform)
    set_wordings(key=KEY, site=None, texts={"zh-hans": ""}, user=platform)
    assert said(KEY, hubin) == own


@pytest.mark.usefixtures("nobody_takes_letters")
def test_the_dialogue_says_it_with_the_next_message(
    provisioned_world: World, platform: Any, knowledge: FakeRetriever
) -> None:
    talk = Talk(site=provisioned_world.site.pk)
    set_wordings(key="greeting", site=None, texts={"zh-hans": "云湖您好！"}, user=platform)
    assert talk.write("你好", "greeting").record.text == "云湖您好！"
    set_wordings(key=KEY, site=None, texts={"zh-hans": "后来再写。"}, user=platform)
    assert talk.write("我要投诉", "leave_letter").record.text == "后来再写。"
    talk.language = "zh-hant"
    assert talk.write("我要投訴", "leave_letter").record.text == "後來再寫。"


def test_without_the_database_the_portals_own_words_are_said(
    provisioned_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: object) -> str:
        raise OperationalError("gone")

    monkeypatch.setattr(wording, "kept_text", gone)
    with override("en"):
        assert wording.sentence(KEY, site=1) == str(SENTENCES[KEY])


# --- what is refused ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text", ["电话在此。", "请打%(telephone)s，再打%(phone)s。", "长" * 601 + "%(phone)s"]
)
def test_what_would_not_tell_visitors_all_is_refused_as_a_whole(platform: Any, text: str) -> None:
    with pytest.raises(ValidationError):
        set_wordings(
            key="human.call",
            site=None,
            texts={"en": "Call %(phone)s.", "zh-hans": text},
            user=platform,
        )
    assert not Wording.objects.exists()


def test_values_are_filled_in_and_other_signs_stay(platform: Any) -> None:
    text = "拨打%(phone)s，100%接听 %s {0}"
    set_wordings(key="human.call", site=None, texts={"zh-hans": text}, user=platform)
    assert said("human.call", phone="12345") == "拨打12345，100%接听 %s {0}"


def test_an_administrator_speaks_for_the_own_site_only(
    provisioned_world: World, local: Any
) -> None:
    texts = {"zh-hans": "湖滨"}
    set_wordings(key=KEY, site=provisioned_world.hubin.pk, texts=texts, user=local)
    for site in (None, provisioned_world.gaoxin.pk):
        with pytest.raises(PermissionDenied):
            set_wordings(key=KEY, site=site, texts=texts, user=local)


# --- the screens ----------------------------------------------------------------------------------
def test_an_administrator_sees_and_changes_the_own_site(
    provisioned_world: World, local: Any, client: Client
) -> None:
    client.force_login(local)
    hubin = provisioned_world.hubin.pk
    shown = client.get(reverse("assistant_wordings"))
    assert shown.status_code == 200
    assert KEY in shown.content.decode()
    address = reverse("assistant_wording", args=[hubin, KEY])
    preview = client.post(address, {"zh-hans": "请来电。", "preview": "1"})
    assert "请来电。" in preview.content.decode()
    assert not Wording.objects.exists()
    assert client.post(address, {"zh-hans": "请来电。"}).status_code == 302
    [change] = WordingChange.objects.all()
    assert (change.before, change.after, change.by) == ("", "请来电。", local)
    assert "请来电。" in client.get(address).content.decode()
    found = client.get(reverse("assistant_wordings_of", args=[hubin]), {"own": "1"})
    assert KEY in found.content.decode()
    assert "human.call" not in found.content.decode()


def test_a_text_that_is_refused_stays_in_its_field(
    provisioned_world: World, local: Any, client: Client
) -> None:
    client.force_login(local)
    address = reverse("assistant_wording", args=[provisioned_world.hubin.pk, "human.call"])
    refused = client.post(address, {"zh-hans": "打电话。"})
    assert refused.status_code == 422
    assert "打电话。" in refused.content.decode()
    assert "%(phone)s" in refused.content.decode()


def test_others_are_kept_out(provisioned_world: World, local: Any, client: Client) -> None:
    client.force_login(local)
    for place in ("all", str(provisioned_world.gaoxin.pk)):
        address = reverse("assistant_wording", args=[place, KEY])
        assert client.get(address).status_code in (302, 403, 404)
        assert client.post(address, {"zh-hans": "x"}).status_code in (302, 403, 404)
    client.force_login(member("editor", provisioned_world.hubin))
    assert client.get(reverse("assistant_wordings")).status_code in (302, 403)
    assert not Wording.objects.exists()


def test_an_unknown_sentence_is_not_found(platform: Any, client: Client) -> None:
    client.force_login(platform)
    assert client.get(reverse("assistant_wording", args=["all", "no.such"])).status_code == 404


# --- the sentences themselves ---------------------------------------------------------------------
def test_every_sentence_has_a_place_and_every_place_a_sentence() -> None:
    listed = [key for keys in keys_by_place().values() for key in keys]
    assert sorted(listed) == sorted(set(SENTENCES) - {"answered"})
    assert all(keys_by_place()[place] for place in PLACES)


def test_every_value_has_an_example() -> None:
    with override("en"):
        names = {name for text in SENTENCES.values() for name in wording.placeholders(str(text))}
    assert names <= set(EXAMPLES)


def test_every_sentence_of_the_dialogue_is_said_somewhere() -> None:
    source = "".join(
        path.read_text("utf-8") for path in PLUGIN.rglob("*.py") if path.name != "sentences.py"
    )
    made = {"start.leave_letter", "start.report_error"}  # from the names of intents
    made |= {"policy.repealed_by", "policy.replaced_by"}
    unsaid = [
        key
        for key in SENTENCES
        if "." in key and not key.startswith("note.") and key not in made
        and not re.search(rf'"{re.escape(key)}"', source)
    ]  # fmt: skip
    assert unsaid == []
