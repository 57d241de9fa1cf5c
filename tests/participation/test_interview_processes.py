"""Streams under the real web server: they hold no more than half of it, and leave when told."""

import contextlib
import http.client
from pathlib import Path

import pytest
from wagtail.models import Site

from portal.participation.services import interviews as services
from tests.assistant.processes import Web, wait_until, web
from tests.factories.worlds import make_world

from .interviews import on_air

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 4


class Reader:
    """A browser on a stream."""

    def __init__(self, portal: Web, path: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=30)
        self.line.request("GET", path, headers={"Accept": "text/event-stream"})
        self.response = self.line.getresponse()

    def event(self) -> str:
        """The next event, without the retry time and the comments before it."""
        while True:
            lines = list(iter(lambda: self.response.readline().decode().rstrip("\n"), ""))
            if any(line.startswith("event:") for line in lines):
                return "\n".join(lines)

    def leave(self) -> None:
        self.line.close()
        self.response.close()


def test_readers_beyond_the_places_are_told_so_and_pages_are_served(tmp_path: Path) -> None:
    page = on_air(make_world().column)
    Site.objects.filter(is_default_site=True).update(hostname="127.0.0.1")
    live, news = (f"/participation/interviews/{page.pk}/{name}" for name in ("live", "news"))
    with web(tmp_path, PORTAL_WEB_THREADS=str(THREADS)) as portal, contextlib.ExitStack() as held:
        readers = [Reader(portal, live) for _place in range(THREADS // 2)]
        for reader in readers:
            held.callback(reader.leave)
        assert [reader.response.status for reader in readers] == [200] * len(readers)
        # What is said reaches everybody who reads along, within seconds.
        services.post(page=page, speaker="副局长", text="六周岁。")
        for reader in readers:
            assert "六周岁。" in reader.event()
        # The next one is told to ask instead, and is answered; so is everybody else.
        assert portal.ask("GET", live)[0] == 503
        status, body = portal.ask("GET", news)
        assert status == 200
        assert "六周岁。" in body.decode()
        for _visit in range(2 * THREADS):
            assert portal.ask("GET", "/healthz")[0] == 200
        # One leaves: what is said next finds nobody there, and the place is free.
        readers[0].leave()
        services.post(page=page, speaker="副局长", text="再见。")

        def finds_a_place() -> bool:
            services.post(page=page, speaker="主持人", text="还在")
            reader = Reader(portal, live)
            reader.leave()
            return reader.response.status == 200

        wait_until(finds_a_place, portal.log, 60)
        services.end(page=page)
        while "event: over" not in readers[1].event():
            pass
