"""Texts from outside, as the editor's script and the Word form send them."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from portal.core.models import PortalImage
from portal.pages.importing import bodies
from portal.pages.models import ArticlePage, SiteHouseStyle
from portal.text.document import (
    Document,
    Heading,
    Item,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Span,
    Table,
    line_of,
    texts,
)
from tests.factories import ArticleFactory, UserFactory, World, member
from tests.text import docx_samples
from tests.text.docx_samples import MAKERS, bad_files, png, saved
from tests.text.test_rtf_pictures import picture as rtf_picture

CLIPBOARD = Path(__file__).parents[1] / "text" / "clipboard"


# --- blocks and texts, without a database ---------------------------------------------------------
BOLD = frozenset({"bold"})
TEXT: Document = (
    Paragraph(line_of("云政发〔2026〕7号"), "center"),
    Heading(2, line_of("一、总则")),
    Paragraph((Span("重"), Span("点", BOLD), Span("见官网", link=(("href", "https://a.example/?a=1&b=2"),)))),
    Heading(4, line_of("1.细则")),
    Listing((Item(line_of("甲")), Item(line_of("乙"), True, 1), Item(line_of("丙")))),
    Quote(line_of("好事办好\n——市民")),
    Table((("项目", "数量"), ("船", "12"), ("桥", "3.50"))),
    Paragraph(line_of("云湖市人民政府"), "right"),
    Paragraph(line_of("2026年3月2日"), "right"),
)  # fmt: skip


def test_a_text_as_a_body() -> None:
    raw = bodies.to_raw(TEXT)
    assert [block["type"] for block in raw] == [
        "aligned_text", "heading", "paragraph", "quote", "table", "aligned_text",
    ]  # fmt: skip
    assert raw[2]["value"] == (
        '<p>重<b>点</b><a href="https://a.example/?a=1&amp;b=2">见官网</a></p><h4>1.细则</h4>'
        "<ul><li>甲<ol><li>乙</li></ol></li><li>丙</li></ul>"
    )
    assert raw[-1]["value"] == {"text": "云湖市人民政府\n2026年3月2日", "position": "right"}
    value = bodies.body_block().to_python(raw)
    assert bodies.body_block().get_prep_value(value)[2]["value"] == raw[2]["value"]
    assert json.dumps(bodies.form_state(raw))


def test_figures_stay_as_they_were_written() -> None:
    table = Table(
        (("年", "数", "码", "率"), ("2024", "12", "007", "5%"), ("2025", "", "010", "6%")), True
    )
    (raw,) = bodies.to_raw((table,))
    content = raw["value"]["table"]
    assert [column["type"] for column in content["columns"]] == ["text", "number", "text", "text"]
    assert content["rows"][0]["values"] == ["2024", "12", "007", "5%"]


def test_a_body_comes_back_as_it_went() -> None:
    document, others = bodies.from_raw(bodies.to_raw(TEXT))
    assert list(texts(document)) == list(texts(TEXT))
    assert document == TEXT
    assert others == {}


def test_what_a_text_has_no_word_for_passes_through() -> None:
    raw = [
        {"type": "paragraph", "value": '<p>字</p><embed embedtype="media" url="x"/>', "id": "1"},
        {"type": "component", "value": {"component": "x"}, "id": "2"},
        {"type": "quote", "value": {"text": "话", "source": "人"}, "id": "3"},
    ]
    document, others = bodies.from_raw(raw)
    assert bodies.to_raw(document, others=others) == raw


def test_own_links_survive() -> None:
    html = '<p>见<a linktype="page" id="3">本站</a>和<a linktype="document" id="4">附件</a></p>'
    raw = [{"type": "paragraph", "value": html, "id": "a"}]
    assert bodies.to_raw(bodies.from_raw(raw)[0])[0]["value"] == html


def test_ids_stay_with_their_texts() -> None:
    old = [
        {"type": "heading", "value": {"text": "旧", "level": "2", "extra": 1}, "id": "h"},
        {"type": "paragraph", "value": "<p>一段,文字</p>", "id": "p"},
    ]
    new = bodies.to_raw(
        (Heading(2, line_of("新")), Paragraph(line_of("一段，文字")), Heading(3, line_of("旧")))
    )
    kept = bodies.keep_ids(new, old)
    assert [block["id"] for block in kept][1:] == ["p", "h"]
    assert kept[2]["value"] == {"text": "旧", "level": "3", "extra": 1}


_LINES = st.lists(
    st.builds(
        Span,
        st.text(st.sampled_from("云湖<>&\"' a\n"), min_size=1, max_size=6),
        st.sampled_from([frozenset(), BOLD]),
    ),
    min_size=1,
    max_size=3,
).map(tuple)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.builds(Paragraph, _LINES), st.builds(Heading, st.just(4), _LINES))))
def test_any_line_survives_the_way_through_html(blocks: list[Any]) -> None:
    raw = bodies.to_raw(tuple(blocks))
    assert "".join(texts(bodies.from_raw(raw)[0])) == "".join(texts(tuple(blocks)))


def test_a_caption_too_long_for_its_field_is_not_cut() -> None:
    long = "表1 " + "很长的标题" * 60
    raw = bodies.to_raw((Table((("甲", "乙"),), caption=long),))
    assert [block["type"] for block in raw] == ["paragraph", "table"]
    assert long in raw[0]["value"]


# --- the addresses --------------------------------------------------------------------------------
@pytest.fixture
def city(provisioned_world: World) -> World:
    return provisioned_world


@pytest.fixture
def editor(client: Client, city: World) -> Client:
    client.force_login(member("editor", city.site))
    return client


def part(text: str | bytes, name: str = "paste.html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def paste(editor: Client, city: World, html: str = "", **more: Any) -> Any:
    data = {"parent": city.column.pk, **({"html": part(html)} if html else {}), **more}
    return editor.post(reverse("pages_paste"), data).json()


def words(block: Any) -> list[str]:
    """The lines of a rich text as the editor's form gets it."""
    return [line["text"] for line in json.loads(block["value"])["blocks"]]


def kinds(answer: Any) -> list[str]:
    return [block["type"] for block in answer["blocks"]]


def test_a_word_paste_becomes_blocks_and_its_pictures_are_stored(
    editor: Client, city: World
) -> None:
    html = (CLIPBOARD / "word.html").read_text(encoding="utf-8")
    rtf = "{\\rtf1 " + rtf_picture(png(30, 20)) + "}"
    answer = paste(editor, city, html, rtf=part(rtf, "paste.rtf"))
    assert kinds(answer) == [
        "aligned_text", "heading", "paragraph", "heading", "paragraph", "heading", "paragraph",
        "table", "image", "aligned_text", "paragraph",
    ]  # fmt: skip
    (image,) = PortalImage.objects.all()
    assert (image.description, image.collection) == ("湖边步道", city.site.collection)
    assert answer["content"] is None
    look = " ".join(answer["look"])
    assert "内部批注勿外传" in look
    assert "这里请再核对" in look
    # Without the keys that the editor's form makes up for each line: any three letters may be in them.
    assert "mso" not in re.sub(r'\\"key\\": \\"\w+\\"', "", json.dumps(answer["blocks"]))


def test_pictures_elsewhere_are_named_and_not_fetched(editor: Client, city: World) -> None:
    answer = paste(editor, city, (CLIPBOARD / "wechat.html").read_text(encoding="utf-8"))
    assert "image" not in kinds(answer)
    assert any("https://mmbiz.example.invalid/mmbiz_jpg/abc/640" in line for line in answer["look"])
    assert not PortalImage.objects.exists()


def test_a_picture_in_the_text_is_stored_once(editor: Client, city: World) -> None:
    data = base64.b64encode(png(40, 30)).decode()
    html = f'<p>前</p><img alt="湖" src="data:image/png;base64,{data}"><p>后</p>'
    for _time in range(2):
        assert kinds(paste(editor, city, html)) == ["paragraph", "image", "paragraph"]
    assert PortalImage.objects.count() == 1


def test_a_screenshot_is_a_picture_that_needs_words(editor: Client, city: World) -> None:
    answer = paste(editor, city, file=part(png(40, 30), "image.png"))
    assert kinds(answer) == ["image"]
    assert len(answer["look"]) == 1


@pytest.mark.parametrize("data", [b"no picture", png()[:40], b"GIF89a", b""])
def test_a_broken_picture_is_named_and_the_text_comes(
    editor: Client, city: World, data: bytes
) -> None:
    source = base64.b64encode(data).decode()
    answer = paste(editor, city, f'<p>字</p><img alt="坏图" src="data:image/png;base64,{source}">')
    assert kinds(answer) == ["paragraph"]
    assert "坏图" in " ".join(answer["look"])


def test_words_alone_go_in_at_the_cursor(editor: Client, city: World) -> None:
    answer = paste(editor, city, "<span style='color:red'>一句<b>话</b></span>")
    assert [block["text"] for block in answer["content"]["blocks"]] == ["一句话"]


def test_a_script_is_told_and_gone(editor: Client, city: World) -> None:
    answer = paste(editor, city, "<p onclick='x()'>字<script>alert(1)</script></p><h2>题</h2>")
    assert "alert" not in json.dumps(answer["blocks"])
    assert len(answer["look"]) == 1


def test_elsewhere_only_text_comes(editor: Client, city: World) -> None:
    html = (CLIPBOARD / "excel.html").read_text(encoding="utf-8")
    answer = paste(editor, city, html, text_only="1")
    assert answer["blocks"] == []
    assert answer["content"]["blocks"][0]["text"] == "指标　单位　2025年　增速"


def test_too_much_is_refused_in_words(
    editor: Client, city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.pages.importing.views.LARGEST_HTML", 10)
    assert "error" in paste(editor, city, "<p>十个字节以上的话</p>")


def test_a_page_that_is_locked_by_another_takes_nothing(editor: Client, city: World) -> None:
    article = ArticleFactory(parent=city.column)
    article.locked, article.locked_by = True, UserFactory()
    article.save()
    data = {"html": part("<p>字</p>"), "page": article.pk}
    assert editor.post(reverse("pages_paste"), data).status_code in (302, 403)


@pytest.mark.parametrize("number", ["", "0", "999999999", "abc", "9" * 30])
def test_no_page_no_paste(editor: Client, city: World, number: str) -> None:
    data = {"html": part("<p>字</p>"), "page": number}
    assert editor.post(reverse("pages_paste"), data).status_code in (302, 403)


# --- typesetting ----------------------------------------------------------------------------------
def typeset(editor: Client, city: World, blocks: list[Any], **more: Any) -> Any:
    data = nested_form_data({"body": streamfield(blocks)})
    data |= {f"body-{n}-id": f"id{n}" for n in range(len(blocks))}
    return editor.post(reverse("pages_typeset"), data | {"parent": city.column.pk} | more).json()


def test_a_body_is_typeset(editor: Client, city: World) -> None:
    answer = typeset(editor, city, [("paragraph", rich_text("<p>一、总则</p><p>　　好,好.</p>"))])
    assert kinds(answer) == ["heading", "paragraph"]
    assert words(answer["blocks"][1]) == ["好，好。"]
    assert answer["blocks"][1]["id"] == "id0"
    assert len(answer["done"]) == 2


def test_nothing_to_do_is_said(editor: Client, city: World) -> None:
    answer = typeset(editor, city, [("paragraph", rich_text("<p>好，好。</p>"))])
    assert answer == {"blocks": [], "done": []}


def test_one_block_alone(editor: Client, city: World) -> None:
    blocks = [("paragraph", rich_text(f"<p>{text}</p>")) for text in ("甲,乙", "丙,丁")]
    answer = typeset(editor, city, blocks, only="id1")
    assert [words(block) for block in answer["blocks"]] == [["甲,乙"], ["丙，丁"]]


def test_the_house_has_its_own_rules(editor: Client, city: World) -> None:
    SiteHouseStyle.objects.create(site=city.site, punctuation=False, latin_spacing="add")
    answer = typeset(editor, city, [("paragraph", rich_text("<p>好,用5G网络</p>"))])
    assert words(answer["blocks"][0]) == ["好,用 5G 网络"]


@pytest.mark.parametrize("data", [{}, {"body-count": "x"}, {"body-count": "1"}])
def test_what_is_no_form_is_refused_in_words(
    editor: Client, city: World, data: dict[str, str]
) -> None:
    response = editor.post(reverse("pages_typeset"), data | {"parent": city.column.pk})
    assert response.status_code == 400
    assert response.json()["error"]


# --- Word files -----------------------------------------------------------------------------------
def upload(editor: Client, city: World, data: bytes, name: str = "来稿.docx") -> Any:
    url = reverse("pages_word_article", args=[city.column.pk])
    return editor.post(url, {"word": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_a_word_file_becomes_a_draft(editor: Client, city: World, maker: Any) -> None:
    response = upload(editor, city, saved(maker()))
    article = ArticlePage.objects.child_of(city.column).get()
    assert response["location"] == reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert not article.live
    assert article.title
    assert article.source
    assert article.body
    assert article.get_latest_revision() is not None
    article.full_clean()


def test_pictures_of_a_word_file_keep_their_description(editor: Client, city: World) -> None:
    upload(editor, city, saved(docx_samples.pictures()))
    article = ArticlePage.objects.child_of(city.column).get()
    images = [block.value["image"] for block in article.body if block.block_type == "image"]
    assert [image.description for image in images] == ["晨光中的湖滨步道", ""]
    assert {image.collection for image in images} == {city.site.collection}


def test_the_draft_opens_with_the_report(editor: Client, city: World) -> None:
    response = upload(editor, city, saved(docx_samples.tracked_changes()))
    page = editor.get(response["location"]).content.decode()
    assert "三百元" in page


@pytest.mark.parametrize(("name", "bad"), list(bad_files().items()))
def test_a_bad_file_is_refused_at_its_field(
    editor: Client, city: World, name: str, bad: docx_samples.Bad
) -> None:
    response = upload(editor, city, bad.data)
    assert response.status_code == 200
    assert response.context["form"].errors["word"]
    assert not Page.objects.child_of(city.column).exists()


def test_a_file_without_a_title_is_called_by_its_name(editor: Client, city: World) -> None:
    document = docx_samples.Document()
    document.add_paragraph("这是一个没有标题的文件，只有一段完整的话。")
    upload(editor, city, saved(document), "工作简报.docx")
    assert ArticlePage.objects.child_of(city.column).get().title == "工作简报"


def test_a_word_file_into_a_text(editor: Client, city: World) -> None:
    data = {"word": part(saved(docx_samples.simple_table()), "a.docx"), "parent": city.column.pk}
    answer = editor.post(reverse("pages_word_blocks"), data).json()
    assert answer["title"] == "云湖渡船时刻"
    assert kinds(answer) == ["table", "paragraph"]
    bad = {"word": part(b"x", "a.docx"), "parent": city.column.pk}
    refused = editor.post(reverse("pages_word_blocks"), bad)
    assert (refused.status_code, bool(refused.json()["error"])) == (400, True)


def test_the_way_to_a_word_file_is_on_the_column(editor: Client, city: World) -> None:
    page = editor.get(reverse("wagtailadmin_explore", args=[city.column.pk])).content.decode()
    assert reverse("pages_word_article", args=[city.column.pk]) in page


def test_the_picture_of_a_text_without_its_bytes_is_left_out() -> None:
    assert bodies.to_raw((Picture("https://a.example/x.png"),)) == []
