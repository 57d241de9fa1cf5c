"""What else changes when a document ends is said before it is recorded, and confirmed."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.plugin_api import Entry, consequences
from portal.policy_interpretation.models import PolicyEffect
from tests.factories import UserFactory, World
from tests.policy_interpretation.factories import make_policy

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


class Told:
    """Says what a test wants."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines

    def consequences(self, *, pages: Sequence[Any], clauses: Sequence[str] = ()) -> list[str]:
        return [f"{pages[0].title}: {line}" for line in self.lines]


@pytest.fixture
def client() -> Client:
    found = Client()
    user = UserFactory(superuser=True)
    found.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return found


def told(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    entry = Entry("letters.all", "dummy", Told(*lines), "consequences")
    monkeypatch.setattr(consequences, "entries", lambda site=None: iter([entry]))


def test_it_is_seen_before_it_is_recorded(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = make_policy(world.column)
    url = reverse("policy_ending", args=[policy.pk])
    data = {"kind": "repealed", "since": "2026-01-01", "basis": "云政发〔2026〕1号"}
    told(monkeypatch, "三个答案会变")
    response = client.post(url, data)
    assert "三个答案会变" in response.content.decode()
    assert not PolicyEffect.objects.filter(policy=policy).exists()
    seen = response.context["seen"]
    told(monkeypatch, "四个答案会变")
    assert "四个答案会变" in client.post(url, data | {"seen": seen}).content.decode()
    told(monkeypatch, "三个答案会变")
    assert client.post(url, data | {"seen": seen}).status_code == 302
    assert PolicyEffect.objects.filter(policy=policy).exists()


def test_nothing_to_say_asks_nobody(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = make_policy(world.column)
    told(monkeypatch)
    data = {"kind": "repealed", "since": "2026-01-01", "basis": "云政发〔2026〕1号"}
    assert client.post(reverse("policy_ending", args=[policy.pk]), data).status_code == 302
