"""Random moves by random people: whatever they try, no letter is lost, and none closed for nothing."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.interaction import permissions
from portal.interaction.models import Advice, Letter, OtherChannel, Transfer
from portal.interaction.permissions import moves_now
from portal.interaction.selectors.figures import export_events, recompute, summary
from portal.interaction.services import flow
from portal.interaction.services.duty import confirm_day
from portal.interaction.services.flow import MoveRefused
from portal.plugin_api import Clock

from .consistency import faults_of
from .people import ANSWER, Desk

type Try = Callable[[Letter, Any, Any, Desk], object]


def _transfer(letter: Letter) -> Transfer:
    found = Transfer.objects.filter(letter=letter).first()
    if found is None:
        raise MoveRefused("none")
    return found


def _advice(letter: Letter) -> Advice:
    found = Advice.objects.filter(letter=letter).first()
    if found is None:
        raise MoveRefused("none")
    return found


def _channel(desk: Desk) -> OtherChannel:
    return OtherChannel.objects.get_or_create(
        name="信访", defaults={"words": "信访", "explanation": "请向信访部门反映。"}
    )[0]


def _greeted(letter: Letter) -> str:
    """By name, as long as the portal knows it."""
    name = letter.sender.name
    return f"{name}先生：{ANSWER}" if name else ANSWER


def _unit(desk: Desk, other: Letter) -> Any:
    return (desk.bureau, desk.bureau_station, desk.school)[other.pk % 3]


# letter, account, another letter, desk
TRIES: dict[str, Try] = {
    "translate": lambda a, by, b, d: flow.translate(letter=a, text="译文", by=by),
    "accept": lambda a, by, b, d: flow.accept(letter=a, by=by),
    "accept_otherwise": lambda a, by, b, d: flow.accept(letter=a, by=by, kind="complaint"),
    "assign": lambda a, by, b, d: flow.assign(letter=a, unit=_unit(d, b), by=by),
    "assign_to_one": lambda a, by, b, d: flow.assign(
        letter=a, unit=d.bureau, holder=d.handler, by=by
    ),
    "take": lambda a, by, b, d: flow.take(letter=a, by=by),
    "return": lambda a, by, b, d: flow.return_letter(letter=a, reason="非我局职责", by=by),
    "transfer": lambda a, by, b, d: flow.transfer(
        letter=a, to_unit=_unit(d, b), reason="属对方职责", by=by
    ),
    "transfer_out": lambda a, by, b, d: flow.transfer(
        letter=a, to_name="省级平台", reason="属上级职责", by=by
    ),
    "confirm": lambda a, by, b, d: flow.confirm_transfer(transfer=_transfer(a), by=by),
    "decline": lambda a, by, b, d: flow.decline_transfer(
        transfer=_transfer(a), reason="不属我方", by=by
    ),
    "ask_advice": lambda a, by, b, d: flow.ask_advice(
        letter=a, unit=d.school, request="请提意见", by=by
    ),
    "advise": lambda a, by, b, d: flow.give_advice(advice=_advice(a), opinion="同意", by=by),
    "draft": lambda a, by, b, d: flow.save_draft(letter=a, text=_greeted(a), by=by),
    "empty_draft": lambda a, by, b, d: flow.save_draft(letter=a, text=" ", by=by),
    "hand_in": lambda a, by, b, d: flow.hand_in(letter=a, by=by, guard_reason="已核对"),
    "rework": lambda a, by, b, d: flow.rework(letter=a, reason="补充依据", by=by),
    "approve": lambda a, by, b, d: flow.approve(letter=a, by=by),
    "release": lambda a, by, b, d: flow.release(letter=a, by=by),
    "publish": lambda a, by, b, d: flow.publish(letter=a, by=by),
    "withhold": lambda a, by, b, d: flow.decide_publicity(
        letter=a, publicity="privacy", reason="涉及隐私", by=by
    ),
    "defer": lambda a, by, b, d: flow.defer(letter=a, reason="复杂", notice="延期", by=by),
    "pause": lambda a, by, b, d: flow.pause(letter=a, reason="待补充", by=by),
    "resume": lambda a, by, b, d: flow.resume(letter=a, by=by),
    "refuse": lambda a, by, b, d: flow.refuse(letter=a, reason="条件不具备", by=by),
    "invalidate": lambda a, by, b, d: flow.invalidate(letter=a, reason="无实质内容", by=by),
    "merge": lambda a, by, b, d: flow.merge(letter=a, into=b, by=by, reason="同一事项"),
    "split": lambda a, by, b, d: flow.split(letter=a, by=by),
    "direct": lambda a, by, b, d: flow.direct(
        letter=a, channel=_channel(d), reason="属信访事项", by=by
    ),
    "forward": lambda a, by, b, d: flow.forward(letter=a, to_name="省厅", reason="省级职责", by=by),
    "recall": lambda a, by, b, d: flow.recall(letter=a, reason="省厅退回", by=by),
    "reopen": lambda a, by, b, d: flow.reopen(letter=a, reason="答复不完整", by=by),
    "note": lambda a, by, b, d: flow.note(letter=a, text="已电话联系", by=by),
    "follow_up": lambda a, by, b, d: flow.follow_up(letter=a, text="那么何时完工？"),
    "rate": lambda a, by, b, d: flow.rate(letter=a, score=a.pk % 5 + 1, is_solved=False),
    "rate_low": lambda a, by, b, d: flow.rate(letter=a, score=1, is_solved=False),
    "withdraw": lambda a, by, b, d: flow.withdraw(letter=a),
    "erase": lambda a, by, b, d: flow.erase_sender(letter=a, reason="本人要求", by=by),
    "daily_look": lambda a, by, b, d: confirm_day(site=d.site, by=by),
    "assign_many": lambda a, by, b, d: _many(
        flow.bulk_assign(letters=[a, b], unit=d.school, by=by)
    ),
}
# What their writers do, and what is done with no single letter: offered to nobody.
OFFERED_TO_NOBODY = ("follow_up", "rate", "rate_low", "withdraw", "daily_look", "assign_many")
PEOPLE = (
    "clerk", "handler", "second_handler", "head", "school_handler", "school_head", "releaser",
    "admin", "editor", "strange_clerk",
)  # fmt: skip
# Tries that are not called like the move.
NAMED = {
    "assign_to_one": "assign", "transfer_out": "transfer", "empty_draft": "draft",
    "accept_otherwise": "accept",
}  # fmt: skip
LETTERS = 4
# So that the deep states are reached too: what usually comes next.
USUAL: dict[str, tuple[str, ...]] = {
    "received": ("accept", "accept_otherwise"),
    "accepted": ("assign_to_one", "assign"),
    "assigned": ("take", "confirm", "transfer"),
    "handling": ("draft", "draft", "empty_draft", "hand_in", "hand_in"),
    "in_review": ("approve", "approve", "rework"),
    "approved": ("release", "release", "rework"),
    "answered": ("publish", "withhold", "rate", "rate_low", "follow_up", "reopen"),
    "merged": ("split",),
    "forwarded": ("recall",),
    "refused": ("reopen",),
    "invalid": ("reopen",),
    "directed": ("reopen",),
}
# Those that letters could be lost between, and that the usual way seldom leads to.
CROSSING = (
    "transfer", "transfer_out", "confirm", "decline", "merge", "split", "return", "forward",
    "ask_advice", "advise", "refuse", "invalidate", "direct", "withdraw", "erase", "daily_look",
    "assign_many", "translate", "defer", "pause", "resume", "note",
)  # fmt: skip


def _many(result: flow.BulkResult) -> None:
    if not result.done:
        raise MoveRefused("none")


def _one_who_may(chance: random.Random, desk: Desk, letter: Letter, name: str) -> str:
    """Somebody who has the right to it, whether it is possible now or not; else anybody."""
    verb = NAMED.get(name, name)
    if verb in OFFERED_TO_NOBODY:
        return "clerk"
    able = [each for each in PEOPLE if permissions.may(getattr(desk, each), verb, letter)]
    return chance.choice(able or list(PEOPLE))


def random_moves(desk: Desk, letters: list[int], seed: int, count: int) -> Counter[str]:
    """Try moves; which were made how often. What is refused must be refused in one of two ways."""
    chance: random.Random = random.Random(seed)
    done: Counter[str] = Counter()
    for _number in range(count):
        letter = Letter.objects.get(pk=chance.choice(letters))
        second = Letter.objects.get(pk=chance.choice(letters))
        kind = chance.random()
        if kind < 0.5:
            name = chance.choice(USUAL.get(letter.state, CROSSING))
            if letter.clock is not None and letter.clock.state == Clock.State.PAUSED:
                name = chance.choice((name, "resume"))
            person = _one_who_may(chance, desk, letter, name)
        elif kind < 0.8:
            name = chance.choice(CROSSING)
            person = _one_who_may(chance, desk, letter, name)
        else:
            name, person = chance.choice(list(TRIES)), chance.choice(PEOPLE)
        try:
            TRIES[name](letter, getattr(desk, person), second, desk)
            done[name] += 1
        except (MoveRefused, PermissionDenied):
            pass
    return done


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_no_sequence_of_moves_loses_a_letter(desk: Desk, seed: int) -> None:
    with transaction.atomic():
        letters = [desk.letter(text=f"第{number}封：路灯不亮。").pk for number in range(LETTERS)]
        for _round in range(4):
            random_moves(desk, letters, seed, 25)
            for letter in Letter.objects.filter(pk__in=letters):
                assert faults_of(letter) == [], letter.number
            seed += 1
        today = timezone.localdate()
        events = export_events(site=desk.site.pk, first=today.replace(day=1), last=today)
        assert recompute(list(events)) == summary(site=desk.site.pk)
        transaction.set_rollback(True)


def test_every_move_is_among_those_that_are_made(desk: Desk) -> None:
    """The property above says nothing of moves that are always refused."""
    made: Counter[str] = Counter()
    with transaction.atomic():
        letters = [desk.letter(text=f"第{number}封：路灯不亮。").pk for number in range(6)]
        for seed in range(120):
            made += random_moves(desk, letters, seed, 50)
            if set(TRIES) <= set(made):
                break
            if seed % 5 == 4:  # those that were erased or taken back are at their end
                letters += [desk.letter(text=f"第{seed}封：井盖坏了。").pk for _n in range(3)]
                # Few walks lead as far as an answer, from which most ends go out.
                letters.append(desk.answered(text=f"第{seed}封：桥栏松了。").pk)
        for letter in Letter.objects.filter(pk__in=letters):
            assert faults_of(letter) == [], letter.number
        transaction.set_rollback(True)
    assert sorted(set(TRIES) - set(made)) == []


def test_what_is_offered_is_what_is_possible(desk: Desk) -> None:
    """The desk's buttons and the services agree: what is not offered is refused."""
    letters = [desk.letter(), desk.assigned(), desk.in_review(), desk.answered()]
    for letter in letters:
        for person in PEOPLE:
            offered = {str(verb) for verb in moves_now(getattr(desk, person), letter)}
            for name, attempt in TRIES.items():
                if name in (*OFFERED_TO_NOBODY, *NAMED):
                    continue
                try:
                    with transaction.atomic():
                        attempt(letter, getattr(desk, person), letters[0], desk)
                        done = True
                        transaction.set_rollback(True)
                except (MoveRefused, PermissionDenied):
                    done = False
                assert not done or name in offered, f"{person} could {name} at {letter.state}"
