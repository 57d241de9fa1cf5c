"""What is public has rows, and nothing else has; a change of no text is no change."""

import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from docx import Document as WordDocument
from wagtail.models import Page, PageViewRestriction

from portal.core.models import SiteRecord, Standing
from portal.search.indexing import consumer
from portal.search.models import Document, Stale
from tests.factories import (
    ArticleFactory,
    DocumentFactory,
    LeaderFactory,
    OrganisationFactory,
    OrganisationPageFactory,
    World,
    publish,
    text,
)
from tests.policy_interpretation.factories import clause, make_policy, republish

from .conftest import rows, tell


def seqs() -> dict[str, int]:
    return dict(Document.objects.values_list("key", "seq"))


@pytest.fixture
def article(world: World) -> Any:
    page = ArticleFactory(
        parent=world.column,
        title="居住证办理指南",
        slug="juzhuzheng",
        summary="怎样办。",
        body=text("到派出所办理。"),
    )
    tell()
    return page


def test_an_article_and_all_that_stands_above_it(world: World, article: Any) -> None:
    row = rows()[f"page:{article.pk}"]
    assert (row.kind, row.language, row.title) == ("article", "zh-hans", "居住证办理指南")
    assert row.url == "/yaowen/juzhuzheng/"
    assert "到派出所办理。" in row.body
    assert "居住证" not in row.body
    assert row.summary == "怎样办。"
    assert (row.site, row.page, row.columns) == (world.site.pk, article.pk, [world.column.pk])
    assert row.agencies == [world.column.owner_unit_id]
    assert row.date == article.first_published_at
    assert row.standing == Standing.IN_FORCE
    kinds = {row.kind for row in rows().values()}
    assert kinds == {"article", "column", "site"}


def test_what_stays_the_same_gets_no_new_number(world: World, article: Any) -> None:
    before = seqs()
    publish(article)
    tell()
    assert seqs() == before
    publish(article, title="居住证怎样办")
    tell()
    changed = {key for key, seq in seqs().items() if before.get(key) != seq}
    assert changed == {f"page:{article.pk}"}
    assert seqs()[f"page:{article.pk}"] > max(before.values())


def test_withdrawn_and_deleted_pages_leave_a_mark_without_their_texts(article: Any) -> None:
    before = seqs()[f"page:{article.pk}"]
    article.unpublish()
    tell()
    row = Document.objects.get(key=f"page:{article.pk}")
    assert row.is_removed
    assert row.seq > before
    assert (row.body, row.summary, row.extra) == ("", "", {})
    publish(article)
    tell()
    assert f"page:{article.pk}" in rows()
    article.delete()
    tell()
    assert f"page:{article.pk}" not in rows()


def test_drafts_are_not_there(world: World) -> None:
    draft = ArticleFactory(parent=world.column, draft=True)
    tell()
    assert not Document.objects.filter(key=f"page:{draft.pk}").exists()


def test_a_site_with_an_address_of_its_own(world: World) -> None:
    page = ArticleFactory(parent=world.gaoxin_column, slug="a")
    tell()
    assert rows()[f"page:{page.pk}"].url == "http://gaoxin.yunhu.gov.cn/dongtai/a/"


@pytest.mark.parametrize("at_once", [0, 500])
def test_a_moved_column_takes_everything_along(
    world: World, article: Any, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "AT_ONCE", at_once)
    world.column.move(world.hubin_home, pos="last-child")
    tell()
    row = rows()[f"page:{article.pk}"]
    assert (row.site, row.url) == (world.hubin.pk, "/hubin/yaowen/juzhuzheng/")
    assert row.columns == [world.hubin_home.pk, world.column.pk]
    assert not Stale.objects.exists()


def test_a_withdrawn_column_takes_everything_with_it_and_brings_it_back(
    world: World, article: Any
) -> None:
    world.column.unpublish()
    tell()
    assert f"page:{article.pk}" not in rows()
    publish(Page.objects.get(pk=world.column.pk).specific)
    tell()
    assert f"page:{article.pk}" in rows()


def test_what_becomes_private_is_gone_with_all_below(world: World, article: Any) -> None:
    restriction = PageViewRestriction.objects.create(
        page=world.column, restriction_type=PageViewRestriction.LOGIN
    )
    tell()
    assert {f"page:{article.pk}", f"page:{world.column.pk}"}.isdisjoint(rows())
    restriction.delete()
    tell()
    assert {f"page:{article.pk}", f"page:{world.column.pk}"} <= set(rows())


def test_a_closed_site_is_gone_and_comes_back(world: World) -> None:
    page = ArticleFactory(parent=world.hubin_column)
    tell()
    assert f"page:{page.pk}" in rows()
    world.hubin.state = SiteRecord.State.CLOSED
    world.hubin.save()
    tell()
    assert f"page:{page.pk}" not in rows()
    world.hubin.state = SiteRecord.State.RUNNING
    world.hubin.save()
    tell()
    assert f"page:{page.pk}" in rows()


def test_pages_of_a_site_that_is_not_registered_any_more_belong_to_the_one_above(
    world: World,
) -> None:
    page = ArticleFactory(parent=world.hubin_column)
    tell()
    assert rows()[f"page:{page.pk}"].site == world.hubin.pk
    world.hubin.delete()
    tell()
    assert rows()[f"page:{page.pk}"].site == world.site.pk


def test_what_is_shown_by_reference_is_one_entry_found_there_too(
    world: World, article: Any
) -> None:
    alias = article.create_alias(parent=world.hubin_column)
    tell()
    assert f"page:{alias.pk}" not in rows()
    row = rows()[f"page:{article.pk}"]
    assert (row.site, row.more_sites) == (world.site.pk, [world.hubin.pk])
    assert row.columns == [world.column.pk, world.hubin_home.pk, world.hubin_column.pk]
    assert row.url == "/yaowen/juzhuzheng/"
    alias.delete()
    tell()
    assert rows()[f"page:{article.pk}"].more_sites == []


def test_the_end_of_a_page_is_in_the_query_not_in_an_event(article: Any) -> None:
    end = timezone.now() + datetime.timedelta(days=3)
    publish(article, expire_at=end)
    tell()
    assert rows()[f"page:{article.pk}"].public_until == end


def test_what_names_a_unit_follows_its_register_entry(world: World) -> None:
    unit = OrganisationFactory(full_name="云湖市数据局", short_name="数据局", phone="0999-1")
    page = OrganisationPageFactory(parent=world.column, title="市数据局", organisation=unit)
    leader = LeaderFactory(parent=world.column, name="王二", organisation=unit)
    tell()
    row = rows()[f"page:{page.pk}"]
    assert row.kind == "organisation"
    assert row.aliases[:2] == ["云湖市数据局", "数据局"]
    assert row.extra["phone"] == "0999-1"
    assert rows()[f"page:{leader.pk}"].aliases == ["王二"]
    unit.phone = "0999-2"
    unit.save()
    tell()
    assert rows()[f"page:{page.pk}"].extra["phone"] == "0999-2"


class TestClauses:
    def test_each_is_found_by_itself_and_goes_with_its_document(self, world: World) -> None:
        policy = make_policy(
            world.column,
            title="云湖市居住证管理办法",
            body=[
                clause("第一条", "为了规范居住证管理，制定本办法。"),
                clause("第二条", "居住满半年的，可以申领居住证。"),
            ],
        )
        tell()
        found = rows(parent=f"page:{policy.pk}")
        assert {row.title for row in found.values()} == {
            "云湖市居住证管理办法 第一条",
            "云湖市居住证管理办法 第二条",
        }
        assert {row.whole for row in found.values()} == {f"clause:{policy.pk}"}
        whole = rows()[f"page:{policy.pk}"]
        assert all(row.url.startswith(f"{whole.url}#c-") for row in found.values())
        before = seqs()
        republish(policy)
        tell()
        assert seqs() == before
        policy.body = policy.body.raw_data[:1]
        republish(policy)
        tell()
        assert len(rows(parent=f"page:{policy.pk}")) == 1
        policy.unpublish()
        tell()
        assert not rows(parent=f"page:{policy.pk}")


class TestFiles:
    @pytest.fixture
    def file(self, django_capture_on_commit_callbacks: Any) -> Any:
        word = WordDocument()
        word.add_paragraph("申领居住证需要的材料")
        data = BytesIO()
        word.save(data)
        return DocumentFactory(
            title="居住证申请表", file=ContentFile(data.getvalue(), name="shenqingbiao.docx")
        )

    @staticmethod
    def with_file(file: Any) -> Any:
        return [*text("见附件。"), ("paragraph", f'<a linktype="document" id="{file.pk}">表</a>')]

    def test_found_by_name_and_text_while_a_public_page_shows_it(
        self, world: World, file: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        draft = ArticleFactory(parent=world.column, draft=True, body=self.with_file(file))
        tell()
        assert f"file:{file.pk}" not in rows()
        with django_capture_on_commit_callbacks(execute=True):
            draft = publish(draft)
            tell()
        row = rows()[f"file:{file.pk}"]
        assert "申领居住证需要的材料" in row.body
        assert (row.kind, row.parent, row.page) == ("file", f"page:{draft.pk}", draft.pk)
        assert row.aliases == ["shenqingbiao"]
        other = ArticleFactory(parent=world.hubin_column, body=self.with_file(file))
        draft.unpublish()
        tell()
        assert rows()[f"file:{file.pk}"].parent == f"page:{other.pk}"
        publish(other, body=text("没有附件了。"))
        tell()
        assert f"file:{file.pk}" not in rows()

    def test_a_file_that_cannot_be_read_is_found_by_its_name(
        self, world: World, django_capture_on_commit_callbacks: Any
    ) -> None:
        broken = DocumentFactory(title="坏文件")
        with django_capture_on_commit_callbacks(execute=True):
            ArticleFactory(parent=world.column, body=self.with_file(broken))
            tell()
        row = rows()[f"file:{broken.pk}"]
        assert (row.title, row.body) == ("坏文件", "")
