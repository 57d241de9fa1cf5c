"""A change of the Chinese marks the paragraphs that it changed, and no other."""

import pytest

from portal.foreign.models import PageTranslation
from portal.foreign.selectors.segments import Character, segments_of
from tests.factories import ArticleFactory, World
from tests.factories.pages import text

from .staleness import change, core, marks, open_section, release, released, translate

pytestmark = pytest.mark.one_database
Status = PageTranslation.Status


def paragraphs(*words: str) -> list[dict[str, object]]:
    """A body with one block, the same one with each call."""
    html = "".join(f"<p>{word}</p>" for word in words)
    return [{"type": "paragraph", "value": html, "id": "11111111-1111-4111-8111-111111111111"}]


def test_one_changed_paragraph_is_one_mark_in_each_language(world: World) -> None:
    core(world, world.column)
    sections = [open_section(world, code) for code in ("en", "ja")]
    page = ArticleFactory(parent=world.column, body=paragraphs("甲段文字。", "乙段文字。"))
    translations = released(page, *sections)
    assert [row.status for row in translations] == [Status.CURRENT] * 2
    change(page, body=paragraphs("甲段文字。", "乙段改了文字。"))
    for row in translations:
        row.refresh_from_db()
        assert marks(row) == {"乙段文字。": "乙段改了文字。"}
        assert (row.status, row.stale, row.missing) == (Status.STALE, 1, 0)
        translate(row)
        release(row)
        row.refresh_from_db()
        assert marks(row) == {}
        assert row.status == Status.CURRENT


def test_characters(world: World) -> None:
    core(world, world.column)
    section = open_section(world)
    page = ArticleFactory(parent=world.column, body=paragraphs("甲段。", "乙段文字。", "丙段。"))
    (row,) = released(page, section)
    change(page, body=paragraphs("丙段。", "乙段改了文字。", "全新的一段。"))
    row = PageTranslation.objects.get(pk=row.pk)
    found = {seg.source_text or seg.previous_source: seg.character for seg in segments_of(row)}
    assert found["丙段。"] == Character.CURRENT
    assert found["乙段改了文字。"] == Character.STALE


def test_a_new_core_page_enters_the_queues_at_once(world: World) -> None:
    core(world, world.column, lag_days=3)
    section = open_section(world)
    page = ArticleFactory(parent=world.column, title="新政策", body=text("一二三四五。"))
    from portal.foreign.services.syncing import sync_source

    sync_source(page)
    row = PageTranslation.objects.get(source=page, section=section)
    assert row.status == Status.MISSING
    assert row.words >= 8
    assert row.due is not None
