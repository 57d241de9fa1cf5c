"""500 letters within a minute while workers are killed: none is lost, none is stored twice."""

import os
import signal
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from wagtail.models import Site

from portal.core.models import OutboxEvent
from portal.interaction.models import Letter, LetterFile, LetterSender
from portal.interaction.selectors.figures import export_events, recompute, summary
from portal.interaction.services import flow
from tests.assistant.processes import Web, wait_until, web
from tests.factories import make_world

from .consistency import faults_of
from .people import ANSWER, Desk, make_desk
from .rush import READING, Sent, Tally, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
VISITORS, LETTERS_EACH, WORKERS = 100, 5, 3
KILLS = (0.15, 0.4, 0.65)  # after so much of the rush
# Behind one address, whose limit they break however the workers share the counting.
IN_ONE_HOUSE = 30


@pytest.fixture
def committed(transactional_db: None) -> Desk:
    desk = make_desk(make_world(provisioned=True))
    Site.objects.filter(is_default_site=True).update(hostname="127.0.0.1")
    return desk


def test_a_rush_with_killed_workers(committed: Desk, tmp_path: Path) -> None:
    connections.close_all()
    # With the static files of the browser tests: collecting them takes longer than the rush.
    settings = "tests.e2e.server_settings"
    with web(tmp_path, WEB_CONCURRENCY=str(WORKERS), DJANGO_SETTINGS_MODULE=settings) as portal:
        visitors = _rush(portal)
        letters = [letter for visitor in visitors for letter in visitor.letters]
        accepted = [letter for letter in letters if letter.is_accepted]
        refused = [letter for letter in letters if not letter.is_accepted]
        _check_refused(refused)
        _check_stored(accepted, refused)
        _check_files(accepted, tmp_path)
        _check_history(committed)
        # Every receipt opens its letter, and no other.
        with ThreadPoolExecutor(16) as pool:
            for problems in pool.map(_look_up_all, visitors):
                assert problems == []
        _check_answerable(committed, visitors[-1])
    assert sum(letter.broken for letter in letters), "no kill met anybody"
    # The limit held up the house alone; whoever else was refused met a busy database.
    beyond = [letter for visitor in visitors[IN_ONE_HOUSE:] for letter in visitor.letters]
    assert {letter.status for letter in beyond} <= {200, 503}
    assert len(accepted) > VISITORS * LETTERS_EACH // 2
    assert refused, "the limit of an address held nobody up"


def _rush(portal: Web) -> list[Visitor]:
    base = f"http://127.0.0.1:{portal.port}"
    visitors = [
        Visitor(
            base,
            number,
            "203.0.113.9" if number < IN_ONE_HOUSE else f"198.51.{number}.7",
            LETTERS_EACH,
        )
        for number in range(VISITORS)
    ]
    tally = Tally()
    with ThreadPoolExecutor(VISITORS) as pool:
        list(pool.map(Visitor.open_forms, visitors))
        time.sleep(READING)
        sending = [pool.submit(visitor.send_all, tally) for visitor in visitors]
        for number, share in enumerate(KILLS):
            wait_until(partial(_is_over, sending, tally, share), portal.log)
            with suppress(ProcessLookupError):
                os.kill(portal.workers()[number % WORKERS], signal.SIGKILL)
        for future in sending:
            future.result()
    return visitors


def _is_over(sending: list[Future[None]], tally: Tally, share: float) -> bool:
    for future in sending:
        if future.done():
            future.result()  # a visitor's assertion is told at once
    return tally.done >= share * VISITORS * LETTERS_EACH


def _check_refused(refused: list[Sent]) -> None:
    for letter in refused:
        assert letter.status in (429, 503), f"{letter.status}: {letter.page[:2000]}"
        assert letter.told
        assert letter.has_text_back, letter.page


def _check_stored(accepted: list[Sent], refused: list[Sent]) -> None:
    stored = dict(Letter.objects.values_list("number", "text"))
    assert stored == {letter.number: letter.text for letter in accepted}
    assert max(Counter(stored.values()).values()) == 1, "one was stored twice"
    assert not set(stored.values()) & {letter.text for letter in refused}
    assert LetterSender.objects.count() == len(stored)


def _check_files(accepted: list[Sent], data: Path) -> None:
    with_file = sorted(letter.number for letter in accepted if letter.with_file)
    rows = list(LetterFile.objects.values_list("letter__number", "file"))
    assert sorted(number for number, _file in rows) == with_file
    assert all((data / "letters" / name).is_file() for _number, name in rows)


def _check_history(desk: Desk) -> None:
    for letter in Letter.objects.all():
        assert faults_of(letter) == [], letter.number
        assert letter.steps_count == 1
    told = Counter(OutboxEvent.objects.filter(kind="letter.moved").values_list("key", flat=True))
    assert told == {f"letter:{pk}": 1 for pk in Letter.objects.values_list("pk", flat=True)}
    today = timezone.localdate()
    events = export_events(site=desk.site.pk, first=today.replace(day=1), last=today)
    assert recompute(events) == summary(site=desk.site.pk)


def _look_up_all(visitor: Visitor) -> list[str]:
    return [
        letter.number
        for letter in visitor.letters
        if letter.is_accepted and letter.text not in visitor.look_up(letter)
    ]


def _check_answerable(desk: Desk, visitor: Visitor) -> None:
    """The way through the office to the one who holds the receipt."""
    sent = next(letter for letter in visitor.letters if letter.is_accepted)
    letter = flow.accept(letter=Letter.objects.get(number=sent.number), by=desk.clerk)
    flow.assign(letter=letter, unit=desk.bureau, by=desk.clerk)
    flow.take(letter=letter, by=desk.handler)
    flow.save_draft(letter=letter, text=ANSWER, by=desk.handler)
    flow.hand_in(letter=letter, by=desk.handler, guard_reason="核对无误")
    flow.approve(letter=letter, by=desk.head)
    flow.release(letter=letter, by=desk.releaser)
    assert ANSWER in visitor.look_up(sent)
