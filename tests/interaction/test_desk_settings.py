"""What sites set for their letters, by whom; a key is shown once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.interaction.models import IntakeKey, LetterProfile, ReplyTemplate
from portal.interaction.services.keys import key_of, switch_key
from tests.factories import member

from .people import Desk

SCREENS = ("interaction_profiles", "interaction_channels", "interaction_hooks")


@pytest.mark.parametrize("screen", SCREENS)
def test_settings_are_for_those_who_run_the_site(client: Client, desk: Desk, screen: str) -> None:
    url = reverse(f"{screen}:index")
    client.force_login(desk.admin)
    assert client.get(url).status_code == 200
    assert client.get(reverse(f"{screen}:add")).status_code == 200
    for account in (desk.clerk, desk.handler, desk.head, desk.releaser, desk.editor):
        client.force_login(account)
        assert client.get(url).status_code != 200, account


def test_a_kind_is_set_for_the_own_site_only(client: Client, desk: Desk) -> None:
    client.force_login(desk.admin)
    sent = {"kind": "complaint", "is_open": "", "clock_kind": "", "intro": "", "keep_months": 24}
    url = reverse("interaction_profiles:add")
    client.post(url, sent | {"site": desk.world.gaoxin.pk})
    assert not LetterProfile.objects.exists()
    client.post(url, sent | {"site": desk.site.pk})
    row = LetterProfile.objects.get()
    assert (row.site_id, row.kind, row.is_open) == (desk.site.pk, "complaint", False)


def test_the_desk_keeps_the_templates(client: Client, desk: Desk) -> None:
    client.force_login(desk.clerk)
    sent = {"site": desk.site.pk, "title": "路灯", "text": "已修复。", "is_active": "on",
            "kinds": ["complaint"]}  # fmt: skip
    client.post(reverse("interaction_templates:add"), sent)
    row = ReplyTemplate.objects.get()
    assert row.kinds == ["complaint"]
    client.force_login(desk.strange_clerk)
    client.post(reverse("interaction_templates:edit", args=[row.pk]), sent | {"title": "改"})
    row.refresh_from_db()
    assert row.title == "路灯"


def test_a_key_is_shown_once_and_can_be_switched_off(client: Client, desk: Desk) -> None:
    url = reverse("interaction_keys")
    for account in (desk.clerk, desk.handler, desk.editor):
        client.force_login(account)
        assert client.get(url).status_code != 200
    client.force_login(desk.admin)
    sent = {"site": desk.site.pk, "name": "热线", "per_minute": 5, "per_day": 50}
    made = client.post(url, sent).content.decode()
    text = re.findall(r'class="letters-key">([^<]+)<', made)[0]
    key = key_of(text)
    assert key is not None
    assert (key.name, key.per_minute) == ("热线", 5)
    secret = text.split("_", 2)[2]
    assert secret not in key.key_hash
    assert secret not in client.get(url).content.decode()
    assert key_of(text + "x") is None
    assert key_of("nonsense") is None
    switch_key(key=key, is_active=False, by=desk.admin)
    assert key_of(text) is None
    client.force_login(member("site_admin", desk.world.gaoxin))
    client.post(url, {"switch": key.pk})
    assert not IntakeKey.objects.get().is_active
    client.post(url, sent)
    assert IntakeKey.objects.count() == 1
