"""What people do about gaps, what follows, and who may not."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assistant.portal_plugin.gap_followers import GapCloser
from assistant.portal_plugin.hot_gaps import AskedInVain
from assistant.portal_plugin.models import Gap, GapEvent, GapQuestion, QuestionPage
from assistant.portal_plugin.selectors.gaps import (
    gaps_for,
    gaps_of,
    may_decide,
    mean_time_to_close,
    top_gaps,
)
from assistant.portal_plugin.services import gap_finding, gaps
from assistant.portal_plugin.services.gap_drafts import draft_for
from assistant.portal_plugin.services.gap_examining import examine
from assistant.portal_plugin.services.gap_finding import find_gaps
from assistant.portal_plugin.services.gaps import NotDone
from portal.core import outbox
from tests.assistant.factories import make_question, republish
from tests.assistant.gaps.seeding import ask
from tests.factories import OrganisationFactory, UserFactory, World, member

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

STATE = Gap.State
CHARGING = (
    "充电桩怎么装？", "小区充电桩怎么安装？", "电动车充电桩怎么装？", "充电桩安装找谁？",
    "怎么安装充电桩？", "小区里充电桩怎么装？",
)  # fmt: skip
DOGS = ("狗证怎么办？", "怎么办狗证？", "办狗证怎么办？", "狗证去哪里办？", "办理狗证怎么办？")


@pytest.fixture
def admin() -> Any:
    return UserFactory(superuser=True)


def night(world: World, *texts: str, days: float = 0.0) -> None:
    """Ask these, each in a conversation of its own, and run the job."""
    at = timezone.now() + datetime.timedelta(days=days)
    for text in texts:
        ask(text, site=world.site.pk, at=at - datetime.timedelta(minutes=1))
    find_gaps(world.site.pk, now=at)


@pytest.fixture
def gap(world: World) -> Gap:
    """Without a model words decide."""
    night(world, *CHARGING)
    return Gap.objects.get()


def test_a_gap_is_found_and_counted(gap: Gap, world: World) -> None:
    assert gap.title in CHARGING
    assert (gap.size, gap.askers, gap.recent, gap.before) == (6, 6, 6, 0)
    assert gap.state == STATE.OPEN
    assert [event.kind for event in gap.events.all()] == [GapEvent.Kind.FOUND]
    night(world, "小区充电桩怎么装？", *DOGS, days=1)
    gap.refresh_from_db()
    assert gap.size == 7
    assert Gap.objects.count() == 2


def test_the_owner_is_guessed_from_the_nearest_entries(world: World) -> None:
    unit = OrganisationFactory(full_name="市住建局")
    entry = make_question(world.column, "充电桩坏了怎么办？", owner_unit=unit)
    make_question(world.column, "公积金怎么提取？", phrasings=[])
    night(world, *CHARGING)
    gap = Gap.objects.get()
    assert gap.owner_is_guess
    assert gap.owner_unit == unit
    assert (gap.topic, gap.column_id) == (entry.topic, world.column.pk)
    assert gap.nearest[0]["page"] == entry.pk


def test_what_somebody_said_is_not_guessed_again(gap: Gap, world: World, admin: Any) -> None:
    unit = OrganisationFactory()
    gaps.assign(gap=gap, unit=unit, user=admin)
    make_question(world.column, "充电桩坏了怎么办？")
    gap.refresh_from_db()
    examine(gap)
    gap.refresh_from_db()
    assert (gap.owner_unit, gap.owner_is_guess, gap.state) == (unit, False, STATE.ASSIGNED)
    assert gap.nearest


def test_a_draft_closes_the_gap_once_it_is_public(gap: Gap, world: World, admin: Any) -> None:
    draft = draft_for(gap=gap, column=world.column, user=admin)
    assert not draft.live
    assert draft.question == gap.title
    assert set(draft.phrasings) == set(CHARGING) - {gap.title}
    gap.refresh_from_db()
    assert (gap.state, gap.draft, gap.assignee) == (STATE.IN_WORK, draft, admin)
    assert draft_for(gap=gap, column=world.column, user=admin) == draft
    outbox.run_consumers([GapCloser()])
    gap.refresh_from_db()
    assert gap.state == STATE.IN_WORK

    other = make_question(world.column, "别的问题？")
    republish(
        QuestionPage.objects.get(pk=draft.pk),
        answer="<p>找物业。</p>",
        sources=other.sources.all(),
        owner_unit=other.owner_unit,
        topic=other.topic,
    )
    outbox.run_consumers([GapCloser()])
    outbox.run_consumers([GapCloser()])
    gap.refresh_from_db()
    assert (gap.state, gap.closed_by_id) == (STATE.CLOSED, draft.pk)
    assert gap.took is not None
    assert gap.events.filter(kind=GapEvent.Kind.CLOSED).count() == 1
    assert mean_time_to_close(None, timezone.now() - datetime.timedelta(days=1)) == gap.took

    QuestionPage.objects.get(pk=draft.pk).unpublish()
    outbox.run_consumers([GapCloser()])
    gap.refresh_from_db()
    assert (gap.state, gap.reopened, gap.closed_by) == (STATE.OPEN, 1, None)


def test_it_opens_again_when_people_still_fail(gap: Gap, world: World, admin: Any) -> None:
    entry = make_question(world.column, "充电桩怎么安装？")
    gaps.close(gap=gap, entry=entry, user=admin)
    night(world, "小区充电桩怎么装？", "充电桩怎么安装？", days=1)
    gap.refresh_from_db()
    assert (gap.state, gap.size) == (STATE.CLOSED, 8)
    night(world, "电动车充电桩怎么安装？", days=2)
    gap.refresh_from_db()
    assert (gap.state, gap.reopened, gap.closed_at) == (STATE.OPEN, 1, None)
    assert gap.events.first().kind == GapEvent.Kind.REOPENED  # type: ignore[union-attr]


def test_what_was_dismissed_stays_so(gap: Gap, world: World, admin: Any) -> None:
    with pytest.raises(NotDone):
        gaps.dismiss(gap=gap, reason=" no ", user=admin)
    gaps.dismiss(gap=gap, reason="不归我们管", user=admin)
    night(world, *(f"小区{text}" for text in CHARGING[:4]), days=1)
    gap.refresh_from_db()
    assert (gap.state, Gap.objects.count()) == (STATE.DISMISSED, 1)
    with pytest.raises(NotDone):
        gaps.take_up(gap=gap, user=admin)
    gaps.undo(event=gap.events.get(kind=GapEvent.Kind.DISMISSED), user=admin)
    gap.refresh_from_db()
    assert (gap.state, gap.reason, gap.closed_at) == (STATE.OPEN, "", None)


def test_only_what_was_done_last_is_taken_back(gap: Gap, admin: Any) -> None:
    gaps.assign(gap=gap, unit=OrganisationFactory(), user=admin)
    first = gap.events.first()
    gaps.take_up(gap=gap, user=admin)
    assert first is not None
    with pytest.raises(NotDone):
        gaps.undo(event=first, user=admin)
    second = gap.events.first()
    assert second is not None
    gaps.undo(event=second, user=admin)
    gaps.undo(event=first, user=admin)
    gap.refresh_from_db()
    assert (gap.state, gap.assignee, gap.owner_is_guess) == (STATE.OPEN, None, True)
    with pytest.raises(NotDone):
        gaps.undo(event=first, user=admin)


def test_merging_and_taking_it_back(gap: Gap, world: World, admin: Any) -> None:
    night(world, *DOGS, days=1)
    other = Gap.objects.exclude(pk=gap.pk).get()
    gaps.merge(gap=gap, others=[other], user=admin)
    gap.refresh_from_db()
    other.refresh_from_db()
    assert (gap.size, other.size, other.state, other.merged_into) == (11, 0, STATE.MERGED, gap)
    assert other not in gaps_for(admin)
    event = gap.events.get(kind=GapEvent.Kind.MERGED)
    gaps.undo(event=event, user=admin)
    gap.refresh_from_db()
    other.refresh_from_db()
    assert (gap.size, other.size, other.state) == (6, 5, STATE.OPEN)


def test_splitting_and_taking_it_back(gap: Gap, admin: Any) -> None:
    some = list(gap.questions.values_list("pk", flat=True)[:2])
    every = list(gap.questions.values_list("pk", flat=True))
    for wrong in ([], every):
        with pytest.raises(NotDone):
            gaps.split(gap=gap, questions=wrong, user=admin)
    made = gaps.split(gap=gap, questions=some, user=admin)
    gap.refresh_from_db()
    made.refresh_from_db()
    assert (gap.size, made.size, made.pk == gap.pk) == (4, 2, False)
    gaps.undo(event=gap.events.get(kind=GapEvent.Kind.SPLIT), user=admin)
    gap.refresh_from_db()
    assert gap.size == 6
    assert not Gap.objects.filter(pk=made.pk).exists()


def test_what_was_taken_out_joins_nothing_by_itself(gap: Gap, world: World, admin: Any) -> None:
    some = list(gap.questions.values_list("pk", flat=True)[:1])
    assert gaps.take_out(gap=gap, questions=some, user=admin) == 1
    find_gaps(world.site.pk)
    assert GapQuestion.objects.get(pk=some[0]).gap is None
    gaps.undo(event=gap.events.get(kind=GapEvent.Kind.TAKEN_OUT), user=admin)
    assert GapQuestion.objects.get(pk=some[0]).gap == gap


def test_a_night_that_was_interrupted_is_gone_on_with(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(gap_finding, "group", lambda site, now: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            night(world, *CHARGING)
    assert GapQuestion.objects.count() == 6
    assert not Gap.objects.exists()
    find_gaps(world.site.pk)
    assert Gap.objects.get().size == 6


def test_old_questions_are_forgotten_and_empty_gaps_go(gap: Gap, admin: Any, world: World) -> None:
    old = timezone.now() - datetime.timedelta(days=400)
    GapQuestion.objects.update(at=old)
    Gap.objects.update(opened_at=old)
    later = timezone.now() + datetime.timedelta(hours=1)
    gap_finding.forget(world.site.pk, now=later)
    assert not GapQuestion.objects.exists()
    assert Gap.objects.get() == gap  # somebody still has to decide
    gaps.dismiss(gap=gap, reason="不归我们管", user=admin)
    gap_finding.forget(world.site.pk, now=later)
    assert not Gap.objects.exists()


def test_hot_topics_and_figures(gap: Gap, world: World) -> None:
    [topic] = AskedInVain().hot_topics(site=world.site.pk)
    assert (topic.key, topic.count, topic.text) == (f"gap:{gap.pk}", 6, gap.title)
    since = timezone.now() - datetime.timedelta(days=7)
    [line] = top_gaps({world.site.pk}, since, 5)
    assert (line.gap, line.asked) == (gap, 6)
    assert top_gaps({world.hubin.pk}, since) == []
    assert top_gaps(None, timezone.now() + datetime.timedelta(days=1)) == []


@pytest.mark.own_world
def test_who_may_not(provisioned_world: World) -> None:
    world = provisioned_world
    for text in CHARGING:
        ask(text, site=world.hubin.pk)
    find_gaps(world.hubin.pk)
    gap = Gap.objects.get()
    stranger, editor, releaser, auditor = (
        member("releaser", world.gaoxin), member("editor", world.hubin),
        member("releaser", world.hubin), member("auditor", world.hubin),
    )  # fmt: skip
    unit = OrganisationFactory()
    assert not gaps_for(stranger).exists()
    assert not gaps_for(auditor).exists()
    assert gaps_for(editor).get() == gap
    for user in (stranger, auditor):
        with pytest.raises(PermissionDenied):
            gaps.take_up(gap=gap, user=user)
    for user in (stranger, auditor, editor):
        for act in (
            lambda user=user: gaps.assign(gap=gap, unit=unit, user=user),
            lambda user=user: gaps.dismiss(gap=gap, reason="不归我们管", user=user),
            lambda user=user: gaps.merge(gap=gap, others=[gap], user=user),
            lambda user=user: gaps.split(gap=gap, questions=[1], user=user),
        ):
            with pytest.raises(PermissionDenied):
                act()
    with pytest.raises(NotDone):
        gaps.assign(gap=gap, unit=unit, person=stranger, user=releaser)
    # The unit itself decides about what is its own.
    editor.organisation = unit
    editor.save()
    assert not may_decide(editor, gap)
    gap = gaps.assign(gap=gap, unit=unit, person=editor, user=releaser)
    assert may_decide(editor, gap)
    assert gaps_of(editor).get() == gap
    event = gap.events.get(kind=GapEvent.Kind.ASSIGNED)
    with pytest.raises(PermissionDenied):
        gaps.undo(event=event, user=stranger)
    with pytest.raises(PermissionDenied):
        draft_for(gap=gap, column=world.hubin_column, user=stranger)
    with pytest.raises(NotDone):
        draft_for(gap=gap, column=world.gaoxin_column, user=UserFactory(superuser=True))
    gaps.take_up(gap=gap, user=editor)
