"""What becomes of the Chinese becomes of its versions within five seconds: with the real outbox process."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from wagtail.models import Page

from portal.core.models import OutboxCursor, OutboxEvent
from portal.foreign.models import PageTranslation
from tests.assistant.processes import running, wait_until
from tests.factories import ArticleFactory, ColumnFactory, World, publish, text

from .staleness import core, marks, open_section, released

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]
SECONDS = 5


@pytest.fixture
def versions(world: World) -> list[PageTranslation]:
    column = ColumnFactory(parent=world.column, title="服务", slug="fuwu")
    core(world, column)
    page = ArticleFactory(parent=column, title="签证", body=text("带上护照。", "不收费。"))
    return released(page, open_section(world), open_section(world, "ja"))


@pytest.fixture
def outbox_process(versions: list[PageTranslation], tmp_path: Path) -> Iterator[Path]:
    """The worker as the portal starts it, at work; its log."""
    log = tmp_path / "outbox.log"
    with running(["-m", "portal", "run_outbox"], tmp_path, log):
        last = OutboxEvent.objects.latest("pk").pk
        # What the worker does may write events of its own meanwhile.
        seen = OutboxCursor.objects.filter(consumer="foreign", position__gte=last)
        wait_until(seen.exists, log)
        yield log


def seconds_until(happens: Callable[[], bool], log: Path) -> float:
    began = time.monotonic()
    wait_until(happens, log)
    return time.monotonic() - began


def source(versions: list[PageTranslation]) -> Page:
    return Page.objects.get(pk=versions[0].source_id).specific


def test_a_withdrawal_that_tells_nobody_takes_every_version_along(
    versions: list[PageTranslation], outbox_process: Path
) -> None:
    targets = Page.objects.filter(pk__in=[row.target_id for row in versions])
    assert targets.filter(live=True).count() == 2
    page = source(versions)
    page.live = False
    page.save()  # a program: Wagtail's signal of withdrawals is not sent
    assert seconds_until(lambda: not targets.filter(live=True).exists(), outbox_process) < SECONDS


def test_a_changed_paragraph_is_one_mark_in_each_language(
    versions: list[PageTranslation], outbox_process: Path
) -> None:
    publish(source(versions), body=text("带上护照和照片。", "不收费。"))
    assert (
        seconds_until(lambda: all(len(marks(row)) == 1 for row in versions), outbox_process)
        < SECONDS
    )
