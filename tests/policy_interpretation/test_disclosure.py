"""Disclosure platforms: what is in the catalogue, who keeps it, what the public reads."""

import csv
import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from portal.core.models import Publication
from portal.core.outbox import run_consumers
from portal.plugin_api import DisclosureRequestFigures, disclosure_requests
from portal.policy_interpretation.disclosure_follower import CatalogueFollower
from portal.policy_interpretation.models import (
    AnnualReport,
    CatalogueEntry,
    DisclosureColumn,
    DisclosureConfirmation,
    DisclosurePlatform,
    IssuingBody,
    PolicyTheme,
    StatutoryCategory,
)
from portal.policy_interpretation.selectors.disclosure import (
    ContentState,
    ReportState,
    content_rows,
    keeping_of,
    report_rows,
)
from portal.policy_interpretation.services import catalogue, disclosure
from portal.testing import disable_plugin
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    OrganisationFactory,
    StandardPageFactory,
    UserFactory,
    World,
    member,
    publish,
)

from .factories import make_policy, republish

CODE = "11441700007280420Y"
DAY = datetime.date
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(datetime.datetime(2026, 10, 1, 12, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def platform(world: World) -> DisclosurePlatform:
    found = DisclosurePlatform(
        site=world.site, is_government=True, gives_numbers=True, unified_code=CODE
    )
    found.full_clean()
    found.save()
    return found


def map_column(platform: DisclosurePlatform, column: Any, code: str = "") -> DisclosureColumn:
    category = StatutoryCategory.objects.get(code=code) if code else None
    return DisclosureColumn.objects.create(platform=platform, column=column, category=category)


def rebuild(world: World) -> None:
    catalogue.rebuild(site_pk=world.site.pk)


def follow() -> None:
    run_consumers([CatalogueFollower()])


def soup_of(client: Client, path: str) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200, response
    return BeautifulSoup(response.content, "html.parser")


def page_url(platform: DisclosurePlatform, name: str, *more: str) -> str:
    return reverse(f"policy_interpretation:disclosure_{name}", args=[platform.pk, *more])


# --- the catalogue follows its pages -------------------------------------------------------------
def test_lines_come_from_documents_and_from_disclosure_columns_only(
    world: World, platform: DisclosurePlatform
) -> None:
    policy = make_policy(world.column, title="办法")
    other = ColumnFactory(parent=world.home, title="财政", slug="caizheng")
    in_column: Any = ArticleFactory(parent=other)
    elsewhere: Any = ArticleFactory(parent=world.column)
    make_policy(world.gaoxin_column, title="别站的办法")
    make_policy(world.column, title="不公开", disclosure="none")
    map_column(platform, other)
    rebuild(world)
    assert set(platform.entries.values_list("page", flat=True)) == {policy.pk, in_column.pk}
    assert elsewhere.pk not in set(CatalogueEntry.objects.values_list("page", flat=True))


def test_a_unit_with_a_platform_has_its_own_documents(
    world: World, platform: DisclosurePlatform
) -> None:
    unit = OrganisationFactory(full_name="云湖市交通运输局")
    own = DisclosurePlatform.objects.create(site=world.site, unit=unit)
    page = make_policy(world.column, live=False)
    page.issuing_bodies = [IssuingBody(organisation=unit)]
    republish(page)
    rebuild(world)
    entry = CatalogueEntry.objects.get()
    assert (entry.platform, entry.body) == (own, "云湖市交通运输局")


def test_the_outbox_brings_a_line_up_to_date(world: World, platform: DisclosurePlatform) -> None:
    page = make_policy(world.column, title="旧名", index_number="")
    follow()
    assert CatalogueEntry.objects.get().title == "旧名"
    page.title = "新名"
    republish(page)
    follow()
    entry = CatalogueEntry.objects.get()
    assert (entry.title, entry.index_number) == ("新名", f"{CODE}/2026-00001")


def test_a_number_is_given_once_and_never_again(world: World, platform: DisclosurePlatform) -> None:
    first, second = make_policy(world.column), make_policy(world.column, title="二")
    draft = make_policy(world.column, title="草案", live=False)
    rebuild(world)
    rebuild(world)
    numbers = dict(platform.entries.values_list("page", "index_number"))
    assert numbers == {first.pk: f"{CODE}/2026-00001", second.pk: f"{CODE}/2026-00002"}
    second.unpublish()
    second.save_revision().publish()
    rebuild(world)
    assert CatalogueEntry.objects.get(pk=second.pk).index_number == f"{CODE}/2026-00002"
    second.delete()
    republish(draft)
    rebuild(world)
    assert CatalogueEntry.objects.get(pk=draft.pk).index_number == f"{CODE}/2026-00003"


def test_a_typed_number_holds_and_is_left_out_of_the_series(
    world: World, platform: DisclosurePlatform
) -> None:
    typed = make_policy(world.column, index_number=f"{CODE}/2026-00001")
    given = make_policy(world.column, title="二")
    rebuild(world)
    assert CatalogueEntry.objects.get(pk=typed.pk).is_given is False
    assert CatalogueEntry.objects.get(pk=given.pk).index_number == f"{CODE}/2026-00002"


def test_a_higher_body_s_document_gets_no_number_of_ours(
    world: World, platform: DisclosurePlatform
) -> None:
    make_policy(world.column, level="national", source_url="https://example.org/")
    rebuild(world)
    assert "index_number" in CatalogueEntry.objects.get().missing


def test_what_a_line_lacks_is_named(world: World, platform: DisclosurePlatform) -> None:
    platform.gives_numbers = False
    platform.save()
    make_policy(world.column, summary="")
    rebuild(world)
    assert CatalogueEntry.objects.get().missing == ["index_number", "summary"]


def test_a_pattern_that_is_wrong_is_refused(world: World) -> None:
    platform = DisclosurePlatform(site=world.site, gives_numbers=True, unified_code="12")
    with pytest.raises(ValidationError) as caught:
        platform.full_clean()
    assert list(caught.value.message_dict) == ["unified_code"]


# --- the public pages ----------------------------------------------------------------------------
@pytest.fixture
def shelf(world: World, platform: DisclosurePlatform) -> DisclosurePlatform:
    make_policy(
        world.column, title="公共自行车办法", genre="办法", summary="怎样借车",
        theme=PolicyTheme.objects.get(code="1501"),
    )  # fmt: skip
    make_policy(
        world.column, title="=旧通知", genre="通知", issued_on=DAY(2024, 1, 1),
        document_number="云政发〔2024〕1号", effective_on=None, valid_through=DAY(2025, 1, 1),
    )  # fmt: skip
    rebuild(world)
    return platform


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"公共自行车办法", "=旧通知"}),
        ("q=借车", {"公共自行车办法"}),
        (f"q={CODE}/2024-00001", {"=旧通知"}),
        ("q=〔2024〕1号", {"=旧通知"}),
        ("theme=15", {"公共自行车办法"}),
        ("genre=通知&year=2024", {"=旧通知"}),
        ("body=云湖市人民政府", {"公共自行车办法", "=旧通知"}),
        ("body=无", set()),
        ("genre=x&year=x&theme=x", {"公共自行车办法", "=旧通知"}),
    ],
)
def test_the_catalogue_narrows(
    client: Client, shelf: DisclosurePlatform, query: str, expected: set[str]
) -> None:
    soup = soup_of(client, f"{page_url(shelf, 'catalogue')}?{query}")
    assert {link.get_text() for link in soup.select(".document__title a")} == expected


def test_an_ended_document_says_so(client: Client, shelf: DisclosurePlatform) -> None:
    soup = soup_of(client, page_url(shelf, "catalogue"))
    [mark] = soup.select(".document .mark")
    assert "=旧通知" in mark.parent.get_text()  # type: ignore[union-attr]


def test_downloads_have_what_the_list_has(client: Client, shelf: DisclosurePlatform) -> None:
    def get(kind: str, query: str = "") -> bytes:
        response = client.get(page_url(shelf, "catalogue_file", kind) + query)
        assert response.status_code == 200
        content = response.getvalue()
        assert isinstance(content, bytes)
        return content

    rows = json.loads(get("json"))
    assert [row["title"] for row in rows] == ["=旧通知", "公共自行车办法"]
    assert rows[1]["index_number"] == f"{CODE}/2026-00001"
    assert rows[1]["created_on"] == "2026-05-06"
    assert rows[1]["url"].startswith("http")
    table = list(csv.reader(io.StringIO(get("csv").decode("utf-8-sig"))))
    assert len(table) == 3
    assert table[1][1] == "'=旧通知"  # a spreadsheet must not compute it
    sheet = load_workbook(io.BytesIO(get("xlsx"))).active
    assert [cell.value for cell in sheet["B"]][1:] == ["'=旧通知", "公共自行车办法"]
    assert [row["title"] for row in json.loads(get("json", "?year=2024"))] == ["=旧通知"]
    assert client.get(page_url(shelf, "catalogue_file", "exe")).status_code == 404


def test_nothing_that_is_not_public_is_in_lists_or_files(
    world: World, client: Client, shelf: DisclosurePlatform
) -> None:
    CatalogueEntry.objects.get(title="公共自行车办法").page.specific.unpublish()
    names = ("catalogue", "platform")
    bodies = [client.get(page_url(shelf, name)).content.decode() for name in names]
    bodies.append(client.get(page_url(shelf, "catalogue_file", "json")).getvalue().decode())
    assert all("自行车" not in body and "旧通知" in body for body in bodies)


def test_the_platform_has_the_fixed_parts_in_order(
    client: Client, shelf: DisclosurePlatform
) -> None:
    soup = soup_of(client, page_url(shelf, "platform"))
    links = [link.get_text() for link in soup.select(".disclosure__parts a")][:5]
    assert links == [
        "政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开",
    ]  # fmt: skip
    for name in ("guide", "rules", "content", "reports", "request"):
        part = soup_of(client, page_url(shelf, name))
        assert len(part.select(".disclosure__parts [aria-current=page]")) == 1


def test_off_or_closed_means_no_platform(
    world: World, client: Client, platform: DisclosurePlatform
) -> None:
    assert client.get("/policies/disclosure/").headers["Location"] == page_url(platform, "platform")
    with disable_plugin("policy_interpretation", world.site):
        assert client.get(page_url(platform, "platform")).status_code == 404
    assert (
        client.get("/policies/disclosure/", headers={"host": "gaoxin.yunhu.gov.cn"}).status_code
        == 404
    )


def test_every_page_of_the_site_leads_to_its_platform(
    world: World, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    def links() -> list[Any]:
        return [a["href"] for a in soup_of(client, "/").select(".site-footer a")]

    assert not any("disclosure" in link for link in links())
    with django_capture_on_commit_callbacks(execute=True):
        platform = DisclosurePlatform.objects.create(site=world.site)
    assert page_url(platform, "platform") in links()
    with django_capture_on_commit_callbacks(execute=True):
        platform.delete()
    assert not any("disclosure" in link for link in links())


def test_queries_keep_the_bar(
    shelf: DisclosurePlatform, world: World, queries: Callable[[str], list[str]]
) -> None:
    map_column(shelf, world.column, "rules")
    for name in ("platform", "catalogue", "content", "reports", "request", "rules", "guide"):
        made = queries(page_url(shelf, name))
        assert len(made) <= 12, (name, "\n".join(made))


# --- requests ------------------------------------------------------------------------------------
class Requests:
    def form_url(self, *, site: int, unit: int | None) -> str:
        return "/requests/new/"

    def figures(self, *, site: int, unit: int | None, year: int) -> DisclosureRequestFigures | None:
        return DisclosureRequestFigures(3, 20, 21, 2, [("予以公开", 15)])


def test_the_entrance_says_how_to_ask(client: Client, platform: DisclosurePlatform) -> None:
    DisclosurePlatform.objects.update(phone="0999-1", address="望湖大道1号")
    soup = soup_of(client, page_url(platform, "request"))
    assert not soup.select("main a.button")
    main = soup.select_one(".disclosure__main")
    assert main is not None
    assert "0999-1" in main.get_text()
    assert "望湖大道1号" in main.get_text()


def test_a_provider_adds_the_form(
    client: Client, platform: DisclosurePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure_requests, "provider", lambda site=None: Requests())
    soup = soup_of(client, page_url(platform, "request"))
    assert [a["href"] for a in soup.select("main a.button")] == ["/requests/new/"]


# --- guide and rules -----------------------------------------------------------------------------
def test_the_guide_is_kept_current(
    world: World, client: Client, platform: DisclosurePlatform
) -> None:
    guide = ArticleFactory(parent=world.column, title="指南")
    platform.guide, platform.confirm_months, platform.guide_person = guide, 6, "信息公开科"
    platform.save()
    Publication.objects.filter(page=guide).update(
        since=datetime.datetime(2026, 3, 1, 1, tzinfo=datetime.UTC)
    )
    kept = keeping_of(platform)["guide"]
    assert (kept.due_on, kept.is_overdue) == (DAY(2026, 9, 1), True)
    admin = UserFactory(is_superuser=True)
    disclosure.confirm(platform=platform, part="guide", by=admin, note="无变化")
    kept = keeping_of(platform)["guide"]
    assert (kept.due_on, kept.is_overdue) == (DAY(2027, 4, 1), False)
    assert [change.what for change in kept.changes] == ["confirmed", "published"]
    text = soup_of(client, page_url(platform, "guide")).get_text()
    assert "2026-10-01" in text
    assert "信息公开科" in text
    assert "无变化" in text


def test_what_is_not_public_cannot_be_confirmed(platform: DisclosurePlatform) -> None:
    admin = UserFactory(is_superuser=True)
    for part in ("guide", "rules", "content", ""):
        with pytest.raises(ValidationError):
            disclosure.confirm(platform=platform, part=part, by=admin)
    assert keeping_of(platform)["guide"].is_overdue


# --- statutory content ---------------------------------------------------------------------------
def test_the_statutory_list_says_what_is_missing_or_old(
    world: World, client: Client, platform: DisclosurePlatform
) -> None:
    fresh = ColumnFactory(parent=world.home, title="预决算", slug="yujuesuan")
    empty = ColumnFactory(parent=world.home, title="采购", slug="caigou")
    old = ColumnFactory(parent=world.home, title="统计", slug="tongji")
    moment = datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)
    ArticleFactory(parent=fresh, date=moment)
    ArticleFactory(parent=old, date=moment - datetime.timedelta(days=90))  # allowed: 3 months
    units = ColumnFactory(parent=world.home, title="机构", slug="jigou")
    StandardPageFactory(parent=units, last_published_at=moment)  # no entry, yet content
    places = [(fresh, "budgets"), (empty, "procurement"), (old, "statistics"), (units, "bodies")]
    for column, code in places:
        map_column(platform, column, code)
    make_policy(world.column, genre="办法")
    DisclosureColumn.objects.create(
        platform=platform, genre="办法", category=StatutoryCategory.objects.get(code="rules")
    )
    rebuild(world)
    found = {row.category.code: row for row in content_rows(platform)}
    assert {code: found[code].state for code in ("budgets", "procurement", "statistics", "rules", "fees", "bodies")} == {
        "budgets": ContentState.CURRENT,
        "procurement": ContentState.EMPTY,
        "statistics": ContentState.OUTDATED,
        "rules": ContentState.CURRENT,
        "fees": ContentState.UNMAPPED,
        "bodies": ContentState.CURRENT,
    }  # fmt: skip
    soup = soup_of(client, page_url(platform, "content"))
    links = {a.get_text(): a["href"] for a in soup.select(".disclosure-category__places a")}
    assert set(links) == {"预决算", "采购", "统计", "办法", "机构"}
    assert links["办法"] == f"{page_url(platform, 'catalogue')}?genre=办法"


# --- annual reports ------------------------------------------------------------------------------
def test_reports_have_their_due_dates(world: World, platform: DisclosurePlatform) -> None:
    assert platform.due_on(2025) == DAY(2026, 3, 31)
    platform.is_government = False
    assert platform.due_on(2025) == DAY(2026, 1, 31)
    platform.first_report_year = 2023
    late: Any = ArticleFactory(parent=world.column)
    in_time: Any = ArticleFactory(parent=world.column)
    for page, year, day in ((late, 2023, 10), (in_time, 2024, 20)):
        AnnualReport.objects.create(platform=platform, year=year, page=page)
        page.first_published_at = datetime.datetime(
            year + 1, 2 if page is late else 1, day, tzinfo=datetime.UTC
        )
        page.save()
    states = [(row.year, row.state) for row in report_rows(platform)]
    assert states == [
        (2025, ReportState.OVERDUE), (2024, ReportState.PUBLIC), (2023, ReportState.LATE),
    ]  # fmt: skip
    early = report_rows(platform, DAY(2026, 1, 31))[0]
    assert early.state == ReportState.DUE


def test_a_draft_has_the_figures_of_the_records(
    world: World, platform: DisclosurePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure_requests, "provider", lambda site=None: Requests())
    make_policy(world.column, issued_on=DAY(2025, 2, 1), effective_on=None, genre="办法")
    make_policy(world.column, issued_on=DAY(2020, 2, 1), effective_on=None, genre="办法",
                valid_through=DAY(2025, 6, 30))  # fmt: skip
    make_policy(world.column, issued_on=DAY(2020, 2, 1), effective_on=None, genre="办法",
                valid_through=DAY(2025, 12, 31))  # fmt: skip
    make_policy(world.column, issued_on=DAY(2026, 2, 1), effective_on=None, genre="办法")
    make_policy(world.column, issued_on=DAY(2025, 2, 1), level="provincial", genre="办法",
                source_url="https://example.org/")  # fmt: skip
    rebuild(world)
    platform.reports = world.column
    platform.save()
    admin = UserFactory(is_superuser=True)
    page = disclosure.begin_report(platform=platform, year=2025, by=admin)
    assert (page.live, page.title) == (False, "云湖市人民政府2025年政府信息公开工作年度报告")
    tables = [block.value["table"] for block in page.specific.body if block.block_type == "table"]
    rows = [[str(cell) for cell in row["values"]] for row in tables[0].row_data]
    # Made: the first. Ended: the second. In force at the year's end: the first and the third.
    assert rows == [["办法", "1", "1", "2"]]
    asked = [[str(cell) for cell in row["values"]] for row in tables[1].row_data]
    assert asked[:2] == [["上年结转", "3"], ["本年新收", "20"]]
    assert asked[-1] == ["予以公开", "15"]
    assert report_rows(platform)[0].state == ReportState.OVERDUE  # a draft is no report
    again = disclosure.begin_report(platform=platform, year=2025, by=admin)
    assert again.pk == page.pk
    publish(page.specific)
    assert report_rows(platform)[0].state == ReportState.LATE
    with pytest.raises(ValidationError):
        disclosure.begin_report(platform=platform, year=2026, by=admin)


# --- who may -------------------------------------------------------------------------------------
def test_editors_see_and_only_administrators_confirm(provisioned_world: World) -> None:
    world = provisioned_world
    guide = ArticleFactory(parent=world.column)
    platform = DisclosurePlatform.objects.create(site=world.site, guide=guide)
    editor, stranger = member("editor", world.site), member("site_admin", world.gaoxin)
    url = reverse("policy_disclosure", args=[platform.pk])
    for user, status in ((editor, 200), (stranger, 302)):
        client = Client()
        client.force_login(user)
        assert client.get(url).status_code == status
        client.post(url, {"action": "confirm", "part": "guide"})
        with pytest.raises(PermissionDenied):
            disclosure.confirm(platform=platform, part="guide", by=user)
    assert not DisclosureConfirmation.objects.exists()
    admin = Client()
    admin.force_login(member("site_admin", world.site))
    admin.post(url, {"action": "confirm", "part": "guide", "note": "已核对"})
    assert DisclosureConfirmation.objects.get().note == "已核对"
    assert "policies" not in admin.get(reverse("policy_disclosure_list")).headers.get(
        "Location", ""
    )


def test_a_report_is_begun_only_where_one_may_write(provisioned_world: World) -> None:
    world = provisioned_world
    platform = DisclosurePlatform.objects.create(site=world.site, reports=world.column)
    with pytest.raises(PermissionDenied):
        disclosure.begin_report(platform=platform, year=2025, by=member("editor", world.gaoxin))
    assert disclosure.begin_report(platform=platform, year=2025, by=member("editor", world.site)).pk


def test_a_platform_takes_pages_of_its_own_site_only(provisioned_world: World) -> None:
    world = provisioned_world
    client = Client()
    client.force_login(member("site_admin", world.site))
    add = reverse("policy_disclosure_platforms:add")
    assert client.get(add).status_code == 200
    data = {
        "site": world.site.pk, "confirm_months": 12, "number_pattern": "{code}/{year}-{serial}",
        "rules": world.gaoxin_column.pk,
        "annual_reports-TOTAL_FORMS": 0, "annual_reports-INITIAL_FORMS": 0,
        "columns-TOTAL_FORMS": 1, "columns-INITIAL_FORMS": 0,
        "columns-0-column": world.gaoxin_column.pk, "columns-0-ORDER": 1,
    }  # fmt: skip
    assert client.post(add, data).status_code == 200
    assert client.post(add, data | {"rules": ""}).status_code == 200
    assert not DisclosurePlatform.objects.exists()
    data |= {"rules": world.column.pk, "columns-0-column": world.column.pk}
    assert client.post(add, data | {"site": world.gaoxin.pk}).status_code == 200
    assert client.post(add, data).status_code == 302
    platform = DisclosurePlatform.objects.get()
    assert [row.column_id for row in platform.columns.all()] == [world.column.pk]
    other = Client()
    other.force_login(member("site_admin", world.gaoxin))
    edit = reverse("policy_disclosure_platforms:edit", args=[platform.pk])
    assert other.get(edit).status_code == 302
    assert other.get(reverse("policy_statutory_categories:index")).status_code == 302
