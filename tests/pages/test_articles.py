"""Articles and other pages one reads: what stands around the text, print, neighbours, pictures."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from portal.core.models import EditableMessage
from portal.pages.models.articles import plain_beginning
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    DocumentFactory,
    ExternalLinkFactory,
    ImageFactory,
    LeaderFactory,
    OrganisationFactory,
    OrganisationPageFactory,
    StandardPageFactory,
    World,
    publish,
    text,
)

pytestmark = pytest.mark.django_db


def day(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 3, number, 9, 0, tzinfo=datetime.UTC)


def html(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


# --- around the text ------------------------------------------------------------------------------
def test_what_an_article_shows(world: World, client: Client) -> None:
    ArticleFactory(
        parent=world.column, slug="a", title="开放日", subtitle="欢迎", source="市政府办公室",
        author="王敏", date=day(2), body=text("第一段。", "第二段。"),
    )  # fmt: skip
    page = html(client, "/yaowen/a/")
    for words in ("开放日", "欢迎", "市政府办公室", "王敏", "2026-03-02 17:00", "<p>第二段。</p>"):
        assert words in page
    assert "<title>开放日 - 云湖市人民政府</title>" in page


def test_breadcrumb_from_the_main_portal_down(world: World, portal_of: Callable[..., Any]) -> None:
    article = ArticleFactory(parent=world.hubin_column, title="通知")
    crumbs = portal_of("/", page=article).breadcrumb
    assert [(crumb.title, crumb.url) for crumb in crumbs[1:]] == [
        ("湖滨区人民政府", "/hubin/"),
        ("湖滨动态", "/hubin/dongtai/"),
        ("通知", ""),
    ]
    assert crumbs[0].url == "/"


def test_breadcrumb_of_a_column_and_of_a_host_of_its_own(
    world: World, portal_of: Callable[..., Any]
) -> None:
    assert [c.url for c in portal_of("/", page=world.column).breadcrumb] == ["/", ""]
    article = ArticleFactory(parent=world.gaoxin_column)
    crumbs = portal_of("/", "gaoxin.yunhu.gov.cn", page=article).breadcrumb
    assert [crumb.url for crumb in crumbs] == ["http://testserver/", "/", "/dongtai/", ""]


def test_breadcrumb_leaves_out_what_is_not_public(
    world: World, portal_of: Callable[..., Any]
) -> None:
    inner = ColumnFactory(parent=world.column)
    world.column.unpublish()
    crumbs = portal_of("/", page=ArticleFactory(parent=inner)).breadcrumb
    assert "云湖要闻" not in [crumb.title for crumb in crumbs]


def test_previous_and_next_of_the_column(world: World, client: Client) -> None:
    for number in (1, 2, 3):
        ArticleFactory(parent=world.column, slug=f"a{number}", date=day(number))
    context = client.get("/yaowen/a2/").context
    assert (context["previous"].url, context["next"].url) == ("/yaowen/a3/", "/yaowen/a1/")
    context = client.get("/yaowen/a3/").context
    assert (context["previous"], context["next"].url) == (None, "/yaowen/a2/")


def test_share(world: World, client: Client) -> None:
    article = ArticleFactory(parent=world.column, slug="a")
    page = html(client, "/yaowen/a/")
    assert f'src="/qr/{article.pk}.svg"' in page
    assert 'value="http://testserver/yaowen/a/"' in page


def test_the_footer_names_what_must_be_named(world: World, client: Client) -> None:
    world.site.police_number = "云公网安备 33990002000001号"
    world.site.operator = "云湖市数据局"
    world.site.contact_phone = "0571-1234567"
    world.site.error_report_url = "https://zfwzgl.example.gov.cn/find"
    world.site.save()
    page = html(client, "/")
    footer = page[page.index("<footer") :]
    for words in (
        "云湖市人民政府办公室", "云湖市数据局", "0571-1234567", "3399000001", "云ICP备00000001号",
        "云公网安备 33990002000001号", "https://zfwzgl.example.gov.cn/find", "/sitemap/",
    ):  # fmt: skip
        assert words in footer, words


def test_each_site_has_its_own_theme_and_footer(world: World, client: Client) -> None:
    world.hubin.theme = world.hubin.Theme.PINE
    world.hubin.icp_number = "湖ICP备1号"
    world.hubin.save()
    page = html(client, "/hubin/")
    assert 'data-theme="pine"' in page
    assert "湖ICP备1号" in page
    assert "云ICP备00000001号" not in page
    assert 'data-theme="lake"' in html(client, "/")


# --- print ----------------------------------------------------------------------------------------
def test_print_view(world: World, client: Client) -> None:
    ArticleFactory(parent=world.column, slug="a", title="开放日", body=text("正文在此。"))
    response = client.get("/yaowen/a/?print=1")
    page = response.content.decode()
    assert "正文在此。" in page
    assert "http://testserver/yaowen/a/" in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'class="menu' not in page
    assert '<footer class="site-footer' not in page
    assert 'href="?print=1"' in html(client, "/yaowen/a/")


def test_every_detail_page_prints(world: World, client: Client) -> None:
    StandardPageFactory(parent=world.home, slug="about", body=text("关于我们。"))
    LeaderFactory(parent=world.column, slug="leader", duties="主持工作。")
    OrganisationPageFactory(parent=world.column, slug="unit")
    assert "关于我们。" in html(client, "/about/?print=1")
    assert "主持工作。" in html(client, "/yaowen/leader/?print=1")
    assert "管理档案。" in html(client, "/yaowen/unit/?print=1")


# --- the text -------------------------------------------------------------------------------------
def test_images_cost_one_query_for_all(
    world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    images = [("image", {"image": ImageFactory(), "caption": str(n)}) for n in range(4)]
    ArticleFactory(parent=world.column, slug="a", body=[*images, *text("正文。")])
    page = html(client, "/yaowen/a/")  # makes the renditions
    assert page.count("<figure") == 4
    assert 'alt="晨雾中的云湖"' in page
    with django_assert_max_num_queries(10):
        html(client, "/yaowen/a/")


def test_attachments(world: World, client: Client) -> None:
    document = DocumentFactory(title="申请表")
    body = [("attachments", {"title": "附件", "documents": [document]}), *text("正文。")]
    ArticleFactory(parent=world.column, slug="a", body=body)
    page = html(client, "/yaowen/a/")
    assert document.url in page
    assert "DOCX" in page
    assert client.get(document.url).status_code == 200


def test_what_editors_paste_is_escaped(world: World, client: Client) -> None:
    body = [
        ("heading", {"text": "<script>alert(1)</script>", "level": "2"}),
        ("quote", {"text": "<img src=x onerror=alert(1)>", "source": "<b>"}),
        ("aligned_text", {"text": "<i>云湖市</i>\n2026年", "position": "right"}),
    ]
    ArticleFactory(parent=world.column, slug="a", body=body)
    page = html(client, "/yaowen/a/")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<i>云湖市" not in page


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>短。</p>", "短。"),
        ("<p>一。</p><p>二。</p>", "一。 二。"),
        ("<p>" + "甲" * 100 + "。" + "乙" * 100 + "</p>", "甲" * 100 + "。"),
        ("<p>" + "甲" * 200 + "</p>", "甲" * 120 + "…"),
        ("<p>好。" + "甲" * 200 + "</p>", "好。" + "甲" * 118 + "…"),
        ("", ""),
    ],
)
def test_the_beginning_of_a_text(source: str, expected: str) -> None:
    assert plain_beginning(source) == expected


def test_a_list_shows_the_beginning_where_no_summary_is_written(world: World) -> None:
    page = ArticleFactory(parent=world.column, body=text("开头一句。"))
    assert page.listing_values()["summary"] == "开头一句。"
    assert ArticleFactory(parent=world.column, summary="摘要").summary_text == "摘要"


# --- leaving --------------------------------------------------------------------------------------
class TestExternalLink:
    @pytest.fixture(autouse=True)
    def link(self, world: World) -> None:
        ExternalLinkFactory(parent=world.hubin_home, slug="province", target_name="省政府")

    def test_a_notice_stands_before_it(self, client: Client) -> None:
        response = client.get("/hubin/province/")
        page = response.content.decode()
        assert response.status_code == 200  # and no redirect
        assert "省政府" in page
        assert 'href="https://www.elsewhere.example/start"' in page
        assert response.context["back_url"] == "/hubin/"
        assert response.context["leave_notice"] in page

    def test_the_wording_is_the_site_s(self, world: World, client: Client) -> None:
        EditableMessage.objects.create(key="leave_notice", site=world.hubin, text="即将离开湖滨")
        assert "即将离开湖滨" in html(client, "/hubin/province/")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_an_address_that_is_none(world: World, address: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        ExternalLinkFactory(parent=world.home, target_url=address)


# --- units ----------------------------------------------------------------------------------------
def test_a_leader_with_speeches(world: World, client: Client) -> None:
    leader = LeaderFactory(parent=world.column, slug="leader")
    speech = ArticleFactory(parent=world.column, title="讲话", slug="speech")
    secret = ArticleFactory(parent=ColumnFactory(parent=world.home, slug="x"), title="内部讲话")
    for page in (speech, secret):
        leader.speeches.create(speech=page)
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    publish(leader)
    response = client.get("/yaowen/leader/")
    assert [row.title for row in response.context["speeches"]] == ["讲话"]
    assert "内部讲话" not in response.content.decode()


def test_an_organisation_shows_the_register(world: World, client: Client) -> None:
    unit = OrganisationFactory(full_name="云湖市档案局", address="湖滨路1号", phone="0571-7654321")
    unit.persons.create(role="局长", name="赵一", phone="0571-1111111")
    unit.save()
    OrganisationPageFactory(parent=world.column, slug="unit", organisation=unit)
    page = html(client, "/yaowen/unit/")
    for words in ("云湖市档案局", "湖滨路1号", "0571-7654321", "局长", "管理档案。"):
        assert words in page
    unit.phone = "0571-2222222"
    unit.save()
    assert "0571-2222222" in html(client, "/yaowen/unit/")
