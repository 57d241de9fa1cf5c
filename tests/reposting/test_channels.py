"""Channels: signed, tried again, never twice; orders and submissions on their way."""

import datetime
import hashlib
import hmac
import json
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portal.core import outbox
from portal.core.models import Clock, OutboxEvent, Publication
from portal.plugin_api import PushTarget, push_channels, receipt_parts
from portal.reposting.channels.webhook import Webhook
from portal.reposting.follower import PushFollower, RepostFollower
from portal.reposting.models import (
    MOST_TRIES,
    Channel,
    Delivery,
    DeliveryState,
    OrderSite,
    OrderState,
    SubmissionState,
)
from portal.reposting.services import orders, pushing, submitting
from portal.reposting.services.errors import RepostingError
from tests.factories import ArticleFactory, World, member, publish

from .factories import make_channel
from .servers import Elsewhere

pytestmark = pytest.mark.django_db
SECRET = "a key for tests"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_PUSH_TEST", SECRET)


def follow() -> None:
    reports = outbox.run_consumers([PushFollower(), RepostFollower()])
    assert [report.error for report in reports] == ["", ""]


def posted(other: Elsewhere) -> list[dict[str, Any]]:
    return [json.loads(body) for method, _path, _headers, body in other.asked if method == "POST"]


# --- publishing pushes ----------------------------------------------------------------------------
def test_what_becomes_public_is_sent_signed_with_a_receipt(world: World, other: Elsewhere) -> None:
    channel = make_channel(world, other)
    other.says("/hook", json.dumps({"id": "M-1", "url": "https://media.example/1"}), 201)
    page = ArticleFactory(parent=world.column, title="湖上轮渡开通", source="市交通局")
    follow()
    assert pushing.send_due(world.site.pk) == 1
    method, _path, headers, body = other.asked[-1]
    told = json.loads(body)
    assert method == "POST"
    assert (told["event"], told["title"], told["source"]) == (
        "published",
        "湖上轮渡开通",
        "市交通局",
    )
    assert told["url"] == page.full_url
    assert told["text"].startswith("湖上轮渡开通")
    parts = dict(part.split("=", 1) for part in headers["x-portal-signature"].split(","))
    expected = hmac.new(SECRET.encode(), parts["t"].encode() + b"." + body, hashlib.sha256)
    assert parts["v1"] == expected.hexdigest()
    row = Delivery.objects.get(channel=channel)
    assert headers["idempotency-key"] == row.key
    assert (row.state, row.receipt_number, row.receipt_url) == (
        DeliveryState.DELIVERED, "M-1", "https://media.example/1",
    )  # fmt: skip
    # Its line of the publishing receipt.
    part = next(entry.item for entry in receipt_parts.entries() if entry.key == "reposting.pushed")
    event = OutboxEvent.objects.filter(kind="page.published").latest("pk")
    publication = Publication.objects.get(page=page.pk)
    (line,) = part.lines(publication, event=event.pk)
    assert (line.state, line.url) == ("done", "https://media.example/1")
    assert part.lines(publication, event=event.pk + 1000) == []


def test_reading_the_outbox_twice_sends_nothing_twice(world: World, other: Elsewhere) -> None:
    make_channel(world, other)
    other.says("/hook", b"", 200)
    ArticleFactory(parent=world.column)
    events = list(OutboxEvent.objects.filter(kind="page.published"))
    assert pushing.follow(events=events) == 1
    assert pushing.follow(events=events) == 0
    assert pushing.send_due(world.site.pk) == 1
    assert pushing.send_due(world.site.pk) == 0
    assert len(posted(other)) == 1


@pytest.mark.parametrize(
    ("rule", "count"),
    [({}, 1), ({"pushes": False}, 0), ({"is_active": False}, 0),
     ({"page_kinds": ["pages.leaderpage"]}, 0), ({"page_kinds": ["pages.articlepage"]}, 1)],
)  # fmt: skip
def test_the_rule_of_a_channel(world: World, other: Elsewhere, rule: Any, count: int) -> None:
    make_channel(world, other, **rule)
    ArticleFactory(parent=world.column)
    follow()
    assert Delivery.objects.count() == count


def test_only_from_its_columns_and_its_site(world: World, other: Elsewhere) -> None:
    from tests.factories import ColumnFactory

    channel = make_channel(world, other)
    channel.columns.set([ColumnFactory(parent=world.home, title="别的栏目")])
    ArticleFactory(parent=world.column)
    ArticleFactory(parent=world.hubin_column)
    follow()
    assert Delivery.objects.count() == 0
    channel.columns.add(world.column)
    ArticleFactory(parent=world.column, title="这一篇")
    follow()
    assert [row.title for row in Delivery.objects.all()] == ["这一篇"]


def test_what_is_withdrawn_is_told_without_its_text(world: World, other: Elsewhere) -> None:
    make_channel(world, other)
    other.says("/hook", b"", 200)
    page = ArticleFactory(parent=world.column, title="撤下的一篇")
    follow()
    pushing.send_due(world.site.pk)
    page.unpublish()
    follow()
    pushing.send_due(world.site.pk)
    first, second = posted(other)
    assert (first["event"], second["event"]) == ("published", "withdrawn")
    assert "text" not in second
    assert second["id"] == page.pk


def test_what_was_not_sent_yet_is_overtaken_by_a_newer_version(
    world: World, other: Elsewhere
) -> None:
    make_channel(world, other)
    other.says("/hook", b"", 200)
    page = ArticleFactory(parent=world.column, title="第一版")
    follow()
    page.title = "第二版"
    publish(page)
    follow()
    pushing.send_due(world.site.pk)
    assert [told["title"] for told in posted(other)] == ["第二版"]
    assert Delivery.objects.filter(state=DeliveryState.CALLED_OFF).count() == 1


# --- failures -------------------------------------------------------------------------------------
def test_what_does_not_arrive_is_tried_again_later_and_later_and_given_up(
    world: World, other: Elsewhere
) -> None:
    make_channel(world, other)
    other.says("/hook", b"", 503)
    ArticleFactory(parent=world.column)
    follow()
    now, pauses = timezone.now(), []
    for _number in range(MOST_TRIES):
        with time_machine.travel(now, tick=False):
            assert pushing.send_due(world.site.pk) == 1
            row = Delivery.objects.get()
            pauses.append((row.next_try_at - now).total_seconds() / 60)
            assert pushing.send_due(world.site.pk) == 0
        now = max(now, row.next_try_at)
    assert pauses[:3] == [1, 4, 9]
    assert row.state == DeliveryState.GIVEN_UP
    assert "status 503" in row.failure
    assert len({headers["idempotency-key"] for _m, _p, headers, _b in other.asked}) == 1
    other.says("/hook", b"", 200)
    assert pushing.send_again(delivery_pk=row.pk)
    assert pushing.send_due(world.site.pk) == 1
    row.refresh_from_db()
    assert row.state == DeliveryState.DELIVERED


def test_a_refusal_is_given_up_at_once(world: World, other: Elsewhere) -> None:
    make_channel(world, other)
    other.says("/hook", b"", 422)
    ArticleFactory(parent=world.column)
    follow()
    pushing.send_due(world.site.pk)
    row = Delivery.objects.get()
    assert (row.state, row.tries) == (DeliveryState.GIVEN_UP, 1)


def test_nothing_inside_and_nothing_unsigned(
    world: World, other: Elsewhere, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = make_channel(world, other)
    other.says("/hook", b"", 200)
    monkeypatch.delenv("PORTAL_PUSH_TEST")
    assert not pushing.test_channel(channel=channel)
    assert "signing key" in channel.test_note
    monkeypatch.setenv("PORTAL_PUSH_TEST", SECRET)
    settings.PORTAL_INNER_HOSTS = []
    assert not pushing.test_channel(channel=channel)
    assert other.asked == []


def test_another_secret_of_the_machine_is_never_used(
    world: World, other: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "x")
    channel = make_channel(world, other, secret_name="PORTAL_SECRET_KEY")
    other.says("/hook", b"", 200)
    with pytest.raises(ValidationError):
        channel.full_clean()
    assert not pushing.test_channel(channel=channel)
    assert other.asked == []


def test_a_test_says_whether_it_arrived(world: World, other: Elsewhere) -> None:
    channel = make_channel(world, other, is_active=False)
    other.says("/hook", b"ok", 200)
    assert pushing.test_channel(channel=channel)
    assert posted(other)[0]["event"] == "test"
    assert Channel.objects.get().test_is_well


def test_wechat_and_weibo_say_that_they_are_not_connected(world: World, other: Elsewhere) -> None:
    for entry in push_channels.entries():
        if entry.key in ("reposting.wechat", "reposting.weibo"):
            assert not entry.item.is_connected
            assert entry.item.problem(PushTarget("x", ""))
    channel = make_channel(world, other, kind="reposting.wechat")
    assert not pushing.test_channel(channel=channel)
    assert "not connected" in channel.test_note


def test_the_webhook_says_what_is_missing() -> None:
    hook = Webhook()
    assert hook.problem(PushTarget("x", "http://x.example/", secret="k"))
    assert hook.problem(PushTarget("x", "https://x.example/"))
    assert "PORTAL_PUSH_X" in hook.problem(
        PushTarget("x", "https://x.example/", options={"secret_name": "PORTAL_PUSH_X"})
    )
    assert hook.problem(PushTarget("x", "https://x.example/", secret="k")) == ""
    assert "k1k" not in repr(PushTarget("x", "https://x.example/", secret="k1k"))


# --- submissions ----------------------------------------------------------------------------------
def test_a_submission_on_its_way(provisioned_world: World, other: Elsewhere) -> None:
    world = provisioned_world
    editor = member("editor", world.site)
    channel = make_channel(world, other, pushes=False)
    other.says("/hook", json.dumps({"id": "S-9"}), 200)
    page = ArticleFactory(parent=world.column, title="湖泊保护条例")
    row = submitting.prepare(
        page=page, kind="policy", target="云岭省人民政府网", by=editor, channel=channel
    )
    with pytest.raises(RepostingError, match="does not follow"):
        submitting.answer(submission_pk=row.pk, state="accepted", by=editor)
    submitting.submit(submission_pk=row.pk, by=editor)
    pushing.send_due(world.site.pk)
    (told,) = posted(other)
    assert (told["event"], told["submission"], told["submitted_to"]) == (
        "submitted",
        row.pk,
        "云岭省人民政府网",
    )
    with pytest.raises(RepostingError, match="Say why"):
        submitting.answer(submission_pk=row.pk, state="returned", by=editor)
    submitting.answer(submission_pk=row.pk, state="returned", by=editor, reason="缺少附件")
    submitting.submit(submission_pk=row.pk, by=editor)
    submitting.answer(submission_pk=row.pk, state="accepted", by=editor)
    with pytest.raises(RepostingError, match="address"):
        submitting.answer(submission_pk=row.pk, state="published", by=editor)
    with pytest.raises(ValidationError):
        submitting.answer(submission_pk=row.pk, state="published", by=editor, url="javascript:1")
    row = submitting.answer(
        submission_pk=row.pk, state="published", by=editor, url="https://p.example/9"
    )
    assert (row.state, row.url, row.times) == (SubmissionState.PUBLISHED, "https://p.example/9", 2)
    states = list(row.steps.values_list("state", flat=True))
    assert states == ["prepared", "submitted", "returned", "submitted", "accepted", "published"]
    assert Delivery.objects.filter(submission=row.pk).count() == 2
    with pytest.raises(RepostingError, match="already"):
        submitting.prepare(page=page, kind="policy", target="云岭省人民政府网", by=editor)


def test_only_what_is_public_by_who_works_there(provisioned_world: World) -> None:
    world = provisioned_world
    page = ArticleFactory(parent=world.column, draft=True)
    with pytest.raises(RepostingError, match="public"):
        submitting.prepare(page=page, kind="news", target="省", by=member("editor", world.site))
    page = ArticleFactory(parent=world.column)
    for role, site in (("editor", world.hubin), ("reviewer", world.site), ("auditor", world.site)):
        with pytest.raises(PermissionDenied):
            submitting.prepare(page=page, kind="news", target="省", by=member(role, site))


# --- orders ---------------------------------------------------------------------------------------
def _order(world: World, by: Any, *sites: Any, **told: Any) -> Any:
    values = {
        "title": "转载省政府通知", "ordered_by": "省政府办公厅",
        "ordered_at": timezone.now() - datetime.timedelta(hours=1),
    } | told  # fmt: skip
    return orders.hand_on(
        site_pk=world.site.pk, targets={site.pk for site in sites}, by=by, **values
    )


def test_an_order_reaches_each_site_with_a_clock_and_is_answered(provisioned_world: World) -> None:
    world = provisioned_world
    office = member("site_admin", world.site)
    order = _order(
        world, office, world.site, world.hubin, world.gaoxin, source_url="https://www.p.example/n1"
    )
    parts = {part.site_id: part for part in order.parts.all()}
    assert len(parts) == 3
    clock = parts[world.hubin.pk].clock
    assert clock is not None
    assert clock.started_at == order.ordered_at
    editor = member("editor", world.hubin)
    with pytest.raises(PermissionDenied):
        orders.receive(part_pk=parts[world.site.pk].pk, by=editor)
    assert orders.receive(part_pk=parts[world.hubin.pk].pk, by=editor).state == OrderState.RECEIVED
    foreign = ArticleFactory(parent=world.column)
    with pytest.raises(RepostingError, match="of this site"):
        orders.report_done(part_pk=parts[world.hubin.pk].pk, by=editor, page=foreign)
    page = ArticleFactory(parent=world.hubin_column)
    done = orders.report_done(part_pk=parts[world.hubin.pk].pk, by=editor, page=page)
    assert (done.state, done.page_id) == (OrderState.DONE, page.pk)
    assert Clock.objects.get(pk=clock.pk).state == Clock.State.STOPPED
    # A page that names the original as its source answers by itself.
    own = ArticleFactory(parent=world.column, source_url="http://p.example/n1/")
    follow()
    part = OrderSite.objects.get(pk=parts[world.site.pk].pk)
    assert (part.state, part.page_id) == (OrderState.DONE, own.pk)
    excuser = member("editor", world.gaoxin)
    with pytest.raises(RepostingError, match="Say why"):
        orders.excuse(part_pk=parts[world.gaoxin.pk].pk, by=excuser, note="")
    assert (
        orders.excuse(part_pk=parts[world.gaoxin.pk].pk, by=excuser, note="无此业务").state
        == OrderState.EXCUSED
    )


def test_orders_are_handed_down_only_and_by_administrators(provisioned_world: World) -> None:
    world = provisioned_world
    for role in ("editor", "reviewer", "releaser", "auditor", "secrecy_reviewer"):
        with pytest.raises(PermissionDenied):
            _order(world, member(role, world.site), world.site)
    below = member("site_admin", world.hubin)
    with pytest.raises(PermissionDenied):
        _order(world, below, world.hubin)
    with pytest.raises(PermissionDenied):
        orders.hand_on(site_pk=world.hubin.pk, targets={world.site.pk}, by=below, title="x",
                       ordered_by="x", ordered_at=timezone.now())  # fmt: skip
    office = member("site_admin", world.site)
    with pytest.raises(RepostingError, match="future"):
        _order(world, office, world.site, ordered_at=timezone.now() + datetime.timedelta(hours=1))
    with pytest.raises(RepostingError, match="Name the sites"):
        _order(world, office)
