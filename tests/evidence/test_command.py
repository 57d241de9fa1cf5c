"""``portal verify``: exit codes, the report, repairing; the nightly portions."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Revision

from portal.evidence import jobs
from portal.evidence.models import Finding, Root, Run
from portal.plugin_api import StoredPage, evidence_hash, page_store
from tests.factories import World

from .conftest import check, new_article

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify", *arguments, stdout=out, stderr=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_exit_codes_and_report(city: World, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    assert run("--report", str(target))[0] == 0
    assert json.loads(target.read_text())["findings"] == []
    page = Page.objects.filter(title__startswith="公园")[0]
    Page.objects.filter(pk=page.pk).update(title="公园永久关闭")
    code, told = run("--report", str(target))
    assert code == 1
    assert f"wagtailcore_page #{page.pk} title" in told
    found = json.loads(target.read_text())["findings"][0]
    assert (found["place"], found["field"]) == (f"wagtailcore_page #{page.pk}", "title")
    assert found["last_good_at"] is not None
    with pytest.raises(CommandError) as refused:
        call_command("verify", "--report", "/nowhere/at/all/x.json")
    assert refused.value.returncode == 2


def test_repair_writes_a_page_back_from_its_live_version(city: World) -> None:
    page = Page.objects.filter(title__startswith="公园").specific()[0]
    body = page.body.raw_data[:] if hasattr(page, "body") else None
    type(page).objects.filter(pk=page.pk).update(title="公园永久关闭", body=[])
    code, told = run("--repair")
    assert code == 1
    assert "restored from the live version" in told
    again = Page.objects.get(pk=page.pk).specific
    assert again.title == page.title
    assert list(again.body.raw_data) == list(body or [])
    assert run()[0] == 0
    assert set(Finding.objects.values_list("status", flat=True)) == {Finding.Status.RESTORED}


def test_repair_does_not_believe_a_version_that_was_changed_too(city: World) -> None:
    page = Page.objects.filter(title__startswith="公园")[0]
    revision = Revision.objects.get(pk=page.live_revision_id)
    Revision.objects.filter(pk=revision.pk).update(
        content=revision.content | {"title": "公园永久关闭"}
    )
    Page.objects.filter(pk=page.pk).update(title="公园永久关闭")
    assert run("--repair")[0] == 1
    assert Page.objects.get(pk=page.pk).title == "公园永久关闭"
    places = {found.place for found in check().findings}
    assert f"wagtailcore_revision #{revision.pk}" in places
    assert f"wagtailcore_page #{page.pk}" in places


def test_a_page_that_somebody_put_there_is_found(city: World) -> None:
    page = new_article(city, title="凭空出现")
    from portal.plugin_api import OutboxEvent

    OutboxEvent.objects.filter(key=f"page:{page.pk}").delete()
    found = {(one.code, one.place) for one in check().findings}
    assert ("not-in-log", f"wagtailcore_page #{page.pk}") in found


def test_a_page_that_somebody_took_away_is_found(city: World) -> None:
    page = Page.objects.filter(title__startswith="公园")[0]
    Page.objects.filter(pk=page.pk).update(live=False)
    assert ("gone", f"wagtailcore_page #{page.pk}") in {
        (one.code, one.place) for one in check().findings
    }


# --- the store of finished pages ------------------------------------------------------------------
class Store:
    """A store such as the plugin for publishing has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.kept: dict[str, StoredPage] = {}
        for name in ("a", "b"):
            path = folder / f"{name}.html"
            path.write_text(f"<p>{name}</p>")
            address = f"www.yunhu.example/{name}/"
            digest = evidence_hash(path.read_bytes())
            self.kept[address] = StoredPage(address, path, digest, None)

    def stored_pages(self) -> Iterator[StoredPage]:
        yield from sorted(self.kept.values(), key=lambda one: one.address)

    def discard(self, address: str) -> bool:
        gone = self.kept.pop(address, None)
        if gone is not None:
            gone.path.unlink(missing_ok=True)
        return gone is not None

    def strangers(self) -> Iterator[Path]:
        known = {one.path for one in self.kept.values()}
        yield from (path for path in self.folder.iterdir() if path not in known)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store(tmp_path / "pages")
    monkeypatch.setattr(page_store, "provider", lambda site=None: made)
    return made


def test_the_store_is_checked_and_put_right(city: World, store: Store, tmp_path: Path) -> None:
    assert run()[0] == 0
    changed = store.kept["www.yunhu.example/a/"].path
    changed.write_text("<p>A</p>")
    stranger = tmp_path / "pages" / "evil.html"
    stranger.write_text("<script>")
    code, told = run()
    assert code == 1
    assert str(changed) in told
    assert str(stranger) in told
    assert run("--repair")[0] == 1
    assert list(store.kept) == ["www.yunhu.example/b/"]
    assert not stranger.exists()
    assert [path.read_text() for path in (tmp_path / "evidence" / "strangers").iterdir()] == [
        "<script>"
    ]
    assert run()[0] == 0


# --- at night -------------------------------------------------------------------------------------
def test_the_nightly_check_goes_on_where_it_stopped(
    city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SECONDS", 0.0)
    portions = 0
    with time_machine.travel("2026-11-28 02:00+08:00", tick=False):
        while not Run.objects.filter(finished_at__isnull=False).exists():
            jobs.check_portion(None)
            portions += 1
            assert portions < 100
        assert portions > 5
        whole = Run.objects.get()
        jobs.check_portion(None)
        assert Run.objects.count() == 1, "once a night"
    assert whole.found == 0
    assert whole.checked > 20
    with time_machine.travel("2026-11-29 12:00+08:00", tick=False):
        jobs.check_portion(None)
        assert Run.objects.count() == 1, "not by day"


def test_a_finding_that_is_right_again_is_closed_by_a_whole_check(city: World) -> None:
    page = Page.objects.filter(title__startswith="公园")[0]
    Page.objects.filter(pk=page.pk).update(title="公园永久关闭")
    check()
    check()
    assert Finding.objects.get().status == Finding.Status.OPEN
    Page.objects.filter(pk=page.pk).update(title=page.title)
    check()
    assert Finding.objects.get().status == Finding.Status.RESTORED


def test_the_root_is_signed_at_night(city: World) -> None:
    jobs.sign_root(None)
    assert Root.objects.count() == 1


def test_the_cost_for_each_page_is_flat(city: World) -> None:
    """Three times the pages: no query more in a portion."""
    from portal.evidence.services.checks_items import _items
    from portal.evidence.services.following import catch_up
    from portal.evidence.sources.pages import PageRows

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            for step in _items(PageRows(), {}, False):
                assert not step.findings
        return len(captured)

    catch_up()
    queries()
    before = queries()
    for number in range(12):
        new_article(city, title=f"又一则{number}")
    catch_up()
    assert queries() == before
