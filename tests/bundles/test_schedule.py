"""Released by the clock, in the name of who chose the time."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portal.bundles.models import Bundle
from portal.bundles.release import (
    ATTEMPTS,
    ReleaseRefused,
    release_due,
    schedule,
    take_time_back,
)
from portal.bundles.services import add, changed, remove
from portal.core import outbox
from tests.factories import World

from .factories import Staff, draft, live_of, make_bundle, ready_bundle
from .test_release import failing_call, refusing_gate

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def clock() -> Any:
    with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def planned(clock: Any, provisioned_world: World, staff: Staff) -> Bundle:
    bundle = ready_bundle(provisioned_world, staff, 2)
    schedule(bundle=bundle, at=timezone.now() + HOUR, user=staff.releaser)
    bundle.refresh_from_db()
    return bundle


def test_it_goes_public_at_its_time(planned: Bundle, clock: Any, staff: Staff) -> None:
    clock.shift(HOUR - datetime.timedelta(minutes=1))
    assert release_due() == 0
    assert live_of(planned) == {False}
    clock.shift(datetime.timedelta(minutes=1))
    assert release_due() == 1
    planned.refresh_from_db()
    assert live_of(planned) == {True}
    assert (planned.state, planned.released_by) == (Bundle.State.RELEASED, staff.releaser)
    assert release_due() == 0


def test_only_what_is_ready_gets_a_time(provisioned_world: World, staff: Staff) -> None:
    bundle = make_bundle(provisioned_world.site, draft(provisioned_world, staff.editor))
    with pytest.raises(ReleaseRefused, match="not handed in"):
        schedule(bundle=bundle, at=timezone.now() + HOUR, user=staff.releaser)
    with pytest.raises(PermissionDenied):
        schedule(bundle=bundle, at=timezone.now() + HOUR, user=staff.reviewer)


def test_the_time_is_to_come_and_not_within_the_embargo(
    clock: Any, provisioned_world: World, staff: Staff
) -> None:
    bundle = ready_bundle(provisioned_world, staff, 1, embargo_until=timezone.now() + 2 * HOUR)
    for at in (timezone.now(), timezone.now() + HOUR):
        with pytest.raises(ReleaseRefused):
            schedule(bundle=bundle, at=at, user=staff.releaser)
    schedule(bundle=bundle, at=timezone.now() + 2 * HOUR, user=staff.releaser)


def test_nothing_is_added_but_something_can_be_taken_out(
    planned: Bundle, provisioned_world: World, staff: Staff
) -> None:
    with pytest.raises(ValidationError, match="time"):
        add(bundle=planned, page=draft(provisioned_world), by=staff.editor)
    planned.embargo_until = planned.go_live_at + HOUR
    with pytest.raises(ValidationError, match="time back"):
        changed(bundle=planned, by=staff.editor)
    remove(item=planned.items.first(), by=staff.editor, reason="差错")
    planned.refresh_from_db()
    assert planned.state == Bundle.State.SCHEDULED
    remove(item=planned.items.first(), by=staff.editor, reason="差错")
    planned.refresh_from_db()
    assert planned.state == Bundle.State.PREPARING


def test_the_time_can_be_taken_back(planned: Bundle, clock: Any, staff: Staff) -> None:
    with pytest.raises(PermissionDenied):
        take_time_back(bundle=planned, by=staff.secrecy_reviewer)
    take_time_back(bundle=planned, by=staff.editor)
    clock.shift(HOUR)
    assert release_due() == 0
    assert live_of(planned) == {False}


def test_what_is_refused_goes_off_the_schedule_and_says_why(
    planned: Bundle, clock: Any, staff: Staff
) -> None:
    clock.shift(HOUR)
    with refusing_gate(1):
        assert release_due() == 0
    planned.refresh_from_db()
    assert live_of(planned) == {False}
    assert planned.state == Bundle.State.PREPARING
    assert planned.problem == "第1篇：Not like this."
    assert release_due() == 0


def test_what_fails_for_another_reason_is_tried_again(planned: Bundle, clock: Any) -> None:
    clock.shift(HOUR)
    with failing_call(outbox, "append", 1):
        assert release_due() == 0
    planned.refresh_from_db()
    assert planned.state == Bundle.State.SCHEDULED
    assert release_due() == 1


def test_but_not_for_ever(planned: Bundle, clock: Any) -> None:
    clock.shift(HOUR)
    for _number in range(ATTEMPTS):
        with failing_call(outbox, "append", 0):
            release_due()
    planned.refresh_from_db()
    assert planned.state == Bundle.State.PREPARING
    assert planned.problem


def test_who_lost_the_right_meanwhile_releases_nothing(
    planned: Bundle, clock: Any, staff: Staff
) -> None:
    staff.releaser.groups.clear()
    clock.shift(HOUR)
    assert release_due() == 0
    planned.refresh_from_db()
    assert (live_of(planned), planned.state) == ({False}, Bundle.State.PREPARING)
    assert "releasers" in planned.problem


def test_one_set_does_not_stop_another(
    planned: Bundle, clock: Any, provisioned_world: World, staff: Staff
) -> None:
    second = ready_bundle(provisioned_world, staff, 1, title="另一组")
    schedule(bundle=second, at=timezone.now() + HOUR, user=staff.releaser)
    clock.shift(HOUR)
    with refusing_gate(0):
        assert release_due() == 1
    assert live_of(second) == {True}


@pytest.mark.parametrize("later", [False, True])
def test_what_is_decided_while_the_clock_looks_holds(
    planned: Bundle, clock: Any, staff: Staff, monkeypatch: pytest.MonkeyPatch, later: bool
) -> None:
    """The clock has read what is due; before it comes to this set, its time is taken back."""
    from portal.bundles import release as releases

    real, new_time = releases.release, timezone.now() + 5 * HOUR

    def meanwhile(**kwargs: Any) -> Bundle:
        take_time_back(bundle=planned, by=staff.editor)
        if later:
            schedule(bundle=planned, at=new_time, user=staff.releaser)
        return real(**kwargs)

    monkeypatch.setattr(releases, "release", meanwhile)
    clock.shift(HOUR)
    assert release_due() == 0
    planned.refresh_from_db()
    assert live_of(planned) == {False}
    assert planned.state == (Bundle.State.SCHEDULED if later else Bundle.State.PREPARING)
    assert planned.go_live_at == (new_time if later else None)
