import threading

import pytest

from portal.core import extension_points, web_start


class Broken:
    def run(self, call, default):  # type: ignore[no-untyped-def]
        raise RuntimeError("for a test")


@pytest.mark.django_db
def test_each_starter_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    class Entry:
        def run(self, call, default):  # type: ignore[no-untyped-def]
            call(lambda: called.append("done"))

    monkeypatch.setattr(extension_points.web_starters, "entries", lambda: [Entry(), Entry()])
    monkeypatch.setattr(web_start.connections, "close_all", lambda: None)

    web_start.run()

    assert called == ["done", "done"]


def test_a_failure_ends_no_process(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(extension_points.web_starters, "entries", lambda: [Broken()])

    thread = web_start.begin()
    thread.join()

    assert thread is not threading.main_thread()
    assert "could not load everything" in caplog.text
