"""Who made a translation is said wherever its text is shown."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from portal.core.extension_points import trust_labels
from portal.foreign.models import MadeBy, PageTranslation, TeamRole
from portal.foreign.selectors.trust import trust_of, trusts_of
from tests.factories import ArticleFactory, World

from .staleness import core, open_section, released

pytestmark = pytest.mark.django_db


@pytest.fixture
def translation(world: World) -> PageTranslation:
    section = open_section(world)
    page = ArticleFactory(parent=world.column, title="办事指南")
    core(world, page)
    [row] = released(page, section)
    PageTranslation.objects.filter(pk=row.pk).update(
        made_by=MadeBy.REVIEWED_MACHINE,
        reviewer_role=TeamRole.LANGUAGE_REVIEWER,
        released_at=timezone.now(),
    )
    return PageTranslation.objects.get(pk=row.pk)


def target(translation: PageTranslation) -> Page:
    return Page.objects.get(pk=translation.target_id).specific


def test_the_page_says_who_made_it_and_what_prevails(
    client: Client, translation: PageTranslation
) -> None:
    html = client.get(target(translation).get_url()).content.decode()
    assert "Machine translation, reviewed by a person" in html
    assert "Language reviewer" in html
    assert "The Chinese text prevails." in html
    source = Page.objects.get(pk=translation.source_id)
    assert f'href="{source.get_url()}" hreflang="zh-Hans"' in html


def test_the_chinese_page_has_no_label(client: Client, translation: PageTranslation) -> None:
    source = Page.objects.get(pk=translation.source_id)
    assert 'class="trust-label"' not in client.get(source.get_url()).content.decode()
    assert trust_of(source) is None


def test_lists_mark_what_a_machine_made(client: Client, translation: PageTranslation) -> None:
    column = target(translation).get_parent()
    html = client.get(column.get_url()).content.decode()
    assert "Machine translation, reviewed by a person" in html
    PageTranslation.objects.update(made_by=MadeBy.HUMAN)
    assert trusts_of([translation.target_id or 0])


def test_the_api_carries_language_and_trust(client: Client, translation: PageTranslation) -> None:
    page = translation.target_id
    one: dict[str, Any] = client.get(f"/api/v1/pages/{page}").json()
    assert one["language"] == "en"
    assert one["trust"]["made_by"] == "reviewed_machine"
    assert one["trust"]["original"] == translation.source_id
    listed = client.get("/api/v1/pages?language=en").json()["items"]
    assert {row["id"]: row["trust"] for row in listed}[page] == one["trust"]
    source = client.get(f"/api/v1/pages/{translation.source_id}").json()
    assert source["trust"] is None


def test_what_is_not_released_has_no_label(translation: PageTranslation) -> None:
    PageTranslation.objects.update(released_at=None)
    assert trust_labels([translation.target_id or 0]) == {}
