"""kill -9 in the middle of moves: afterwards every letter stands as its history says."""

import os
import random
import signal
import time
from pathlib import Path

import pytest
from django.db import connections

from portal.interaction.models import Letter, LetterFile, LetterStep
from portal.interaction.services.drafts import clear_unsent
from portal.interaction.services.leftovers import OLD_ENOUGH, clear_left_behind
from portal.interaction.uploads import check_file
from tests.factories import make_world

from .consistency import faults_of
from .files import pdf
from .people import Desk, make_desk
from .test_random_moves import random_moves

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = 6


@pytest.fixture
def committed(transactional_db: None) -> Desk:
    return make_desk(make_world(provisioned=True))


def test_a_killed_process_leaves_no_half_move(committed: Desk) -> None:
    letters = [committed.letter(text=f"第{number}封信：路灯不亮。").pk for number in range(6)]
    made = LetterStep.objects.count()
    chance = random.Random(20261128)
    for number in range(KILLS):
        connections.close_all()  # the child must not share them
        child = os.fork()
        if not child:
            try:
                random_moves(committed, letters, number, 100_000)
            finally:
                os._exit(1)
        time.sleep(0.4 + chance.random())
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "it ended before it was killed"
        for letter in Letter.objects.filter(pk__in=letters):
            assert faults_of(letter) == [], letter.number
    assert LetterStep.objects.count() > made + KILLS, "nothing was done between the kills"


@pytest.mark.parametrize("at", ["step", "outbox", "figures"])
def test_killed_between_the_parts_of_a_move(committed: Desk, at: str) -> None:
    """Each table that a move writes, and the process dies just before it."""
    from portal.interaction.services import counting, flow, moving

    letter = committed.approved()
    before = LetterStep.objects.filter(letter=letter).count()
    connections.close_all()
    child = os.fork()
    if not child:

        def deadly(*args: object, **kwargs: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        if at == "step":
            LetterStep.objects.create = deadly  # type: ignore[method-assign]
        elif at == "outbox":
            moving.outbox_event = deadly  # type: ignore[attr-defined]
        else:
            counting.add = deadly  # type: ignore[assignment]
        try:
            flow.release(letter=letter, by=committed.releaser)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    letter.refresh_from_db()
    assert letter.state == "approved"
    assert faults_of(letter) == []
    assert LetterStep.objects.filter(letter=letter).count() == before
    assert flow.release(letter=letter, by=committed.releaser).state == "answered"


def test_files_of_a_letter_that_never_came_to_be_go(committed: Desk) -> None:
    """Killed after the file was stored: no row knows of it, and it tells of somebody."""
    from portal.interaction.services import intake

    kept = committed.letter(files=[check_file(pdf(), "留.pdf")])
    own = Path(LetterFile.objects.get().file.path)
    before = set(own.parent.iterdir())  # other tests keep their files here, too
    connections.close_all()
    child = os.fork()
    if not child:

        def deadly(*args: object, **kwargs: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        intake.record = deadly  # type: ignore[assignment]
        try:
            committed.letter(text="另一封信。", files=[check_file(pdf(b"/A 1"), "失.pdf")])
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert [letter.pk for letter in Letter.objects.all()] == [kept.pk]
    (lost,) = set(own.parent.iterdir()) - before
    assert clear_left_behind() == 0  # perhaps somebody is just storing it
    long_ago = time.time() - OLD_ENOUGH - 1
    for path in (own, lost):
        os.utime(path, (long_ago, long_ago))
    clear_unsent()
    assert own.is_file()
    assert not lost.exists()
