"""The screens: what they show, what they refuse, and to whom."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.reposting.models import (
    Channel,
    Delivery,
    DeliveryState,
    ItemState,
    RepostOrder,
    RepostWatch,
    Submission,
    UpstreamItem,
    UpstreamSource,
)
from portal.reposting.services import orders, submitting
from tests.factories import ArticleFactory, World, member

from .factories import make_channel, make_source, one_item
from .servers import Elsewhere, item, rss

pytestmark = pytest.mark.django_db
ROLES = (
    "site_admin", "editor", "first_checker", "reviewer", "releaser", "secrecy_reviewer",
    "information_officer", "translator", "partner", "auditor", "letters_clerk",
)  # fmt: skip
LISTS = (
    "reposting_queue", "reposting_watches", "reposting_speed", "reposting_orders",
    "reposting_submissions", "reposting_deliveries",
)  # fmt: skip
WORKERS = {"site_admin", "editor"}
READERS = WORKERS | {"secrecy_reviewer", "auditor"}


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_role(role: str, site: Any) -> Client:
    return as_user(member(role, site))


@pytest.fixture
def office(provisioned_world: World) -> Client:
    return as_role("site_admin", provisioned_world.site)


def is_open(client: Client, name: str, *args: Any) -> bool:
    response = client.get(reverse(name, args=args))
    assert response.status_code in (200, 302, 403), name
    return response.status_code == 200


# --- who may --------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ROLES)
def test_who_may_open_which_screen(provisioned_world: World, other: Elsewhere, role: str) -> None:
    world = provisioned_world
    row = one_item(world, other)
    page = ArticleFactory(parent=world.column)
    watch = RepostWatch.objects.create(
        site=world.site, page_id=page.pk, source_url="https://p.example/1", public_at=timezone.now()
    )
    channel = make_channel(world)
    delivery = Delivery.objects.create(
        channel=channel, site=world.site, key="k", event="test", title="x", content={},
        made_at=timezone.now(), next_try_at=timezone.now(),
    )  # fmt: skip
    sub = submitting.prepare(page=page, kind="news", target="省", by=member("editor", world.site))
    order = orders.hand_on(
        site_pk=world.site.pk, targets={world.site.pk}, by=member("site_admin", world.site),
        title="x", ordered_by="x", ordered_at=timezone.now(),
    )  # fmt: skip
    screens = {
        "reposting_queue": ((), WORKERS), "reposting_watches": ((), WORKERS),
        "reposting_submissions": ((), WORKERS), "reposting_orders": ((), WORKERS),
        "reposting_new_submission": ((), WORKERS), "reposting_new_order": ((), {"site_admin"}),
        "reposting_item": ((row.pk,), WORKERS), "reposting_watch": ((watch.pk,), WORKERS),
        "reposting_submission": ((sub.pk,), WORKERS), "reposting_order": ((order.pk,), WORKERS),
        "reposting_submission_json": ((sub.pk,), WORKERS),
        "reposting_submission_html": ((sub.pk,), WORKERS),
        "reposting_speed": ((), READERS), "reposting_deliveries": ((), READERS),
        "reposting_delivery": ((delivery.pk,), READERS),
        "reposting_sources:index": ((), {"site_admin"}),
        "reposting_channels:index": ((), {"site_admin"}),
        "reposting_groups:index": ((), {"site_admin"}),
        "reposting_groups:add": ((), {"site_admin"}),
    }  # fmt: skip
    here, elsewhere = as_role(role, world.site), as_role(role, world.gaoxin)
    for name, (args, allowed) in screens.items():
        assert is_open(here, name, *args) is (role in allowed), name
        if args:
            assert not is_open(elsewhere, name, *args), name


def test_what_is_posted_for_another_site_changes_nothing(
    provisioned_world: World, other: Elsewhere
) -> None:
    world = provisioned_world
    row, channel = one_item(world, other), make_channel(world)
    asked = len(other.asked)
    stranger = as_role("site_admin", world.hubin)
    for name, pk, data in (
        ("reposting_item", row.pk, {"action": "take"}),
        ("reposting_item", row.pk, {"action": "set_aside", "reason": "x"}),
        ("reposting_item", row.pk, {"action": "draft", "column": world.column.pk}),
        ("reposting_ask_source", row.source_id, {}),
        ("reposting_test_channel", channel.pk, {}),
        ("reposting_sources:edit", row.source_id, {"name": "x"}),
        ("reposting_channels:delete", channel.pk, {}),
    ):
        response = stranger.post(reverse(name, args=[pk]), data)
        assert response.status_code in (302, 403), name
    stranger.post(reverse("reposting_queue"), {"action": "set_aside", "row": row.pk, "reason": "x"})
    row.refresh_from_db()
    assert row.state == ItemState.NEW
    assert len(other.asked) == asked
    assert Channel.objects.filter(pk=channel.pk).exists()
    assert UpstreamSource.objects.get(pk=row.source_id).name != "x"


def test_readers_change_nothing(provisioned_world: World) -> None:
    world = provisioned_world
    channel = make_channel(world)
    delivery = Delivery.objects.create(
        channel=channel, site=world.site, key="k", event="test", title="x", content={},
        state=DeliveryState.GIVEN_UP, made_at=timezone.now(), next_try_at=timezone.now(),
    )  # fmt: skip
    for role in ("auditor", "editor"):
        response = as_role(role, world.site).post(
            reverse("reposting_delivery", args=[delivery.pk]), {"action": "again"}
        )
        assert response.status_code in (302, 403)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.GIVEN_UP


def test_an_editor_of_a_site_sees_only_the_own_part_of_an_order(provisioned_world: World) -> None:
    world = provisioned_world
    order = orders.hand_on(
        site_pk=world.site.pk, targets={world.hubin.pk, world.gaoxin.pk},
        by=member("site_admin", world.site), title="x", ordered_by="x", ordered_at=timezone.now(),
    )  # fmt: skip
    url = reverse("reposting_order", args=[order.pk])
    seen = as_role("editor", world.hubin).get(url).context["parts"]
    assert [part.site_id for part in seen] == [world.hubin.pk]
    assert len(as_role("site_admin", world.site).get(url).context["parts"]) == 2


# --- the queue ------------------------------------------------------------------------------------
def test_the_way_through_the_screens(
    provisioned_world: World, other: Elsewhere, office: Client
) -> None:
    world = provisioned_world
    row = one_item(world, other)
    assert row.title in office.get(reverse("reposting_queue")).content.decode()
    url = reverse("reposting_item", args=[row.pk])
    assert office.get(url).context["column"] == world.column.pk
    refused = office.post(url, {"action": "set_aside", "reason": " "})
    assert refused.status_code == 422
    assert office.post(url, {"action": "take"}).status_code == 302
    answer = office.post(url, {"action": "draft", "column": world.column.pk})
    row.refresh_from_db()
    assert answer.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[row.page_id])
    page = office.get(url).content.decode()
    watch = RepostWatch.objects.get(page=row.page_id)
    assert reverse("reposting_watch", args=[watch.pk]) in page
    beside = office.get(reverse("reposting_watch", args=[watch.pk]))
    assert beside.context["found"].is_same
    assert (
        office.post(reverse("reposting_watch", args=[watch.pk]), {"action": "check"}).status_code
        == 302
    )


def test_several_are_set_aside_at_once(
    provisioned_world: World, other: Elsewhere, office: Client
) -> None:
    source = make_source(provisioned_world, other)
    other.says("/feed", rss(*(item(f"第{n}号", guid=str(n)) for n in range(4))))
    office.post(reverse("reposting_ask_source", args=[source.pk]))
    rows = list(UpstreamItem.objects.order_by("pk"))
    url = reverse("reposting_queue")
    chosen = [row.pk for row in rows[:3]]
    refused = office.post(url, {"action": "set_aside", "row": chosen, "reason": ""})
    assert refused.status_code == 422
    assert refused.context["chosen"] == chosen
    assert office.post(url, {"action": "set_aside", "row": [], "reason": "x"}).status_code == 422
    office.post(url, {"action": "set_aside", "row": [*chosen, "x", "9" * 40], "reason": "活动信息"})
    assert UpstreamItem.objects.filter(state=ItemState.SET_ASIDE).count() == 3


@pytest.mark.parametrize("query", ["", "state=late", "state=all&q=第", "source=1", "source=x", "state=zzz&p=99",
                                   "since=2026-02-31&until=x", "since=2030-01-01&until=2020-01-01", "p=-1"])  # fmt: skip
def test_filters_take_anything(provisioned_world: World, office: Client, query: str) -> None:
    for name in LISTS:
        assert office.get(f"{reverse(name)}?{query}").status_code == 200


def test_lists_stay_flat(provisioned_world: World, other: Elsewhere, office: Client) -> None:
    source = make_source(provisioned_world, other)
    counts = []
    for number in (3, 60):
        other.says("/feed", rss(*(item(f"第{n}号", guid=str(n)) for n in range(number))))
        office.post(reverse("reposting_ask_source", args=[source.pk]))
        office.get(reverse("reposting_queue"))
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse("reposting_queue"))
            office.get(reverse("reposting_speed"))
        counts.append(len(queries))
    assert counts[1] - counts[0] <= 2, counts


def test_the_report_as_a_file(provisioned_world: World, other: Elsewhere, office: Client) -> None:
    row = one_item(provisioned_world, other)
    UpstreamSource.objects.filter(pk=row.source_id).update(name="=cmd")
    answer = office.get(f"{reverse('reposting_speed')}?export=csv")
    text = answer.content.decode("utf-8-sig")
    assert "'=cmd" in text
    assert len(text.splitlines()) == 2


# --- settings -------------------------------------------------------------------------------------
def test_a_source_is_kept_with_checked_values(provisioned_world: World, office: Client) -> None:
    world = provisioned_world
    url = reverse("reposting_sources:add")
    told = {"name": "省", "site": world.site.pk, "level": "province", "every_minutes": "15",
            "feed_url": "https://p.example/feed", "column": world.column.pk, "is_active": "on"}  # fmt: skip
    for name, value in (("feed_url", "file:///etc/passwd"), ("every_minutes", "1"), ("level", "x"),
                        ("column", world.hubin_column.pk), ("site", world.hubin.pk)):  # fmt: skip
        answer = office.post(url, told | {name: value})
        assert answer.status_code == 200, name
    assert UpstreamSource.objects.count() == 0
    assert office.post(url, told).status_code == 302
    assert UpstreamSource.objects.get().site == world.site


def test_a_channel_is_switched_on_only_when_it_can_send(
    provisioned_world: World, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = provisioned_world
    url = reverse("reposting_channels:add")
    told = {"name": "融媒体", "site": world.site.pk, "kind": "reposting.webhook", "pushes": "on",
            "address": "https://push.example/x", "secret_name": "PORTAL_PUSH_X", "is_active": "on"}  # fmt: skip
    assert office.post(url, told).status_code == 200  # there is no such variable
    assert (
        office.post(url, told | {"secret_name": "PORTAL_SECRET_KEY", "is_active": ""}).status_code
        == 200
    )
    assert office.post(url, told | {"kind": "reposting.weibo"}).status_code == 200
    assert Channel.objects.count() == 0
    monkeypatch.setenv("PORTAL_PUSH_X", "top-secret-key")
    assert office.post(url, told | {"columns": [world.hubin_column.pk]}).status_code == 200
    assert office.post(url, told | {"columns": [world.column.pk]}).status_code == 302
    row = Channel.objects.get()
    shown = office.get(reverse("reposting_channels:edit", args=[row.pk])).content.decode()
    assert "top-secret-key" not in shown
    assert reverse("reposting_test_channel", args=[row.pk]) in shown


def test_a_channel_is_tested_from_its_screen(
    provisioned_world: World, other: Elsewhere, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_PUSH_TEST", "k")
    other.says("/hook", b"", 200)
    row = make_channel(provisioned_world, other, is_active=False)
    assert office.post(reverse("reposting_test_channel", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.test_is_well


# --- orders and submissions -----------------------------------------------------------------------
def test_an_order_from_the_form(provisioned_world: World, office: Client) -> None:
    world = provisioned_world
    url = reverse("reposting_new_order")
    told = {"site": world.site.pk, "title": "转载通知", "ordered_by": "省政府办公厅",
            "ordered_at": "2026-01-01 08:00", "sites": [world.site.pk, world.hubin.pk]}  # fmt: skip
    assert office.get(url).status_code == 200
    assert office.post(url, told | {"ordered_at": "2999-01-01 08:00"}).status_code == 422
    assert office.post(url, told | {"sites": []}).status_code == 422
    assert office.post(url, told).status_code == 302
    order = RepostOrder.objects.get()
    part = order.parts.get(site=world.site)
    page = reverse("reposting_order", args=[order.pk])
    assert (
        office.post(page, {"action": "done", "part": part.pk, "page": "999999"}).status_code == 422
    )
    assert (
        office.post(page, {"action": "done", "part": part.pk, "url": "javascript:1"}).status_code
        == 422
    )
    answer = office.post(page, {"action": "done", "part": part.pk, "url": "https://x.example/1"})
    assert answer.status_code == 302
    part.refresh_from_db()
    assert part.url == "https://x.example/1"


def test_a_submission_from_the_form_and_its_files(provisioned_world: World, office: Client) -> None:
    world = provisioned_world
    page = ArticleFactory(parent=world.column, title="<b>湖泊条例</b>")
    url = reverse("reposting_new_submission")
    told = {"page": page.pk, "kind": "policy", "target": "省政府网"}
    assert office.post(url, told | {"kind": "x"}).status_code == 422
    assert office.post(url, told).status_code == 302
    assert office.post(url, told).status_code == 422
    row = Submission.objects.get()
    screen = reverse("reposting_submission", args=[row.pk])
    assert office.post(screen, {"action": "submit"}).status_code == 302
    assert office.post(screen, {"action": "returned"}).status_code == 422
    data = office.get(reverse("reposting_submission_json", args=[row.pk])).json()
    assert (data["title"], data["submitted_to"]) == ("<b>湖泊条例</b>", "省政府网")
    html = office.get(reverse("reposting_submission_html", args=[row.pk]))
    assert "attachment" in html.headers["Content-Disposition"]
    assert "<h1>&lt;b&gt;湖泊条例" in html.content.decode()
    page.unpublish()
    assert office.get(reverse("reposting_submission_json", args=[row.pk])).status_code == 404


# --- the first page -------------------------------------------------------------------------------
def test_the_panels_of_the_first_page(
    provisioned_world: World, other: Elsewhere, office: Client
) -> None:
    world = provisioned_world
    row = one_item(world, other)
    page = ArticleFactory(parent=world.column)
    watch = RepostWatch.objects.create(site=world.site, page_id=page.pk, state="differs", score=900,
                                       source_url="https://p.example", public_at=timezone.now())  # fmt: skip
    home = reverse("wagtailadmin_home")
    shown = office.get(home).content.decode()
    assert reverse("reposting_item", args=[row.pk]) in shown
    assert reverse("reposting_watch", args=[watch.pk]) in shown
    assert (
        reverse("reposting_item", args=[row.pk])
        not in as_role("editor", world.hubin).get(home).content.decode()
    )
