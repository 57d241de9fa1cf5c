"""What is true of every letter at every time."""

import itertools

from portal.interaction.models import (
    OPEN_STATES,
    Letter,
    LetterState,
    LetterStep,
    Reply,
    ReplyState,
    Transfer,
    Verb,
)
from portal.plugin_api import Clock

S = LetterState
NAME = "赵小明"  # who writes, see people.py
WITH_UNIT = (S.ASSIGNED, S.HANDLING, S.IN_REVIEW, S.APPROVED)


def faults_of(letter: Letter) -> list[str]:
    """In words, what is wrong with a letter as it is stored."""
    found: list[str] = []
    steps = list(LetterStep.objects.filter(letter=letter).order_by("seq"))
    if [step.seq for step in steps] != list(range(1, letter.steps_count + 1)):
        found.append("the history has gaps")
        return found
    # The history leads to where the letter is.
    state = ""
    for step in steps:
        if step.from_state != state:
            found.append(f"step {step.seq} does not begin where the one before ended")
        state = step.to_state
    last = steps[-1]
    if (last.to_state, last.unit_id, last.holder_id) != (
        letter.state, letter.unit_id, letter.holder_id,
    ):  # fmt: skip
        found.append("the last step does not say how it stands")
    if any(later.at < earlier.at for earlier, later in itertools.pairwise(steps)):
        found.append("steps are not in the order of time")
    # One unit answers for it, and one person at most has it.
    if (letter.unit_id is not None) != (letter.state in WITH_UNIT) and letter.is_open:
        found.append(f"open as {letter.state} with unit {letter.unit_id}")
    if letter.holder_id is not None and letter.state not in WITH_UNIT:
        found.append("somebody holds what is not handled")
    if letter.state == S.HANDLING and letter.holder_id is None:
        found.append("handled by nobody")
    # What waits for a receipt lies with who gave it.
    waiting = list(
        Transfer.objects.filter(letter=letter, confirmed_at__isnull=True, declined_at__isnull=True)
    )
    if waiting and (
        len(waiting) > 1
        or letter.state not in (S.ASSIGNED, S.HANDLING)
        or waiting[0].from_unit_id != letter.unit_id
    ):
        found.append("between two chairs")
    # Nothing is closed without words.
    if letter.state == S.ANSWERED:
        released = Reply.objects.filter(letter=letter, state=ReplyState.RELEASED)
        if not released.exists() or any(not reply.text.strip() for reply in released):
            found.append("answered without words")
        if any(
            reply.drafted_by_id in (None, reply.released_by_id, reply.approved_by_id)
            for reply in released
        ):
            found.append("released or approved by who drafted it")
    elif letter.state == S.MERGED:
        target = letter.merged_into
        if target is None or target.state not in (*OPEN_STATES, S.ANSWERED):
            found.append("joined with what has no answer and gets none")
        elif target.state == S.ANSWERED:
            found.append("left behind when the joint letter was answered")
    elif letter.state not in (*OPEN_STATES, S.WITHDRAWN):
        closing = [step for step in steps if step.to_state == letter.state]
        if not any(step.reason.strip() for step in closing):
            found.append("closed without a reason")
    if (letter.closed_at is not None) == letter.is_open:
        found.append("the time of its end does not fit its state")
    # What was counted is what happened, and what ended has its last answer.
    if letter.reopened != sum(1 for step in steps if step.data.get("reopens")):
        found.append("reopened otherwise than its history says")
    releases = [step for step in steps if step.verb == Verb.RELEASE]
    if letter.answered_at != (releases[-1].at if releases else None):
        found.append("the time of its answer is not that of its last release")
    if Reply.objects.filter(letter=letter, state=ReplyState.RELEASED).count() != len(releases):
        found.append("answers are missing, or there are some that nobody released")
    if letter.accepted_at is None and letter.unit_id is not None:
        found.append("with a unit and never accepted")
    # A handover that has ended did so in one way, and is in the history.
    for ended in Transfer.objects.filter(letter=letter):
        if ended.confirmed_at and ended.declined_at:
            found.append("a handover that was confirmed and declined")
        if not any(step.data.get("transfer") == ended.number for step in steps):
            found.append("a handover that the history does not know")
    # Nothing is public that nobody looked over, and nothing without an answer.
    if (
        letter.published_at is not None
        and not Reply.objects.filter(letter=letter, published_at__isnull=False).exists()
    ):
        found.append("public without an answer that was looked over")
    # Whoever was erased stands nowhere.
    sender = letter.sender
    if sender.erased_at is not None:
        kept = [letter.text, *Reply.objects.filter(letter=letter).values_list("text", flat=True)]
        if sender.name or any(NAME in text for text in kept):
            found.append("erased and still named")
    # A promise runs exactly as long as an answer is owed.
    kind = letter.clock.kind if letter.clock else "none"
    running = Clock.objects.filter(subject=f"letter:{letter.pk}", kind=kind).exclude(
        state=Clock.State.STOPPED
    )
    owed = letter.is_open or letter.state == S.MERGED
    if running.exists() != owed:
        found.append("its clock does not fit its state")
    if owed and letter.clock and letter.due_at != letter.clock.due_at:
        found.append("its day is not that of its clock")
    drafts = LetterStep.objects.filter(letter=letter, verb=Verb.RELEASE)
    if any(step.by_id is None for step in drafts):
        found.append("released by nobody")
    return found
