"""Signal 9 to the processes of a portal: no event, no answer and no feedback is lost."""

import http.client
import json
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from wagtail.models import Page

from assistant.portal_plugin.models import AnswerRecord, Feedback, QuestionPage
from assistant.portal_plugin.selectors.knowledge import answerable
from portal.core import outbox
from portal.core.models import OutboxCursor, OutboxEvent, Publication, Standing
from tests.factories import ArticleFactory
from tests.factories.pages import publish

from .factories import make_question, source
from .processes import ROOT, Web, running, surroundings, wait_until, web

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

# The process dies in the moment of the commit, before it can tell anybody what it has done.
_WITHDRAWS_AND_DIES = """
import os, signal, sys
import django
django.setup()
from django.db import transaction
from wagtail.models import Page
page = Page.objects.get(pk=int(sys.argv[1])).specific
with transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    page.unpublish()
"""
# The outbox process dies when a consumer has done its work and the cursor has not moved yet.
_READS_AND_DIES = """
import os, signal
import django
django.setup()
from assistant.portal_plugin.followers import ValidityFollower
from portal.core import outbox

class Dies(ValidityFollower):
    def handle(self, events):
        super().handle(events)
        print("handled", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

outbox.run_consumers([Dies()])
"""


@pytest.fixture
def entry(column: Page) -> QuestionPage:
    """A public entry that rests on a page, with nothing left to be read in the outbox."""
    basis = publish(ArticleFactory(parent=column, draft=True))
    page = make_question(column, sources=[source(basis)])
    for name in ("assistant_validity", "assistant_receipts"):
        OutboxCursor.objects.update_or_create(consumer=name, defaults={"position": outbox.head()})
    return page


def standing(entry: Page) -> str:
    return str(Publication.objects.get(page=entry.pk, closed=False).standing)


def dies(program: str, data: Path, *arguments: str) -> str:
    """Run a program that kills itself; what it said."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=surroundings(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    return done.stdout


def withdraw_and_die(entry: QuestionPage, data: Path) -> None:
    basis = entry.sources.get().target_id
    dies(_WITHDRAWS_AND_DIES, data, str(basis))
    assert not Page.objects.get(pk=basis).live
    assert standing(entry) == Standing.IN_FORCE  # nobody was told


# --- the outbox process ---------------------------------------------------------------------------
def test_a_killed_outbox_process_takes_up_a_withdrawal_after_its_restart(
    entry: QuestionPage, tmp_path: Path
) -> None:
    command, log = ["-m", "portal", "run_outbox", "--interval", "0.1"], tmp_path / "outbox.log"
    with running(command, tmp_path, log) as first:
        before = OutboxEvent.objects.latest("pk").pk
        # Another consumer reads from the beginning: then the process is at work.
        wait_until(lambda: OutboxCursor.objects.filter(position=before).count() > 2, log)
        first.kill()
        first.wait(20)
    withdraw_and_die(entry, tmp_path)
    assert answerable([entry.pk]) == {}  # what answers read is the truth in any case
    with running(command, tmp_path, log):
        wait_until(lambda: standing(entry) == Standing.OUTDATED, log)
        wait_until(lambda: not any(outbox.lag().values()), log)
    assert OutboxEvent.objects.filter(kind="page.validity", key=f"page:{entry.pk}").count() == 1


def test_killed_in_the_middle_of_its_work_it_does_it_once_more_and_whole(
    entry: QuestionPage, tmp_path: Path
) -> None:
    withdraw_and_die(entry, tmp_path)
    behind = outbox.lag()["assistant_validity"]
    assert behind
    for _again in range(2):
        assert dies(_READS_AND_DIES, tmp_path) == "handled\n"
        # Work and cursor are one: neither is there.
        assert standing(entry) == Standing.IN_FORCE
        assert outbox.lag()["assistant_validity"] == behind
        assert not OutboxEvent.objects.filter(kind="page.validity", key=f"page:{entry.pk}").exists()
    log = tmp_path / "outbox.log"
    with running(["-m", "portal", "run_outbox", "--once"], tmp_path, log) as process:
        assert process.wait(180) == 0, log.read_text()[-2000:]
    assert standing(entry) == Standing.OUTDATED
    assert OutboxEvent.objects.filter(kind="page.validity", key=f"page:{entry.pk}").count() == 1


# --- web processes --------------------------------------------------------------------------------
def insists(work: Callable[[], tuple[int, bytes]], log: Path) -> bytes:
    """Send again until it is answered, as browsers do where the connection broke."""
    found: list[bytes] = []

    def answered() -> bool:
        try:
            status, body = work()
        except (OSError, http.client.HTTPException):
            return False
        assert status in (200, 503), body
        found[:] = [body] if status == 200 else []
        return bool(found)

    wait_until(answered, log, 180)
    return found[0]


def test_killed_web_processes_lose_no_answer_and_no_feedback(column: Page, tmp_path: Path) -> None:
    entry = make_question(column)
    turns = [str(uuid.uuid4()) for _number in range(12)]
    with web(tmp_path) as served:
        is_over = threading.Event()

        def kills() -> None:
            # At any moment of the requests, with more and more time for a new process to answer
            # some: a loaded machine takes seconds for the first.
            pause = 1.5
            while not is_over.wait(pause):
                if _answers(served):
                    served.kill_worker()
                    pause *= 1.5

        def message(turn: str) -> dict[str, Any]:
            content = {"text": entry.question, "turn": turn}
            body = insists(
                lambda: served.ask("POST", "/api/v1/assistant/messages", content), served.log
            )
            given: dict[str, Any] = json.loads(body)["answer"]
            address = f"/api/v1/assistant/answers/{given['id']}/feedback"
            insists(lambda: served.ask("POST", address, {"useful": True}), served.log)
            return given

        first = set(served.workers())
        served.kill_worker()  # once for certain
        killer = threading.Thread(target=kills)
        killer.start()
        try:
            with ThreadPoolExecutor(3) as pool:
                given = list(pool.map(message, turns))
        finally:
            is_over.set()
            killer.join()
        assert first.isdisjoint(served.workers())
        # Told as given, kept as told, each once: also what was asked again after a broken connection.
        assert {one["status"] for one in given} == {"answered"}
        kept = AnswerRecord.objects.filter(turn__in=turns)
        assert {row.pk for row in kept} == {one["id"] for one in given}
        assert kept.count() == len(turns)
        assert Feedback.objects.filter(answer__in=kept, useful=True).count() == len(turns)
        receipt = f"/api/v1/assistant/answers/{given[0]['id']}"
        shown = json.loads(insists(lambda: served.ask("GET", receipt), served.log))
        assert (shown["text"], shown["is_unaltered"]) == (given[0]["text"], True)
    connection.close()


def _answers(served: Web) -> bool:
    try:
        return served.ask("GET", "/healthz", timeout=5)[0] == 200
    except (OSError, http.client.HTTPException):
        return False
