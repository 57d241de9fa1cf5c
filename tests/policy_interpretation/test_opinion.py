"""Responding to public opinion: limits by grade, approval, invited units, hot list, pages."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from portal.core.extension_points import HotTopic, hot_topics
from portal.core.gate import PublishRefused
from portal.core.models import User
from portal.core.outbox import run_consumers
from portal.plugin_api import clocks
from portal.policy_interpretation.models import (
    ChannelPush,
    HotQuestion,
    Invitation,
    OpinionTopic,
    PolicyRelation,
    ResponseDocument,
    ResponseTopicPage,
    RumourRefutationPage,
)
from portal.policy_interpretation.obligation_follower import ObligationFollower
from portal.policy_interpretation.services import opinion
from tests.factories import OrganisationFactory, UserFactory, World, member, text

from .factories import make_policy, make_product, republish

pytestmark = pytest.mark.django_db

START = "2026-07-04 22:00+08:00"  # a Saturday night: hours run on
State = OpinionTopic.State


@pytest.fixture
def chief() -> User:
    return UserFactory(superuser=True)


def topic_at(world: World, **fields: Any) -> OpinionTopic:
    return OpinionTopic.objects.create(site=world.site, **{"title": "城东停水"} | fields)


def response_at(column: Page, topic: OpinionTopic | None, **fields: Any) -> ResponseTopicPage:
    page = ResponseTopicPage(
        **{"title": "关于城东停水的通报", "source": "云湖市人民政府办公室", "topic": topic}
        | fields,
        live=False,
    )
    page.body = text("7月4日晚，城东水厂因设备故障停产。")
    page.entries = page.entries.stream_block.to_python(
        [
            {"type": "entry", "value": {"time": "2026-07-04T23:00", "title": "抢修", "text": ""}},
            {"type": "entry", "value": {"time": "2026-07-05T06:00", "title": "恢复", "text": ""}},
        ]
    )
    column.add_child(instance=page)
    return page


def dues(topic: OpinionTopic) -> dict[str, datetime.datetime]:
    return {
        clock.kind.partition(".")[2]: timezone.localtime(clock.due_at)
        for clock in opinion.open_clocks(topic)
    }


def hour(day: int, hour: int) -> datetime.datetime:
    return datetime.datetime(2026, 7, day, hour, tzinfo=timezone.get_current_timezone())


# --- grades and clocks ----------------------------------------------------------------------------
def test_limits_by_grade_count_from_when_it_became_known(world: World, chief: User) -> None:
    with time_machine.travel(START, tick=False):
        major = topic_at(world, grade="major")
        general = topic_at(world, title="公交改线")
        assert dues(major) == {}
    with time_machine.travel("2026-07-04 23:30+08:00", tick=False):
        opinion.respond(topic=major, by=chief)
        opinion.respond(topic=general, by=chief)
        with pytest.raises(ValidationError):
            opinion.respond(topic=general, by=chief)
    assert dues(major) == {"first_information": hour(5, 3), "press_conference": hour(5, 22)}
    assert dues(general) == {"opinion_response": hour(6, 22)}


def test_another_grade_has_other_limits(world: World, chief: User) -> None:
    with time_machine.travel(START, tick=False):
        topic = topic_at(world)
        topic = opinion.respond(topic=topic, by=chief)
        topic.grade = "major"
        topic.save()
        opinion.follow_grade(topic=topic, by=chief)
    assert set(dues(topic)) == {"first_information", "press_conference"}


def test_a_public_response_is_the_first_information(world: World, chief: User) -> None:
    with time_machine.travel(START, tick=False):
        topic = opinion.respond(topic=topic_at(world, grade="major"), by=chief)
        opinion.approve(topic=topic, name="市委宣传部值班室", by=chief)
        page = response_at(world.column, OpinionTopic.objects.get())
    with time_machine.travel("2026-07-05 02:00+08:00", tick=False):
        page.save_revision().publish()
    with time_machine.travel("2026-07-05 04:00+08:00", tick=False):
        run_consumers([ObligationFollower()])
        first, conference = clocks.of(opinion.subject(topic)).order_by("due_at")
        assert first.was_in_time
        assert conference.is_open
        opinion.note_done(topic=topic, kind=conference.kind, by=chief)
        assert not opinion.open_clocks(topic)


def test_closing_needs_everything_done_and_a_conclusion(world: World, chief: User) -> None:
    topic = opinion.respond(topic=topic_at(world), by=chief)
    with pytest.raises(ValidationError, match=r".+"):
        opinion.close(topic=topic, conclusion="已答复。", by=chief)
    [clock] = opinion.open_clocks(topic)
    opinion.note_done(topic=topic, kind=clock.kind, by=chief)
    invitation = opinion.invite(
        topic=topic, unit=OrganisationFactory(), request="请说明。", by=chief
    )
    with pytest.raises(ValidationError):
        opinion.close(topic=topic, conclusion="已答复。", by=chief)
    opinion.answer(invitation=invitation, text="已修好。", by=chief)
    with pytest.raises(ValidationError):
        opinion.close(topic=topic, conclusion=" ", by=chief)
    assert opinion.close(topic=topic, conclusion="已答复。", by=chief).state == State.CLOSED


# --- who may --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "works", "releases"),
    [("releaser", True, True), ("editor", True, False), ("translator", False, False)],
)
def test_who_responds_approves_and_closes(
    provisioned_world: World, role: str, works: bool, releases: bool
) -> None:
    user = member(role, provisioned_world.site)
    unit = OrganisationFactory()
    attempts: list[tuple[bool, Any]] = [
        (works, lambda topic: opinion.respond(topic=topic, by=user)),
        (works, lambda topic: opinion.invite(topic=topic, unit=unit, request="请说明。", by=user)),
        (releases, lambda topic: opinion.approve(topic=topic, name="宣传部", by=user)),
        (releases, lambda topic: opinion.close(topic=topic, conclusion="无需回应。", by=user)),
    ]
    for may, attempt in attempts:
        topic = topic_at(provisioned_world)
        if may:
            attempt(topic)
            continue
        with pytest.raises(PermissionDenied):
            attempt(topic)


def test_the_invited_unit_answers_and_no_other(provisioned_world: World, chief: User) -> None:
    unit = OrganisationFactory(full_name="云湖市水务局")
    topic = topic_at(provisioned_world)
    invitation = opinion.invite(topic=topic, unit=unit, request="请说明停水原因。", by=chief)
    site = provisioned_world.site
    for stranger in (
        member("editor", site, organisation=OrganisationFactory()),
        member("editor", provisioned_world.hubin, organisation=unit),
    ):
        with pytest.raises(PermissionDenied):
            opinion.answer(invitation=invitation, text="不知道。", by=stranger)
    own = member("editor", site, organisation=unit)
    with pytest.raises(ValidationError):
        opinion.answer(invitation=invitation, text=" ", by=own)
    page = response_at(provisioned_world.column, topic)
    done = opinion.answer(invitation=invitation, text="水厂设备故障。", page=page, by=own)
    assert (done.answered_by, done.answer_page_id) == (own, page.pk)
    assert done.clock is not None
    assert not done.clock.__class__.objects.get(pk=done.clock.pk).is_open
    with pytest.raises(ValidationError):
        opinion.answer(invitation=invitation, text="再答一次。", by=own)


def test_the_screen_is_for_the_own_site(client: Client, provisioned_world: World) -> None:
    topic = topic_at(provisioned_world)
    url = reverse("policy_opinion", args=[topic.pk])
    client.force_login(member("editor", provisioned_world.hubin))
    assert client.get(url).status_code in (302, 403)
    client.post(url, {"action": "respond"})
    assert OpinionTopic.objects.get().state == State.WATCH
    client.force_login(member("editor", provisioned_world.site))
    assert client.get(url).status_code == 200
    client.post(url, {"action": "respond"})
    assert OpinionTopic.objects.get().state == State.RESPOND
    client.post(url, {"action": "approve", "text": "宣传部"})
    assert OpinionTopic.objects.get().approved_at is None
    typed = client.post(url, {"action": "invite", "request": "请说明停水原因。"})
    assert "请说明停水原因。" in typed.content.decode()
    for bad in ({"action": "answer", "invitation": "x"}, {"action": "answer"}):
        assert client.post(url, bad).status_code == 404
    assert client.post(url, {"action": "nonsense"}).status_code == 200


def test_topics_are_typed_in_at_the_own_site_only(client: Client, provisioned_world: World) -> None:
    client.force_login(member("editor", provisioned_world.site))
    data = {"title": "新话题", "grade": "general", "raised_at": "2026-07-04 22:00", "summary": ""}
    add = reverse("policy_opinion_topics:add")
    client.post(add, data | {"site": str(provisioned_world.hubin.pk)})
    assert not OpinionTopic.objects.exists()
    with time_machine.travel("2026-07-05 08:00+08:00"):
        client.post(add, data | {"site": str(provisioned_world.site.pk), "raised_at": "2027-01-01"})
        assert not OpinionTopic.objects.exists()
        client.post(add, data | {"site": str(provisioned_world.site.pk)})
    topic = OpinionTopic.objects.get()
    assert client.get(reverse("policy_opinion_topics:index")).status_code == 200
    client.force_login(member("editor", provisioned_world.hubin))
    edit = client.get(reverse("policy_opinion_topics:edit", args=[topic.pk]))
    assert edit.status_code in (302, 403)


# --- the hot list ---------------------------------------------------------------------------------
class Asked:
    count = 3

    def hot_topics(self, *, site: int) -> list[HotTopic]:
        return [HotTopic(key="1", text="什么时候来水？", kind="hotline", count=self.count)]


@pytest.fixture
def asked() -> Iterator[Asked]:
    source = Asked()
    with hot_topics.temporarily(source, plugin="policy_interpretation", name="asked"):
        yield source


def test_hot_questions_are_collected_assigned_and_answered(
    client: Client, provisioned_world: World, asked: Asked
) -> None:
    site = provisioned_world.site
    opinion.collect(site.pk)
    asked.count = 9
    opinion.collect(site.pk)
    question = HotQuestion.objects.get(text="什么时候来水？")
    assert (question.count, question.kind) == (9, "hotline")
    url = reverse("policy_hot_list")
    client.force_login(member("editor", provisioned_world.hubin))
    assert "什么时候来水？" not in client.get(url).content.decode()
    data = {"action": "assign", "question": str(question.pk), "topic": "new"}
    assert client.post(url, data).status_code == 404
    client.force_login(member("editor", site))
    assert "什么时候来水？" in client.get(url).content.decode()
    foreign = OpinionTopic.objects.create(site=provisioned_world.hubin, title="别处")
    client.post(url, data | {"topic": str(foreign.pk)})
    question.refresh_from_db()
    assert question.topic is None
    response = client.post(url, data)
    question.refresh_from_db()
    assert question.topic is not None
    assert response.headers["Location"] == reverse("policy_opinion", args=[question.topic_id])
    opinion.collect(site.pk)
    question.refresh_from_db()
    assert question.topic is not None
    assert "什么时候来水？" not in client.get(url).content.decode()


def test_a_question_is_set_aside(client: Client, provisioned_world: World) -> None:
    question = HotQuestion.objects.create(site=provisioned_world.site, text="几点下班？")
    client.force_login(member("editor", provisioned_world.site))
    url = reverse("policy_hot_list")
    client.post(url, {"action": "set_aside", "question": str(question.pk)})
    assert "几点下班？" not in client.get(url).content.decode()


# --- the channel log ------------------------------------------------------------------------------
def test_the_channel_log_is_of_the_own_pages(client: Client, provisioned_world: World) -> None:
    mine = make_policy(provisioned_world.column)
    foreign = make_policy(provisioned_world.hubin_column, title="别处的办法")
    client.force_login(member("editor", provisioned_world.site))
    data = {"channel": "wechat", "outlet": "云湖发布", "pushed_at": "2026-07-04 22:00"}
    add = reverse("policy_channel_log:add")
    client.post(add, data | {"page": str(foreign.pk)})
    assert not ChannelPush.objects.exists()
    client.post(add, data | {"page": str(mine.pk)})
    row = ChannelPush.objects.get()
    assert (row.site_id, row.page_id) == (provisioned_world.site.pk, mine.pk)
    assert client.get(reverse("policy_channel_log:index")).status_code == 200


# --- the public pages -----------------------------------------------------------------------------
def test_a_response_is_released_after_approval_only(world: World, chief: User) -> None:
    topic = topic_at(world)
    page = response_at(world.column, topic)
    with pytest.raises(PublishRefused):
        page.save_revision().publish()
    orphan = response_at(world.column, None, title="没有话题", slug="orphan")
    with pytest.raises(PublishRefused):
        orphan.save_revision().publish()
    opinion.approve(topic=topic, name="市委宣传部", by=chief)
    page = ResponseTopicPage.objects.get(pk=page.pk)
    page.save_revision().publish()
    assert ResponseTopicPage.objects.get(pk=page.pk).live


def test_the_time_line_gives_facts_first_and_the_latest_progress_on_top(
    client: Client, world: World, chief: User, django_assert_max_num_queries: Any
) -> None:
    topic = topic_at(world)
    opinion.approve(topic=topic, name="市委宣传部", by=chief)
    policy = make_policy(world.column)
    draft = make_policy(world.column, title="未公开的办法", live=False)
    page = response_at(world.column, OpinionTopic.objects.get(), attitude="一查到底。")
    page.documents = [ResponseDocument(document=policy), ResponseDocument(document=draft)]
    page.save_revision().publish()
    rumour = RumourRefutationPage(
        title="停水一个月？不实", source="云湖市人民政府办公室", claim="要停水一个月。",
        response=page, evidence="市水务局公告\nhttps://www.yunhu.gov.cn/gg/1", live=False,
    )  # fmt: skip
    rumour.body = text("5日6时已恢复供水。")
    world.column.add_child(instance=rumour)
    with pytest.raises(PublishRefused):
        RumourRefutationPage.objects.filter(pk=rumour.pk).update(evidence="")
        fresh = RumourRefutationPage.objects.get(pk=rumour.pk)
        fresh.save_revision().publish()
    rumour.save_revision().publish()
    client.get(page.url)
    with django_assert_max_num_queries(10):
        html = client.get(page.url).content.decode()
    words = html[html.index("<main") :]
    order = [words.index(word) for word in ("城东水厂", "一查到底", "恢复", "抢修")]
    assert order == sorted(order)
    assert "停水一个月？不实" in html
    assert policy.title in html
    assert "未公开的办法" not in html
    refuted = client.get(rumour.url).content.decode()
    assert "要停水一个月。" in refuted
    assert 'href="https://www.yunhu.gov.cn/gg/1"' in refuted
    assert page.title in refuted


# --- consultation (R-POL-13) ----------------------------------------------------------------------
def test_a_policy_lists_consultation_before_and_discussion_after(
    world: World, client: Client
) -> None:
    policy = make_policy(world.column)
    policy.relations = [
        PolicyRelation(
            kind="consulted_by", target_title="征求意见公告", target_url="https://yunhu.gov.cn/zq"
        )
    ]
    republish(policy)
    make_product(world.column, policy, title="起草部门的话")
    make_product(world.column, policy, title="市民代表谈", author_kind="public", slug="talk")
    make_product(world.column, policy, title="局长访谈", form="interview", slug="interview")
    make_product(world.column, policy, title="草稿", author_kind="expert", live=False, slug="d")
    soup = BeautifulSoup(client.get(policy.get_url()).content, "html.parser")
    section = soup.select_one("section[aria-labelledby=policy-consultation]")
    assert section is not None
    before, after = section.select("dd")
    assert [(link.text, link["href"]) for link in before.select("a")] == [
        ("征求意见公告", "https://yunhu.gov.cn/zq")
    ]
    assert [link.text for link in after.select("a")] == ["市民代表谈", "局长访谈"]
    related = soup.select_one("section[aria-labelledby=policy-relations]")
    assert related is None or "征求意见公告" not in related.text


def test_invitations_have_a_due_date(world: World, chief: User) -> None:
    with time_machine.travel("2026-07-06 10:00+08:00", tick=False):
        row = opinion.invite(
            topic=topic_at(world), unit=OrganisationFactory(), request="请说明。", by=chief
        )
    assert row.clock is not None
    assert Invitation.objects.get().clock == row.clock
    assert timezone.localtime(row.clock.due_at).date() == datetime.date(2026, 7, 13)
