"""Texts that are nearly the same: found, decided on, remembered."""

import random

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.library.models import Finding, NearDuplicate, TextPrint
from portal.library.services import pairs, prints, quality
from tests.factories import ArticleFactory, UserFactory, World, member, text

from .conftest import record_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def words(seed: int) -> str:
    chosen = random.Random(seed)
    return "".join(chr(0x4E00 + chosen.randrange(3000)) for _ in range(600))


@pytest.fixture
def three(provisioned_world: World):
    """Two that are nearly the same, on two sites, and one that is like neither."""
    first = ArticleFactory(parent=provisioned_world.column, title="甲", body=text(words(1)))
    second = ArticleFactory(
        parent=provisioned_world.hubin_column, title="乙", body=text(words(1) + "另加一句。")
    )
    other = ArticleFactory(parent=provisioned_world.column, title="丙", body=text(words(2)))
    prints.follow_pages(page_pks=[first.pk, second.pk, other.pk])
    return first, second, other


def found() -> set[tuple[str, str]]:
    rows = pairs.of_public_records()
    return {(pair.older.title, pair.newer.title) for pair in rows}


def compare(world: World) -> int:
    return sum(pairs.compare_missing(site.pk) for site in (world.site, world.hubin))


def test_the_near_are_found_once_and_go_when_a_text_changes(
    provisioned_world: World, three
) -> None:
    first, second, _other = three
    assert compare(provisioned_world) == 3
    assert found() == {("甲", "乙")}
    assert compare(provisioned_world) == 0
    quality.check_site(provisioned_world.site.pk)
    rows = Finding.objects.filter(check_name="near_duplicates")
    assert [row.record_id for row in rows] == [record_of(first).pk]
    second.body = text(words(3))
    second.save_revision().publish()
    prints.follow_pages(page_pks=[second.pk])
    assert found() == set()
    assert compare(provisioned_world) == 2, "the other half of the pair is compared anew"
    assert found() == set()


def test_the_very_same_text_and_withdrawn_ones_are_no_pair(provisioned_world: World, three) -> None:
    first, second, _other = three
    compare(provisioned_world)
    second.unpublish()
    assert found() == set()
    second.title, second.body = first.title, first.body
    second.save_revision().publish()
    prints.follow_pages(page_pks=[second.pk])
    compare(provisioned_world)
    assert found() == set()


def test_a_text_grown_too_short_is_compared_no_more(provisioned_world: World, three) -> None:
    first, *_rest = three
    compare(provisioned_world)
    first.body = text("短。")
    first.save_revision().publish()
    prints.follow_pages(page_pks=[first.pk])
    assert not TextPrint.objects.filter(record=record_of(first)).exists()
    compare(provisioned_world)
    assert found() == set()


def test_it_goes_on_where_it_stopped(
    provisioned_world: World, three, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairs, "_PORTION", 1)
    site = provisioned_world.site.pk
    assert [pairs.compare_missing(site, seconds=0) for _time in range(3)] == [1, 1, 0]


def test_a_decision_is_remembered_and_can_be_taken_back(
    provisioned_world: World, three, client: Client
) -> None:
    first, *_rest = three
    compare(provisioned_world)
    pair, address = NearDuplicate.objects.get(), reverse("library_pairs")
    client.force_login(member("editor", provisioned_world.hubin))
    assert "甲" in client.get(address).content.decode()
    client.post(address, {"pair": pair.pk, "step": "dismiss"})
    assert found() == set()
    assert client.get(address).context["rows"] == []
    first.body = text(words(1) + "再改一处。")
    first.save_revision().publish()
    prints.follow_pages(page_pks=[first.pk])
    compare(provisioned_world)
    assert found() == set()
    decided = client.get(f"{address}?show=decided")
    assert [row.pk for row, _may in decided.context["rows"]] == [pair.pk]
    client.post(f"{address}?show=decided", {"pair": pair.pk, "step": "take_back"})
    assert found() == {("甲", "乙")}


def test_who_may_write_neither_does_not_decide(
    provisioned_world: World, three, client: Client
) -> None:
    compare(provisioned_world)
    pair = NearDuplicate.objects.get()
    for role in ("auditor", "information_officer"):
        user = member(role, provisioned_world.site)
        client.force_login(user)
        client.post(reverse("library_pairs"), {"pair": pair.pk, "step": "dismiss"})
        assert found() == {("甲", "乙")}
        with pytest.raises(ValidationError):
            pairs.decide(pair=pair, is_duplicate=False, user=user)
    client.force_login(UserFactory(superuser=True))
    for wrong in ("", "x", "0", "99999999"):
        assert client.post(reverse("library_pairs"), {"pair": wrong}).status_code == 404


def test_a_pair_with_a_page_that_others_may_not_read_is_not_shown(
    provisioned_world: World, three, client: Client
) -> None:
    from wagtail.models import PageViewRestriction

    compare(provisioned_world)
    PageViewRestriction.objects.create(page=three[1], restriction_type=PageViewRestriction.LOGIN)
    client.force_login(member("editor", provisioned_world.site))
    assert client.get(reverse("library_pairs")).context["rows"] == []
