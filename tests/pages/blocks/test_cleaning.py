"""What editors are told by the blocks, and what a page makes of them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.blocks import StructBlockValidationError

from portal.core import gate
from portal.core.models import EmbedHost
from portal.pages.blocks import BodyBlock
from tests.factories import (
    ArticleFactory,
    DocumentFactory,
    ImageFactory,
    MediaFactory,
    StandardPageFactory,
    World,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
BODY = BodyBlock()
HEADING = ("heading", {"text": "办理流程", "level": "2"})


def clean(name: str, **changes: Any) -> Any:
    block = BODY.child_blocks[name]
    value = block.get_preview_value()
    for key, item in changes.items():
        value[key] = block.child_blocks[key].normalize(item)
    return block.clean(value)


def errors_of(name: str, **changes: Any) -> dict[str, str]:
    with pytest.raises(StructBlockValidationError) as caught:
        clean(name, **changes)
    found = caught.value.block_errors
    return {key: str(getattr(error, "messages", error)) for key, error in found.items()}


# --- tables and charts ----------------------------------------------------------------------------
def test_what_is_pasted_fills_the_table() -> None:
    value = clean("table", sheet="月份\t人数\n1月\t82\n2月\t71")
    assert value["sheet"] == ""
    assert [column["heading"] for column in value["table"].columns] == ["月份", "人数"]
    assert [row["values"] for row in value["table"].row_data] == [["1月", "82"], ["2月", "71"]]


def test_a_mistake_names_the_row_and_changes_nothing() -> None:
    block = BODY.child_blocks["table"]
    value = block.get_preview_value()
    before = value["table"].row_data
    value["sheet"] = "月份\t人数\n1月\t82\n2月"
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(value)
    assert "Row 3" in str(caught.value.block_errors["sheet"])
    assert value["sheet"].startswith("月份")
    assert value["table"].row_data is before


def test_all_mistakes_are_told_at_once() -> None:
    assert set(errors_of("table", caption="", sheet="甲\t乙\n1")) == {"caption", "sheet"}


def test_an_empty_table_is_refused() -> None:
    assert "table" in errors_of("table", table={"columns": [], "rows": [], "caption": ""})


@pytest.mark.parametrize(
    ("kind", "sheet", "words"),
    [
        ("column", "月份,人数\n1月,约八十", "Row 2, “人数”: “约八十” is not a number"),
        ("column", "月份\n1月", "needs two columns"),
        ("line", "月份,人数\n1月,—", "no figure"),
        ("share", "月份,甲,乙\n1月,1,2", "shows 1 columns"),
        ("share", "月份,甲\n1月,-1\n2月,2", "cannot be negative"),
        ("bar", "月份,甲\n" + "".join(f"{n},1\n" for n in range(41)), "shows 40 rows"),
    ],
)
def test_a_chart_says_what_it_cannot_show(kind: str, sheet: str, words: str) -> None:
    assert words in errors_of("chart", kind=kind, sheet=sheet)["sheet"]


def test_visitors_take_the_tables_home(world: World, client: Client) -> None:
    chart = BODY.child_blocks["chart"].get_preview_value()
    table = BODY.child_blocks["table"].get_preview_value()
    page = StandardPageFactory(parent=world.home, body=[("chart", chart), ("table", table)])
    html = client.get(f"/{page.slug}/").content.decode()
    addresses = [part.split('"')[0] for part in html.split('href="?csv=')[1:]]
    assert len(addresses) == 2
    one, two = (client.get(f"/{page.slug}/?csv={key}") for key in addresses)
    assert one["Content-Type"] == "text/csv; charset=utf-8"
    assert "%E8%BD%AE%E6%B8%A1" in one["Content-Disposition"], "named as the chart: 轮渡…"
    assert one.content.decode() == (
        "\ufeff月份,2025年,2026年\r\n6月,96,118\r\n7月,104,139\r\n8月,112,151\r\n"
    )
    assert two.content.decode().startswith("\ufeff指标,数值,同比\r\n")
    assert client.get(f"/{page.slug}/?csv=nothing").status_code == 404
    assert client.get(f"/{page.slug}/?csv=").status_code == 404


# --- maps -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "number",
    [
        "浙S(2026)12号",
        "GS(2023)1234号",
        "审图号：GS京（2024）0650号",
        "浙杭S（2025）3号",
        "京S(2026)027号",
    ],
)
def test_approval_numbers_as_they_are_printed(number: str) -> None:
    assert clean("map", image=ImageFactory(), approval_number=number)


@pytest.mark.parametrize("number", ["", "无", "12345", "正在申请", "浙S2026-12"])
def test_no_map_without_its_number(number: str) -> None:
    assert "approval_number" in errors_of("map", image=ImageFactory(), approval_number=number)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"across": "10", "down": None}, "down"),
        ({"coordinates": "somewhere"}, "coordinates"),
        ({"coordinates": "91, 120"}, "coordinates"),
        ({"address": ""}, "address"),
        ({"across": "120", "down": "1"}, "across"),
    ],
)
def test_a_place_says_what_is_missing(changes: dict[str, Any], field: str) -> None:
    place = BODY.child_blocks["map"].child_blocks["places"].child_block
    value = place.normalize({"name": "市民中心", "address": "云水路1号"} | changes)
    with pytest.raises(StructBlockValidationError) as caught:
        place.clean(value)
    assert set(caught.value.block_errors) == {field}


# --- other websites -------------------------------------------------------------------------------
@pytest.fixture
def host() -> EmbedHost:
    made: EmbedHost = EmbedHost.objects.create(
        name="视频网",
        address_pattern="https://video.example.cn/v/{id}",
        frame_pattern="https://player.example.cn/embed/{id}?quiet=1",
    )
    return made


def test_without_a_list_nothing_is_embedded() -> None:
    assert "No website is allowed yet" in errors_of("embed")["url"]


def test_only_what_is_on_the_list(host: EmbedHost) -> None:
    assert clean("embed", url="https://video.example.cn/v/a1-B_2?from=share")
    assert "Allowed: 视频网" in errors_of("embed", url="https://elsewhere.example/v/1")["url"]


@pytest.mark.parametrize(
    "address",
    [
        "https://video.example.cn.evil.example/v/1", "http://video.example.cn/v/1",
        "https://video.example.cn/v/1/../../x", "https://video.example.cn/v/", "javascript:alert(1)",
        "https://video.example.cn/v/1%22onload", "https://x@video.example.cn/v/1",
    ],
)  # fmt: skip
def test_addresses_that_only_look_like_it(host: EmbedHost, address: str) -> None:
    assert host.frame_url(address) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "http://a.example/{id}", "https://a.example/", "https://{id}.example/", "https://a/{id}",
        "https://a.example/{id}/{id}", "https://*.example.cn/{id}", "https://a.example/{id};x",
        "https://a.example/{id} 'unsafe-inline'",
    ],
)  # fmt: skip
def test_patterns_that_would_open_the_policy(pattern: str) -> None:
    with pytest.raises(ValidationError):
        EmbedHost(name="a", address_pattern=pattern, frame_pattern=pattern).full_clean()


def embedded(world: World, url: str = "https://video.example.cn/v/a1") -> str:
    value = {"url": url, "title": "四季", "shape": "wide"}
    page = StandardPageFactory(parent=world.home, slug="film", body=[("embed", value)])
    return f"/{page.slug}/"


def test_the_page_and_no_other_may_show_the_frame(
    world: World, client: Client, host: EmbedHost
) -> None:
    response = client.get(embedded(world))
    html = response.content.decode()
    assert 'data-embed="https://player.example.cn/embed/a1?quiet=1"' in html
    assert "<iframe" not in html
    assert 'href="https://video.example.cn/v/a1"' in html, "the way without scripts"
    policy = response["Content-Security-Policy"]
    assert "frame-src 'self' https://player.example.cn" in policy
    assert "script-src 'self';" in policy
    assert "player.example.cn" not in client.get("/")["Content-Security-Policy"]


def test_a_website_that_is_no_longer_allowed_becomes_a_link(
    world: World, client: Client, host: EmbedHost
) -> None:
    path = embedded(world)
    host.is_allowed = False
    host.save()
    response = client.get(path)
    assert "data-embed" not in response.content.decode()
    assert "https://video.example.cn/v/a1" in response.content.decode()
    assert "frame-src" not in response["Content-Security-Policy"]


# --- links and files ------------------------------------------------------------------------------
def test_links_leave_out_what_is_not_public(world: World, client: Client) -> None:
    shown, draft = (ArticleFactory(parent=world.column) for _ in range(2))
    items = [{"page": page, "url": "", "title": "", "summary": ""} for page in (shown, draft)]
    page = StandardPageFactory(
        parent=world.home, slug="more", body=[("links", {"title": "", "items": items})]
    )
    draft.unpublish()
    html = client.get(f"/{page.slug}/").content.decode()
    assert f'href="{shown.get_url()}"' in html or f"/yaowen/{shown.slug}/" in html
    assert draft.title not in html


def test_a_file_names_the_page_that_says_the_same(world: World, client: Client) -> None:
    article = ArticleFactory(parent=world.column, slug="the-same")
    document = DocumentFactory(web_version=article)
    body = [("attachments", {"title": "", "documents": [document]})]
    page = StandardPageFactory(parent=world.home, slug="files", body=body)
    assert "/yaowen/the-same/" in client.get(f"/{page.slug}/").content.decode()
    article.unpublish()
    assert "/yaowen/the-same/" not in client.get(f"/{page.slug}/").content.decode()


# --- what may be public ---------------------------------------------------------------------------
def messages_of(page: Any) -> str:
    return "\n".join(problem.message for problem in gate.problems_of(page))


def test_pictures_without_description_are_not_published(world: World) -> None:
    bare = ImageFactory(description="", title="未描述")
    page = ArticleFactory(
        parent=world.column, draft=True, body=[("image", {"image": bare, "caption": ""})]
    )
    assert "“未描述” has no description" in messages_of(page)
    with pytest.raises(gate.PublishRefused):
        page.save_revision().publish()
    bare.is_decorative = True
    bare.save()
    page = type(page).objects.get(pk=page.pk)
    assert "未描述" not in messages_of(page)


def test_covers_count_too(world: World) -> None:
    page = ArticleFactory(parent=world.column, draft=True, cover=ImageFactory(description=""))
    problems = gate.problems_of(page)
    assert [problem.field for problem in problems] == ["cover"]


def test_videos_without_captions_are_not_published(world: World) -> None:
    video = MediaFactory(captions="", title="无字幕")
    page = ArticleFactory(
        parent=world.column, draft=True, body=[("video", {"video": video, "caption": ""})]
    )
    assert "“无字幕” has no captions" in messages_of(page)


def test_a_recording_is_no_video() -> None:
    with pytest.raises(StructBlockValidationError):
        clean("video", video=MediaFactory(recording=True))


# --- drafts ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", sorted(set(BODY.child_blocks) - {"component"}))
def test_a_draft_may_hold_a_block_with_nothing_in_it(name: str) -> None:
    block = BODY.child_blocks[name]
    block.clean_deferred(block.get_default())


def test_a_mistake_in_what_was_pasted_is_told_in_drafts_too() -> None:
    block = BODY.child_blocks["chart"]
    value = block.get_preview_value()
    value["sheet"] = "月份,人数\n1月,约八十"
    with pytest.raises(StructBlockValidationError):
        block.clean_deferred(value)


HALF_FILLED = [
    ("chart", {"sheet": "月份,人数"}),
    ("chart", {"sheet": "月份,人数\n1月"}),
    ("chart", {"sheet": "月份\n1月"}),
    ("table", {"sheet": "月份,人数"}),
    ("table", {"sheet": "月份,人数\n1月,82\n2月"}),
    ("map", {"approval_number": "浙S("}),
    ("map", {"places": [{"name": "市民中心", "coordinates": "30.2741,", "across": 30}]}),
    ("embed", {"url": "https://video.example.cn/"}),
    ("video", {"video": None, "caption": "轮渡"}),
]


@pytest.mark.parametrize(("name", "typed"), HALF_FILLED)
def test_what_is_half_typed_is_previewed_but_not_published(
    world: World, name: str, typed: dict[str, Any]
) -> None:
    block = BODY.child_blocks[name]
    value = block.normalize({**block.get_default(), **typed})
    assert block.clean_deferred(value).get("sheet", "") == typed.get("sheet", "")
    page = ArticleFactory(parent=world.column, draft=True, body=[(name, value), HEADING])
    assert "办理流程" in page.make_preview_request().content.decode()
    with pytest.raises(StructBlockValidationError):
        block.clean(value)


def test_the_preview_says_what_the_rows_lack(world: World) -> None:
    value = BODY.child_blocks["chart"].normalize({"title": "客运量", "sheet": "月份,人数"})
    page = ArticleFactory(parent=world.column, draft=True, body=[("chart", value)])
    assert "只有表头，没有内容" in page.make_preview_request().content.decode()
    page.save_revision().publish()
    response = Client().get(page.url)
    assert "只有表头，没有内容" not in response.content.decode()


def test_a_short_row_between_others_is_a_mistake() -> None:
    block = BODY.child_blocks["table"]
    value = block.normalize({"caption": "客运量", "sheet": "月份,人数\n1月\n2月,71"})
    with pytest.raises(StructBlockValidationError):
        block.clean_deferred(value)
