"""The outbox: written with what it tells of, read in order, never lost, whatever dies when."""

import datetime
import threading
import time

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from portal.core import extension_points, outbox
from portal.core.models import OutboxCursor, OutboxEvent
from portal.plugins.registry import PORTAL
from tests.factories import ArticleFactory, World, publish

from .conftest import Reader


def happen(*keys: str, kind: str = "thing.happened") -> None:
    with transaction.atomic():
        for key in keys:
            outbox.append(kind, key)


def run(*readers: Reader, batch: int = 100) -> list[outbox.ConsumerReport]:
    return outbox.run_consumers(readers, batch=batch)


def position(reader: Reader) -> int:
    return OutboxCursor.objects.get(consumer=reader.name).position


@pytest.mark.django_db(transaction=True)
class TestTransaction:
    def test_refused_outside_a_transaction(self) -> None:
        with pytest.raises(RuntimeError, match="transaction"):
            outbox.append("thing.happened", "a")

    def test_the_event_goes_with_a_transaction_that_fails(self, reader: Reader) -> None:
        @transaction.atomic
        def work() -> None:
            outbox.append("thing.happened", "a")
            raise RuntimeError("power cut")

        with pytest.raises(RuntimeError, match="power cut"):
            work()
        assert not OutboxEvent.objects.exists()
        assert run(reader)[0].handled == 0

    def test_a_dying_process_leaves_events_and_cursor_as_they_were(self, reader: Reader) -> None:
        """``SystemExit`` stands for a kill: nobody catches it, nothing is committed."""
        happen("a", "b", "c")
        reader.write = lambda events: happen("written by the reader", kind="other")
        reader.error = SystemExit(9)
        with pytest.raises(SystemExit):
            run(reader)
        assert not OutboxCursor.objects.filter(position__gt=0).exists()
        assert not OutboxEvent.objects.filter(kind="other").exists()
        reader.error, reader.write = None, lambda events: None
        run(reader)
        assert reader.read == ["a", "b", "c"]

    def test_dying_in_a_later_batch_keeps_the_earlier_ones(self, reader: Reader) -> None:
        happen(*"abcdef")

        def die_at_the_second(events: object) -> None:
            if len(reader.calls) == 2:
                raise SystemExit(9)

        reader.write = die_at_the_second
        with pytest.raises(SystemExit):
            run(reader, batch=2)
        assert reader.read == ["a", "b"]
        run(reader, batch=2)
        assert reader.read == list("abcdef")

    def test_no_event_is_overtaken(self, reader: Reader) -> None:
        """Ids are given before the commit: a slow writer must not be passed by a quick one."""
        first_has_written, finished = threading.Event(), threading.Event()

        def slow() -> None:
            try:
                with transaction.atomic():
                    outbox.append("thing.happened", "slow")
                    first_has_written.set()
                    time.sleep(0.5)
            finally:
                connection.close()

        def quick() -> None:
            try:
                happen("quick")
                finished.set()
            finally:
                connection.close()

        threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
        threads[0].start()
        assert first_has_written.wait(10)
        threads[1].start()
        run(reader)
        for thread in threads:
            thread.join(10)
        assert finished.is_set()
        run(reader)
        assert reader.read == ["slow", "quick"]


@pytest.mark.django_db
class TestReading:
    def test_in_order_and_once(self, reader: Reader) -> None:
        happen("a", "b")
        happen("c")
        [report] = run(reader)
        assert (report.handled, report.error) == (3, "")
        run(reader)
        assert reader.read == ["a", "b", "c"]

    def test_in_batches(self, reader: Reader) -> None:
        happen(*"abcde")
        run(reader, batch=2)
        assert reader.calls == [2, 2, 1]
        assert reader.read == list("abcde")

    def test_other_kinds_are_passed_over(self, reader: Reader) -> None:
        happen("a")
        happen("b", kind="nobody.cares")
        run(reader)
        assert reader.read == ["a"]
        assert position(reader) == outbox.head()

    def test_each_consumer_has_its_own_cursor(self, reader: Reader) -> None:
        happen("a")
        run(reader)
        newcomer = Reader(name="tests.newcomer")
        happen("b")
        run(reader, newcomer)
        assert (reader.read, newcomer.read) == (["a", "b"], ["a", "b"])

    def test_lag(self, reader: Reader) -> None:
        happen("a")
        run(reader)
        assert outbox.lag() == {reader.name: 0}
        happen("b", "c")
        assert outbox.lag() == {reader.name: 2}

    def test_head_of_an_empty_outbox(self) -> None:
        assert outbox.head() == 0


@pytest.mark.django_db
class TestFailing:
    def test_it_stays_where_it_is_and_is_told(self, reader: Reader) -> None:
        happen("a")
        reader.error = ValueError("no room in the index")
        [report] = run(reader)
        assert report.handled == 0
        assert "no room in the index" in report.error
        cursor = OutboxCursor.objects.get(consumer=reader.name)
        assert (cursor.position, cursor.failures) == (0, 1)
        assert cursor.last_error == "ValueError: no room in the index"

    def test_it_holds_up_nobody(self, reader: Reader) -> None:
        other = Reader(name="tests.other")
        reader.error = ValueError("broken")
        happen("a", "b")
        run(reader, other)
        assert other.read == ["a", "b"]

    def test_pauses_grow_and_end(self, reader: Reader) -> None:
        happen("a")
        reader.error = ValueError("broken")
        now = timezone.now()
        pauses = []
        for _ in range(10):
            with time_machine.travel(now, tick=False):
                run(reader)
                retry_at = OutboxCursor.objects.get(consumer=reader.name).retry_at
                pauses.append((retry_at - now).total_seconds())
                now = retry_at + datetime.timedelta(seconds=1)
        assert pauses[:4] == [2, 4, 8, 16]
        assert pauses == sorted(pauses)
        assert max(pauses) <= 300

    def test_it_is_left_alone_during_its_pause_and_tried_after_it(self, reader: Reader) -> None:
        happen("a")
        reader.error = ValueError("broken")
        run(reader)
        run(reader)
        assert reader.calls == [1]
        reader.error = None
        with time_machine.travel(timezone.now() + datetime.timedelta(seconds=10)):
            run(reader)
        assert reader.read == ["a"]
        cursor = OutboxCursor.objects.get(consumer=reader.name)
        assert (cursor.failures, cursor.last_error, cursor.retry_at) == (0, "", None)

    def test_what_it_wrote_before_failing_is_undone(self, reader: Reader) -> None:
        happen("a")
        reader.write = lambda events: happen("half done", kind="other")
        reader.error = ValueError("broken")
        run(reader)
        assert not OutboxEvent.objects.filter(kind="other").exists()

    def test_a_database_error_inside_spoils_no_other(self, reader: Reader) -> None:
        other = Reader(name="tests.other")
        happen("a")

        def wrong(events: object) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM a_table_that_is_missing")

        reader.write = wrong
        run(reader, other)
        assert other.read == ["a"]
        assert OutboxCursor.objects.get(consumer=reader.name).failures == 1


@pytest.mark.django_db
class TestWhatPagesTell:
    def kinds(self, since: int) -> list[tuple[str, str]]:
        told = OutboxEvent.objects.filter(pk__gt=since).exclude(kind="record.changed")
        return list(told.values_list("kind", "key"))

    def test_the_life_of_a_page(
        self, world: World, django_capture_on_commit_callbacks: object
    ) -> None:
        start = outbox.head()
        page = ArticleFactory(parent=world.column, draft=True)
        assert self.kinds(start) == []
        page = publish(page)
        page = publish(page, title="newer")
        page.move(world.hubin_column, pos="last-child")
        page = type(page).objects.get(pk=page.pk)
        with django_capture_on_commit_callbacks(execute=True):
            publish(page, slug="elsewhere")
        page = type(page).objects.get(pk=page.pk)
        page.unpublish()
        publish(type(page).objects.get(pk=page.pk))
        page.delete()
        assert [kind for kind, _key in self.kinds(start)] == [
            "page.published",
            "page.updated",
            "page.moved",
            "page.updated",
            "page.moved",
            "page.withdrawn",
            "page.published",
            "page.deleted",
        ]
        assert {key for _kind, key in self.kinds(start)} == {f"page:{page.pk}"}

    def test_a_deleted_draft_tells_nothing(self, world: World) -> None:
        page = ArticleFactory(parent=world.column, draft=True)
        start = outbox.head()
        page.delete()
        assert self.kinds(start) == []

    def test_every_page_of_a_deleted_branch_is_told(self, world: World) -> None:
        pages = ArticleFactory.create_batch(3, parent=world.hubin_column)
        start, site = outbox.head(), world.hubin.pk
        world.hubin.delete()
        world.hubin_home.delete()
        told = self.kinds(start)
        assert {key for kind, key in told if kind != "site.changed"} == {
            f"page:{page.pk}" for page in (world.hubin_home, world.hubin_column, *pages)
        }
        assert {key for kind, key in told if kind == "site.changed"} == {f"site:{site}"}

    def test_what_an_event_says(self, world: World) -> None:
        page = publish(ArticleFactory(parent=world.hubin_column, title="通知", slug="tz"))
        event = OutboxEvent.objects.latest("pk")
        assert event.payload == {
            "page": page.pk,
            "type": "pages.articlepage",
            "title": "通知",
            "url_path": "/yunhu/hubin/dongtai/tz/",
            "language": "zh-hans",
            "version": page.live_revision_id,
            "site": world.hubin.pk,
        }


@pytest.mark.django_db
def test_the_command_serves_every_registered_consumer(
    reader: Reader, capsys: pytest.CaptureFixture[str]
) -> None:
    happen("a")
    with extension_points.outbox_consumers.temporarily(reader, plugin=PORTAL, name="reader"):
        call_command("run_outbox", once=True)
    assert reader.read == ["a"]
    assert "tests.reader: 1" in capsys.readouterr().out
