"""A translation is made like its Chinese page: the same headings, lists of the same length."""

from typing import Any

import pytest
from django.utils.translation import override
from wagtail_localize.models import StringTranslation

from portal.foreign.models import PageTranslation, ParityOverride
from portal.foreign.selectors.page_outlines import outline_of
from portal.foreign.selectors.parity import page_problems, parity_problems
from portal.foreign.services.drafts import draft_page, place_target, snapshot_of
from portal.foreign.services.parity import ParityRefused
from portal.foreign.services.release import release
from portal.pages.models import ArticlePage
from portal.text.parity import PageOutline, compare_pages, page_outline
from tests.factories import publish

from .desk import to_release, translation_of, write
from .factories import Section

BODY = [
    ("heading", {"text": "带什么", "level": "2"}),
    ("paragraph", "<p>请带：</p><ul><li>护照</li><li>登记单<ol><li>原件</li></ol></li></ul>"),
    ("heading", {"text": "收费", "level": "3"}),
    ("paragraph", "<h3>不收费</h3><p>都不收费。</p>"),
    ("steps", {"items": [{"title": "预约", "text": "<p>网上</p>"}, {"title": "到场", "text": ""}]}),
]


def told(source: str, target: str) -> list[str]:
    found = compare_pages(page_outline(source), page_outline(target))
    return [f"{row.source_text} / {row.target_text}" for row in found]


@pytest.mark.parametrize(
    ("html", "headings", "lists"),
    [
        ("", (), ()),
        ("<h2>A</h2><p>b</p><h3>C</h3>", (2, 3), ()),
        ("<h2> <b></b>&nbsp;\u200b</h2>", (), ()),
        ("<h2><b>A</b> b</h2>", (2,), ()),
        ("<ul><li>a</li><li><p>b</p></li></ul>", (), (2,)),
        ("<ul><li>a</li><li>&nbsp;</li></ul>", (), (1,)),
        ("<ul><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ul>", (), (2, 2)),
        ("<ul><li><ol><li>b</li></ol></li></ul>", (), (1, 1)),
        ("<ul><li>a</ul>b<ol><li>1</ol>", (), (1, 1)),
    ],
)
def test_outlines(html: str, headings: tuple[int, ...], lists: tuple[int, ...]) -> None:
    assert page_outline(html) == PageOutline(headings, lists)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("<h2>A</h2><h3>B</h3><ul><li>1</li><li>2</li></ul><ol><li>1</li></ol>", []),
        (
            "<h2>A</h2><p>B</p><ul><li>1</li><li>2</li></ul><ol><li>1</li></ol>",
            ["heading 3 × 1 / heading 3 × 0"],
        ),
        (
            "<h3>A</h3><h2>B</h2><ul><li>1</li><li>2</li></ul><ol><li>1</li></ol>",
            ["H2 H3 / H3 H2"],
        ),
        (
            "<h2>A</h2><h2>B</h2><ul><li>1</li><li>2</li></ul><ol><li>1</li></ol>",
            ["heading 2 × 1 / heading 2 × 2", "heading 3 × 1 / heading 3 × 0"],
        ),
        (
            "<h2>A</h2><h3>B</h3><ul><li>1</li></ul><ol><li>1</li><li>2</li></ol>",
            ["list 1: item × 2 / list 1: item × 1", "list 2: item × 1 / list 2: item × 2"],
        ),
        (
            "<h2>A</h2><h3>B</h3><ul><li>1</li><li>2</li><li>1</li></ul>",
            ["list × 2 / list × 1"],
        ),
    ],
)
def test_differences(target: str, found: list[str]) -> None:
    source = "<h2>A</h2><h3>B</h3><ul><li>1</li><li>2</li></ul><ol><li>1</li></ol>"
    assert told(source, target) == found


def body(pieces: list[Any]) -> Any:
    return ArticlePage.body.field.stream_block.normalize(pieces)


@pytest.fixture
def guide(english: Section) -> PageTranslation:
    """A guide with headings and lists, wholly translated and approved."""
    publish(english.article, body=body(BODY))
    translation = translation_of(english)
    write(translation, english.team.translator)
    to_release(english, translation)
    return translation


@pytest.mark.django_db
def test_the_page_is_read_through_all_its_blocks(guide: PageTranslation) -> None:
    place_target(translation=guide)
    chinese = outline_of(snapshot_of(guide).as_instance())
    assert chinese == PageOutline((2, 3, 3), (2, 1, 2))
    assert page_problems(chinese, outline_of(draft_page(guide))) == []


@pytest.mark.django_db
def test_a_faithful_page_is_released(guide: PageTranslation, english: Section) -> None:
    assert release(translation=guide, user=english.team.lead).live
    assert not ParityOverride.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("nothing", ["&nbsp;", "\u200b", "<b></b>", " "])
def test_a_text_without_words_is_a_difference(guide: PageTranslation, nothing: str) -> None:
    StringTranslation.objects.filter(translation_of__data="带什么").update(data=nothing)
    with override("en"):
        [problem] = parity_problems(guide)
        assert problem.sentence == "The Chinese says “带什么”, the translation does not."


@pytest.mark.django_db
def test_a_heading_that_became_a_paragraph_is_not_released(
    guide: PageTranslation, english: Section, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a page that another program put together."""

    def otherwise(translation: PageTranslation) -> Any:
        page = draft_page(translation)
        pieces = [
            ("paragraph", f"<p>{block.value['text']}</p>")
            if block.block_type == "heading" and block.value["level"] == "3"
            else (block.block_type, block.value)
            for block in page.body
        ]
        page.body = body(pieces)
        return page

    monkeypatch.setattr("portal.foreign.services.release.draft_page", otherwise)
    with override("en"), pytest.raises(ParityRefused) as refused:
        release(translation=guide, user=english.team.lead)
    [problem] = refused.value.problems
    assert problem.mismatch.source_text == "heading 3 × 2"
    assert problem.mismatch.target_text == "heading 3 × 1"
    assert problem.label == "The whole page"
    release(translation=guide, user=english.team.lead, override_reason="The heading is part of it.")
    [row] = ParityOverride.objects.get().findings
    assert row["kind"] == "structure"
