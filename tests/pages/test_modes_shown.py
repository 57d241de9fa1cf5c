"""What visitors see of a site's modes, and when."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core import structure
from portal.core.models import EmergencyBanner, EmergencyText, GreyPeriod
from tests.factories import ArticleFactory, World, open_language
from tests.factories.worlds import SUB_SITE_HOST

pytestmark = pytest.mark.django_db
TITLE = "台风“海葵”今晚登陆"
HOUR = datetime.timedelta(hours=1)


def body(client: Client, path: str, host: str = "testserver", status: int = 200) -> str:
    response = client.get(path, headers={"host": host})
    assert response.status_code == status
    return response.content.decode()


def make(**fields: Any) -> EmergencyBanner:
    return EmergencyBanner.objects.create(title=TITLE, **fields)


@pytest.fixture
def article(world: World) -> None:
    ArticleFactory(parent=world.column, slug="a")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200), ("/yaowen/", 200), ("/yaowen/a/", 200), ("/yaowen/a/?print=1", 200),
        ("/hubin/", 200), ("/sitemap/", 200), ("/preferences/", 200), ("/nothing/", 404),
    ],
)  # fmt: skip
def test_on_every_page_at_once(
    path: str, status: int, world: World, client: Client, article: None
) -> None:
    assert TITLE not in body(client, path, status=status)
    made = make(level="red", text="请留在室内。", phone="119")
    html = body(client, path, status=status)
    assert TITLE in html
    assert "请留在室内。" in html
    assert 'href="tel:119"' in html
    made.delete()
    assert TITLE not in body(client, path, status=status)


def test_only_where_it_belongs(world: World, client: Client) -> None:
    make(site=world.hubin)
    assert TITLE in body(client, "/hubin/")
    assert TITLE in body(client, "/hubin/dongtai/")
    assert TITLE not in body(client, "/")
    assert TITLE not in body(client, "/", host=SUB_SITE_HOST)


def test_the_clock_alone_switches_it(world: World, client: Client, monkeypatch: Any) -> None:
    """Nobody saves anything, and the pages come from memory."""
    now = timezone.now()
    make(starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    shown = []
    for later in (0, 1, 2):
        moment = now + later * HOUR
        monkeypatch.setattr("portal.core.modes.timezone.now", lambda moment=moment: moment)
        shown.append(TITLE in body(client, "/yaowen/"))
    assert shown == [False, True, False]


def test_it_costs_no_query(world: World, client: Client, article: None) -> None:
    def queries() -> int:
        body(client, "/yaowen/a/")
        with CaptureQueriesContext(connection) as captured:
            body(client, "/yaowen/a/")
        return len(captured)

    before = queries()
    made = make(page_id=world.column.pk)
    EmergencyText.objects.create(banner=made, language="en", title="Typhoon")
    GreyPeriod.objects.create()
    assert queries() == before


def test_the_level_is_a_word(world: World, client: Client) -> None:
    make(level="yellow")
    html = body(client, "/")
    assert "alert-banner--yellow" in html
    assert 'class="alert-banner__level">' in html


def test_a_red_warning_has_no_button_to_put_it_away(world: World, client: Client) -> None:
    made = make(level="red")
    assert "data-dismiss" not in body(client, "/")
    made.level = "orange"
    made.save()
    html = body(client, "/")
    assert f'data-dismiss="{made.pk}-{made.version}"' in html
    assert "dismissed.js" in html


def test_in_the_language_of_the_page_or_in_chinese_and_said_so(
    world: World, client: Client
) -> None:
    open_language(world.site)
    made = make(site=world.site)
    html = body(client, "/en/")
    assert "This notice is in Chinese only." in html
    assert f'lang="zh-hans" dir="ltr">{TITLE}' in html
    EmergencyText.objects.create(banner=made, language="en", title="Typhoon tonight")
    html = body(client, "/en/")
    assert "Typhoon tonight" in html
    assert TITLE not in html
    assert "in Chinese only" not in html


def test_what_editors_type_is_text(world: World, client: Client) -> None:
    EmergencyBanner.objects.create(title="<img src=x>", text="<script>1</script>\n\n二")
    html = body(client, "/")
    assert "<img src=x>" not in html
    assert "<script>1" not in html
    assert "&lt;script&gt;" in html


def test_the_link_leads_to_the_page_where_it_is(world: World, client: Client) -> None:
    make(page_id=world.gaoxin_column.pk)
    assert f"http://{SUB_SITE_HOST}/dongtai/" in body(client, "/")
    assert 'href="/dongtai/"' in body(client, "/", host=SUB_SITE_HOST)


def test_the_last_resort_knows_it_too(world: World, client: Client) -> None:
    """500.html is rendered without a site or a database; memory is enough."""
    make(phone="119")
    make(site=world.hubin)
    body(client, "/")
    with CaptureQueriesContext(connection) as captured:
        html = engines["django"].get_template("500.html").render()
    assert html.count(TITLE) == 1, "only what holds everywhere: the site is not known"
    assert "tel:119" in html
    assert len(captured) == 0
    structure.forget()
    assert TITLE not in engines["django"].get_template("500.html").render()


# --- mourning -----------------------------------------------------------------------------------
def test_grey(world: World, client: Client, article: None) -> None:
    assert "is-mourning" not in body(client, "/yaowen/a/")
    GreyPeriod.objects.create(site=world.site)
    for path in ("/", "/yaowen/", "/yaowen/a/", "/yaowen/a/?print=1"):
        assert 'class="is-mourning"' in body(client, path), path
    assert "is-mourning" not in body(client, "/hubin/")


def test_grey_for_the_home_page_only(world: World, client: Client) -> None:
    GreyPeriod.objects.create(home_only=True)
    assert "is-mourning" in body(client, "/")
    assert "is-mourning" in body(client, "/hubin/")
    assert "is-mourning" not in body(client, "/yaowen/")
    assert "is-mourning" not in body(client, "/sitemap/")
