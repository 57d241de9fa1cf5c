"""Modes of sites: where they hold, when, who is told of it, and what is never lost."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from portal.core import modes, structure
from portal.core.mode_switches import ENDED, STARTED, end_now, tell_changes, turn_grey
from portal.core.models import EmergencyBanner, EmergencyText, GreyPeriod, OutboxEvent
from portal.core.models.modes import TimedMode
from portal.core.modes import Banner, Modes, Period, Words, with_descendants
from tests.factories import ArticleFactory, UserFactory, World

NOW = datetime.datetime(2026, 11, 26, 9, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
State = TimedMode.State


# --- in memory ----------------------------------------------------------------------------------
def banner(pk: int = 1, *, sites: frozenset[int] | None = None, level: str = "blue") -> Banner:
    return Banner(
        pk=pk,
        version="v",
        level=level,
        period=Period(sites, NOW, NOW + HOUR),
        words={"zh-hans": Words("zh-hans", "停水", "")},
        phone="",
        page_url_path="",
        link_url="",
        sign_language_url="",
        can_be_dismissed=True,
    )


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (NOW - datetime.timedelta(microseconds=1), False),
        (NOW, True),
        (NOW + HOUR - datetime.timedelta(microseconds=1), True),
        (NOW + HOUR, False),
    ],
)
def test_it_holds_from_its_start_until_just_before_its_end(
    moment: datetime.datetime, shown: bool
) -> None:
    assert bool(Modes(banners=(banner(),)).banners_of(1, moment)) is shown


def test_where_it_holds() -> None:
    everywhere, here = banner(1), banner(2, sites=frozenset({7}))
    found = Modes(banners=(everywhere, here))
    assert [b.pk for b in found.banners_of(7, NOW)] == [1, 2]
    assert [b.pk for b in found.banners_of(8, NOW)] == [1]
    assert [b.pk for b in found.banners_of(None, NOW)] == [1]


def test_the_sites_below_a_site() -> None:
    parents = {1: None, 2: 1, 3: 2, 4: None, 5: 4}
    assert with_descendants(1, parents) == {1, 2, 3}
    assert with_descendants(3, parents) == {3}


def test_a_circle_of_parents_ends() -> None:
    assert with_descendants(1, {1: 2, 2: 1}) == {1, 2}


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        (HOUR, None, State.PLANNED),
        (-HOUR, None, State.ACTIVE),
        (-HOUR, HOUR, State.ACTIVE),
        (-2 * HOUR, -HOUR, State.ENDED),
        (HOUR, HOUR, State.CANCELLED),
    ],
)
def test_the_state(
    starts: datetime.timedelta, ends: datetime.timedelta | None, state: TimedMode.State
) -> None:
    mode = GreyPeriod(starts_at=NOW + starts, ends_at=None if ends is None else NOW + ends)
    assert mode.state(NOW) is state


# --- stored -------------------------------------------------------------------------------------
@pytest.fixture
def stored(world: World) -> EmergencyBanner:
    return EmergencyBanner.objects.create(title="台风", level="orange", site=world.site)


def shown_at(pk: int | None) -> list[str]:
    found = structure.current().modes.banners_of(pk)
    return [b.words_for("zh-hans").title for b in found]


@pytest.mark.django_db
def test_a_site_alone_or_with_its_sub_sites(world: World, stored: EmergencyBanner) -> None:
    assert shown_at(world.site.pk) == ["台风"]
    assert shown_at(world.hubin.pk) == []
    stored.with_sub_sites = True
    stored.save()
    assert shown_at(world.hubin.pk) == ["台风"]
    assert shown_at(world.gaoxin.pk) == ["台风"]


@pytest.mark.django_db
def test_the_gravest_comes_first(world: World, stored: EmergencyBanner) -> None:
    for level in ("blue", "red", "yellow"):
        EmergencyBanner.objects.create(title=level, level=level)
    assert shown_at(world.site.pk) == ["red", "台风", "yellow", "blue"]


@pytest.mark.django_db
def test_a_red_warning_stays(world: World) -> None:
    found = EmergencyBanner(title="洪水", level="red", can_be_dismissed=True)
    found.full_clean()
    assert not found.can_be_dismissed


@pytest.mark.django_db
def test_a_page_and_an_address_are_one_too_many(world: World) -> None:
    found = EmergencyBanner(title="x", page_id=world.column.pk, link_url="https://a.gov.cn/")
    with pytest.raises(ValidationError) as refused:
        found.full_clean()
    assert set(refused.value.message_dict) == {"link_url"}


@pytest.mark.django_db
def test_the_end_comes_after_the_start(world: World) -> None:
    with pytest.raises(ValidationError) as refused:
        GreyPeriod(starts_at=NOW, ends_at=NOW).full_clean()
    assert set(refused.value.message_dict) == {"ends_at"}


@pytest.mark.django_db
def test_other_words_are_another_version(world: World, stored: EmergencyBanner) -> None:
    first = stored.version
    stored.ends_at = NOW + 99999 * HOUR
    assert stored.version == first, "a longer time is no news to who has read it"
    EmergencyText.objects.create(banner=stored, language="en", title="Typhoon")
    assert EmergencyBanner.objects.get(pk=stored.pk).version != first


@pytest.mark.django_db
def test_a_language_without_words_gets_the_chinese_ones(
    world: World, stored: EmergencyBanner
) -> None:
    EmergencyText.objects.create(banner=stored, language="en", title="Typhoon")
    (found,) = structure.current().modes.banners_of(world.site.pk)
    assert found.words_for("en").title == "Typhoon"
    assert (found.words_for("ja").language, found.words_for("ja").title) == ("zh-hans", "台风")


@pytest.mark.django_db
def test_the_link_goes_with_its_page(world: World, stored: EmergencyBanner) -> None:
    article = ArticleFactory(parent=world.column)
    stored.page_id = article.pk
    stored.save()

    def linked() -> str:
        (found,) = structure.current().modes.banners_of(world.site.pk)
        return found.page_url_path

    assert linked() == article.url_path
    article.unpublish()
    assert linked() == ""


# --- switching ----------------------------------------------------------------------------------
def logged(mode: TimedMode) -> list[tuple[str, object]]:
    entries = registry.get_logs_for_instance(mode).order_by("timestamp", "pk")
    return [(e.action, e.user_id) for e in entries if e.action in (STARTED, ENDED)]


@pytest.mark.django_db
def test_ending_is_at_once_and_on_record(world: World, stored: EmergencyBanner) -> None:
    user = UserFactory()
    tell_changes(user=user)
    assert end_now(mode=stored, user=user).state() is State.ENDED
    assert shown_at(world.site.pk) == []
    assert logged(stored) == [(STARTED, user.pk), (ENDED, user.pk)]
    again = end_now(mode=stored, user=UserFactory())
    assert again.state() is State.ENDED
    assert len(logged(stored)) == 2


@pytest.mark.django_db
def test_what_is_planned_is_cancelled(world: World) -> None:
    planned = EmergencyBanner.objects.create(title="x", starts_at=timezone.now() + HOUR)
    tell_changes()
    assert end_now(mode=planned, user=None).state() is State.CANCELLED
    planned.refresh_from_db()
    assert planned.state(timezone.now() + 2 * HOUR) is State.CANCELLED


@pytest.mark.django_db
def test_grey_for_a_site_only(world: World) -> None:
    turn_grey(site=world.hubin, with_sub_sites=False, user=UserFactory())
    found = structure.current().modes
    assert found.is_grey(world.hubin.pk, on_home=False)
    assert not found.is_grey(world.site.pk, on_home=True)


@pytest.mark.django_db
def test_grey_for_all_sites(world: World) -> None:
    turn_grey(site=None, with_sub_sites=False, user=UserFactory())
    for site in (world.site, world.hubin, world.gaoxin):
        assert structure.current().modes.is_grey(site.pk, on_home=False)


@pytest.mark.django_db
def test_the_clock_tells_what_a_schedule_brings(world: World) -> None:
    now = timezone.now()
    planned = EmergencyBanner.objects.create(
        title="x", site=world.site, starts_at=now + HOUR, ends_at=now + 2 * HOUR
    )
    tell_changes(now=now)
    token = structure.read_token()
    assert tell_changes(now=now + HOUR - datetime.timedelta(seconds=1)) == 0
    assert structure.read_token() == token
    assert tell_changes(now=now + HOUR) == 1
    assert tell_changes(now=now + HOUR) == 0, "told once"
    assert tell_changes(now=now + 2 * HOUR) == 1
    assert logged(planned) == [(STARTED, None), (ENDED, None)]
    events = OutboxEvent.objects.filter(kind="site.modes_changed").order_by("pk")
    assert [event.payload["state"] for event in events] == ["planned", "active", "ended"]
    assert {event.key for event in events} == {f"site:{world.site.pk}"}
    assert structure.read_token() != token, "other processes forget what they kept"


@pytest.mark.django_db
def test_prolonged_after_its_end_it_is_told_again(world: World, stored: EmergencyBanner) -> None:
    tell_changes()
    ended = end_now(mode=stored, user=None)
    ended.ends_at = None
    ended.save()
    tell_changes()
    assert [action for action, _user in logged(stored)] == [STARTED, ENDED, STARTED]
    assert shown_at(world.site.pk) == ["台风"]


@pytest.mark.django_db
def test_a_change_that_is_rolled_back_was_none(world: World, stored: EmergencyBanner) -> None:
    from django.db import transaction

    try:
        with transaction.atomic():
            end_now(mode=stored, user=None)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert shown_at(world.site.pk) == ["台风"]
    assert not ModelLogEntry.objects.filter(action=ENDED).exists()


@pytest.mark.django_db
def test_what_is_over_is_not_loaded(
    world: World, stored: EmergencyBanner, django_assert_num_queries: object
) -> None:
    end_now(mode=stored, user=None)
    assert modes.load({}, ()).banners == ()
