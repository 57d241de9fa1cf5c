"""The editors' report: numbers, tables, files; for whom; and how many queries it takes."""

import datetime
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook
from wagtail.models import Page

from portal.core.roles import PLATFORM_ROLES, SITE_ROLES, Action, Scope
from portal.visits.admin.plots import bars, steps
from portal.visits.admin.report import change_text
from portal.visits.admin.tables import homes_of
from portal.visits.models import Address, AddressDay, DayFigure
from portal.visits.panels import VisitsThisWeek
from portal.visits.selectors import figures
from portal.visits.selectors.figures import Period
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, member
from tests.languages import speaks_english

pytestmark = pytest.mark.django_db
ROLES = [*SITE_ROLES, *PLATFORM_ROLES]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(speaks_english(user), backend="portal.core.staff.backend.StaffBackend")
    return client


def day(back: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=back)


def read(
    site: int, path: str, views: int, *, back: int = 1, page: Page | None = None, **more: Any
) -> AddressDay:
    """What an address was read on a day, with the figures of the day that go with it."""
    address, _made = Address.objects.get_or_create(
        host="testserver", path=path, defaults={"is_file": more.get("is_file", False)}
    )
    row = AddressDay.objects.create(
        day=day(back), address=address, site=site, page=page, language="zh-hans", form="zh-hans",
        views=views, entries=views // 2, **more,
    )  # fmt: skip
    parts = (
        [("files", "")]
        if row.is_file
        else [
            ("hour", "10"), ("device", "phone"), ("source", "search:www.baidu.com"),
            ("language", "zh-hans"), ("column", str(row.column or "")),
        ]
    )  # fmt: skip
    for subject, key in parts:
        found, _new = DayFigure.objects.get_or_create(
            day=row.day, site=site, subject=subject, key=key
        )
        found.views += views
        found.entries += views // 2
        found.save()
    return row


def period(*sites: int, days: int = 30) -> Period:
    return Period(day(days - 1), day(0), sites or None)


# --- numbers --------------------------------------------------------------------------------------
def test_numbers_are_compared_with_the_period_before(world: World) -> None:
    site = world.site.pk
    read(site, "/yaowen/", 10, page=world.column, column=world.column.pk)
    read(site, "/yaowen/", 4, back=31, page=world.column, column=world.column.pk)
    read(site, "/documents/3/a.pdf", 7, is_file=True)
    now, before = figures.totals(period(site)), figures.totals(period(site).before)
    assert (now.views, now.entries, now.files) == (10, 5, 7)
    assert (before.views, before.entries, before.files) == (4, 2, 0)
    (row,) = figures.top_pages(period(site))
    assert (row.label, row.views, row.before, row.page) == (
        world.column.title, 10, 4, world.column.pk
    )  # fmt: skip
    (column,) = figures.columns(period(site))
    assert (column.label, column.views, column.before) == (world.column.title, 10, 4)
    (file,) = figures.top_files(period(site))
    assert (file.address, file.views, file.before) == ("testserver/documents/3/a.pdf", 7, 0)
    assert figures.totals(period(world.hubin.pk)) == figures.Totals()


@pytest.mark.parametrize(
    ("value", "before", "said"),
    [(12, 10, "+20%"), (5, 10, "-50%"), (3, 0, "none before"), (0, 0, "")],
)
def test_a_change_is_told_in_percent(value: int, before: int, said: str) -> None:
    assert change_text(value, before) == said


def test_a_page_with_many_addresses_is_one_row_and_programs_stand_by_their_address(
    world: World,
) -> None:
    site = world.site.pk
    read(site, "/yaowen/", 3, page=world.column)
    read(site, "/yaowen/page/2/", 2, page=world.column)
    read(site, "/search/", 4)
    rows = figures.top_pages(period(site))
    assert [(row.label, row.address, row.views) for row in rows] == [
        (world.column.title, "", 5), ("", "testserver/search/", 4),
    ]  # fmt: skip


def test_a_deleted_page_is_told_by_its_last_address(world: World) -> None:
    article = ArticleFactory(parent=world.column, slug="weg")
    read(world.site.pk, "/yaowen/weg/", 3, page=article)
    Page.objects.get(pk=article.pk).delete()
    (row,) = figures.top_pages(period())
    assert (row.label, row.address, row.page) == ("", "testserver/yaowen/weg/", None)
    client = signed_in(UserFactory(superuser=True))
    assert (
        "A page that was deleted (testserver/yaowen/weg/)"
        in client.get(reverse("visits_report")).content.decode()
    )


def test_what_nobody_read_was_public_all_the_time(world: World) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=90)
    unread = ArticleFactory(parent=world.column, title="没人看", published_at=long_ago)
    seen = ArticleFactory(parent=world.column, title="有人看", published_at=long_ago)
    ArticleFactory(parent=world.column, title="刚发布")
    ArticleFactory(parent=world.column, title="草稿", draft=True)
    elsewhere = ArticleFactory(parent=world.hubin_column, title="湖滨", published_at=long_ago)
    read(world.site.pk, "/x/", 1, page=seen)

    def titles(*sites: int) -> set[str]:
        return {row.label for row in figures.unread(period(*sites), homes_of(period(*sites)))}

    assert titles(world.hubin.pk) == {elsewhere.title}
    assert titles() == {unread.title, elsewhere.title}


# --- plots ----------------------------------------------------------------------------------------
def test_every_day_has_its_bar_and_a_long_period_its_weeks() -> None:
    first = datetime.date(2026, 3, 1)
    days = {first: (10, 4), first + datetime.timedelta(days=9): (5, 5)}
    rows = steps(days, first, first + datetime.timedelta(days=9))
    assert [(row.label, row.views) for row in rows if row.views] == [("03-01", 10), ("03-10", 5)]
    plot = bars(rows)
    assert [(bar.look, bar.tip.rpartition(" ")[2]) for bar in plot.bars] == [
        ("entries", "4"), ("further", "6"), ("entries", "5"),
    ]  # fmt: skip
    assert plot.bars[0].height + plot.bars[1].height == pytest.approx(plot.bars[2].height * 2, 0.01)
    weeks = steps(days, first, first + datetime.timedelta(days=200))
    assert (len(weeks), weeks[0].views, weeks[1].views) == (29, 10, 5)
    assert bars([]).bars == []


# --- the screen -----------------------------------------------------------------------------------
def test_the_report_shows_plots_tables_and_links(provisioned_world: World) -> None:
    world = provisioned_world
    read(world.site.pk, "/yaowen/", 1234, page=world.column, column=world.column.pk)
    client = signed_in(member("editor", world.site))
    text = client.get(reverse("visits_report")).content.decode()
    assert text.count('<svg class="visits-plot__picture"') == 2
    assert "1,234" in text
    assert reverse("visits_page", args=[world.column.pk]) in text
    assert "Search engine · www.baidu.com" in text
    assert "<style" not in text[text.index("visits-form") :]
    assert ' style="' not in text[text.index("visits-form") :]
    page = client.get(reverse("visits_page", args=[world.column.pk])).content.decode()
    assert "testserver/yaowen/" in page
    assert '<svg class="visits-plot__picture"' in page


def test_where_nothing_was_read_the_report_says_so(provisioned_world: World) -> None:
    client = signed_in(member("editor", provisioned_world.site))
    text = client.get(reverse("visits_report") + "?days=7").content.decode()
    assert "Nothing was read in this period" in text
    assert "visits-plot__picture" not in text
    page = client.get(reverse("visits_page", args=[provisioned_world.column.pk]))
    assert "Nobody read this page" in page.content.decode()


@pytest.mark.parametrize("query", ["days=abc", "days=-1", "days=99999", "site=", "site=x"])
def test_odd_questions_are_answered_with_the_usual(provisioned_world: World, query: str) -> None:
    client = signed_in(member("editor", provisioned_world.site))
    response = client.get(f"{reverse('visits_report')}?{query}")
    assert response.status_code == 200
    assert response.context["days"] == 30


def test_tables_leave_as_files(provisioned_world: World) -> None:
    world = provisioned_world
    read(world.site.pk, "/=cmd/", 3)
    read(world.hubin.pk, "/hubin/", 5, page=world.hubin_home)
    client = signed_in(member("editor", world.site))
    response = client.get(reverse("visits_file", args=["pages", "csv"]))
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines == [
        "Page,Page views,Website visits,Period before,Address",
        "testserver/=cmd/,3,1,0,testserver/=cmd/",
    ]
    assert response["Content-Disposition"].startswith("attachment")
    for key in ("columns", "languages", "sources", "devices", "files", "unread"):
        response = client.get(reverse("visits_file", args=[key, "xlsx"]))
        assert response.status_code == 200
        sheet = load_workbook(io.BytesIO(response.content)).active
        assert sheet.max_row >= 1
    assert client.get(reverse("visits_file", args=["pages", "exe"])).status_code == 404
    assert client.get(reverse("visits_file", args=["people", "csv"])).status_code == 404


def test_numbers_of_the_demo_are_called_invented(provisioned_world: World) -> None:
    read(provisioned_world.site.pk, "/yaowen/", 3)
    client = signed_in(member("editor", provisioned_world.site))
    assert "invented" not in client.get(reverse("visits_report")).content.decode()
    DayFigure.objects.update(is_invented=True)
    assert "invented" in client.get(reverse("visits_report")).content.decode()


# --- for whom -------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.key)
def test_figures_are_for_those_who_work_on_the_site(provisioned_world: World, role: Any) -> None:
    world = provisioned_world
    read(world.site.pk, "/yaowen/", 41, page=world.column)
    read(world.hubin.pk, "/hubin/", 71, page=world.hubin_home)
    is_of_site = role.scope is Scope.SITE
    client = signed_in(member(role.key, world.site) if is_of_site else member(role.key))
    allowed = Action.PAGE_CHANGE in role.actions
    other = allowed and not is_of_site
    report, hubin = reverse("visits_report"), world.hubin.pk
    asked = [
        (report, allowed),
        (f"{report}?site={world.site.pk}", allowed),
        (f"{report}?site={hubin}", other),
        (reverse("visits_file", args=["pages", "csv"]), allowed),
        (reverse("visits_file", args=["pages", "csv"]) + f"?site={hubin}", other),
        (reverse("visits_page", args=[world.column.pk]), allowed),
        (reverse("visits_page", args=[world.hubin_home.pk]), other),
    ]
    for url, expected in asked:
        assert (client.get(url).status_code == 200) == expected, url
    if allowed and is_of_site:
        text = client.get(reverse("visits_file", args=["pages", "csv"])).content.decode()
        assert "41" in text
        assert "71" not in text
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (f'"{report}"' in menu) == allowed


def test_a_stranger_is_sent_to_sign_in(world: World) -> None:
    for url in (reverse("visits_report"), reverse("visits_page", args=[world.home.pk])):
        assert Client().get(url).status_code == 302


def test_the_editor_of_a_page_leads_to_its_visits(provisioned_world: World) -> None:
    world = provisioned_world
    article = ArticleFactory(parent=world.column)
    never = {"first_published_at": None, "last_published_at": None}
    draft = ArticleFactory(parent=world.column, draft=True, **never)
    client = signed_in(member("editor", world.site))

    def leads(page: Page) -> bool:
        text = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        return reverse("visits_page", args=[page.pk]) in text

    assert leads(article)
    assert not leads(draft)


# --- the first page -------------------------------------------------------------------------------
def test_the_panel_of_the_week_is_about_the_own_sites(provisioned_world: World, rf: Any) -> None:
    world = provisioned_world

    def panel(user: Any) -> Any:
        request = rf.get("/admin/")
        request.user = user
        return VisitsThisWeek().panel(request)

    assert panel(member("editor", world.site)) is None
    read(world.site.pk, "/yaowen/", 8, page=world.column)
    read(world.site.pk, "/yaowen/", 4, back=8, page=world.column)
    found = panel(member("editor", world.site))
    assert (found.context["views"], found.context["change"]) == (8, "+100%")
    assert [row.label for row in found.context["rows"]] == [world.column.title]
    assert panel(member("editor", world.hubin)) is None
    assert panel(member("security_admin")) is None


# --- queries --------------------------------------------------------------------------------------
def _queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_report_takes_the_same_queries_whatever_it_counts(provisioned_world: World) -> None:
    world = provisioned_world
    client = signed_in(member("editor", world.site))
    read(world.site.pk, "/yaowen/", 1, page=world.column, column=world.column.pk)
    read(world.site.pk, "/search/", 1)
    read(world.site.pk, "/documents/1/a.pdf", 1, is_file=True)
    few = _queries(client, reverse("visits_report"))
    for number in range(9):
        article = ArticleFactory(parent=world.column)
        for back in (1, 2, 40):
            column = ColumnFactory(parent=world.home).pk
            read(world.site.pk, f"/yaowen/{number}/", 2, page=article, back=back, column=column)
            read(world.site.pk, f"/program/{number}/", 2, back=back)
            read(world.site.pk, f"/documents/2/{number}.pdf", 2, back=back, is_file=True)
    assert _queries(client, reverse("visits_report")) == few
    assert few < 60
