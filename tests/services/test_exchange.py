"""Guides as files: nothing is lost, each error has its row and column, drafts stay drafts."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal.plugin_api import Batches, PortalDocument
from portal.services import permissions
from portal.services.exchange import uploads
from portal.services.exchange.columns import joined, split
from portal.services.exchange.reading import FileRefused, RawGuide, read
from portal.services.exchange.storing import Importer, Status
from portal.services.exchange.writing import guides_as, latest, values_of
from portal.services.models import GuideImport, GuideMaterial, GuidePage
from portal.services.permissions import columns_for, may_bring_into
from tests.factories import OrganisationFactory, UserFactory, World

from .factories import make_guide, term

pytestmark = pytest.mark.django_db

HEAD = "title,summary,unit,implementation_code,visits,life_events,materials,places\n"


@pytest.fixture
def guide(world: World) -> GuidePage:
    form = PortalDocument.objects.create(title="申领表", file=ContentFile(b"form", name="form.txt"))
    return make_guide(
        world.column,
        owner_unit=OrganisationFactory(code="gaj"),
        implementation_code="0119 A/甲-1",
        is_charged=True,
        fee_standard="工本费|10元\n加急\\20元",
        contact_phone="+86 999 10000110",
        promise="'=不是公式",
        norms="-按序叫号",
        visits=1,
        served="natural,legal",
        item_type=term("item_type", "xuke"),
        materials=[
            GuideMaterial(name="身份证|户口簿", copies=2, instruction="第一行\n第二行"),
            GuideMaterial(name="申领表", necessity="case", case_note="首次", blank_form=form),
        ],
        terms=[term("life_event", "luohu"), term("person", "xinshimin")],
    )


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_a_round_trip_loses_nothing(world: World, guide: GuidePage, kind: str) -> None:
    before = values_of(guide)
    data = guides_as(kind, latest(GuidePage.objects.all()))
    rows = read(data, f"guides.{kind}")
    again = Importer(world.column).run(rows, dry_run=False)
    assert [step.status for step in again.steps] == [Status.UNCHANGED], again.steps
    # Into a portal without it.
    guide.delete()
    [step] = Importer(world.hubin_column).run(rows, dry_run=False).steps
    assert step.status is Status.CREATED
    made = GuidePage.objects.get(pk=step.page)
    assert not made.live  # three reviews first
    assert {k: v for k, v in values_of(made).items() if k != "slug"} == {
        k: v for k, v in before.items() if k != "slug"
    }


def test_values_with_strokes_breaks_and_backslashes() -> None:
    values = ["a|b", "c\nd", "\\n", "\\", "x\\|y", ""]
    assert split(joined(values)) == values[:-1]


def test_each_error_names_row_and_column(world: World) -> None:
    OrganisationFactory(code="gaj", full_name="云湖市公安局")
    table = HEAD + (
        '居住证申领,一句话。,云湖市公安局,A1,1,户籍迁移,身份证|required,"市民中心||同心路16号|||1-5 9:00-12:00"\n'
        ",没有名字,,,,,,\n"
        "签注,一句话。,没有的局,A2,很多,没有的事,,\n"
        '换证,一句话。,gaj,A1,,,"身份证|不知道","大厅||某路|||每天"\n'
        "过户,,gaj,A3,,,,\n"
    )
    rows = read(table.encode(), "guides.csv")
    outcome = Importer(world.column).run(rows, dry_run=True)
    told = {step.line: sorted({p.column for p in step.problems}) for step in outcome.steps}
    assert told == {
        2: [],
        3: ["title"],
        4: ["life_events", "unit", "visits"],
        5: ["implementation_code", "materials 1: necessity", "places 1: hours"],
        6: ["summary"],
    }
    assert not GuidePage.objects.exists()  # it was a dry run


def test_a_change_becomes_a_draft_and_the_public_text_stays(world: World, guide: GuidePage) -> None:
    row = RawGuide(1, {"implementation_code": guide.implementation_code, "title": "新的名字"})
    [step] = Importer(world.column).run([row], dry_run=False).steps
    assert step.status is Status.UPDATED
    guide.refresh_from_db()
    assert guide.title != "新的名字"
    assert guide.has_unpublished_changes
    found = guide.get_latest_revision_as_object()
    assert found.title == "新的名字"
    assert found.materials.count() == 2  # columns that were not there change nothing


def test_another_sites_guide_is_not_touched(world: World, guide: GuidePage) -> None:
    row = RawGuide(1, {"implementation_code": guide.implementation_code, "title": "别的站点"})
    [step] = Importer(world.hubin_column).run([row], dry_run=False).steps
    assert step.status is Status.REFUSED


def test_markup_is_cleaned(world: World) -> None:
    bad = '<p onclick="x()">可以<script>alert(1)</script><a href="javascript:x">看</a></p>'
    row = RawGuide(1, {"title": "事项", "summary": "一句话。", "conditions": bad})
    [step] = Importer(world.column).run([row], dry_run=False).steps
    conditions = GuidePage.objects.get(pk=step.page).conditions
    assert "script" not in conditions
    assert "onclick" not in conditions
    assert "可以" in conditions


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"{", "a.json"),
        (b'{"format": "other", "version": 1, "guides": []}', "a.json"),
        (b"[1]", "a.json"),
        (b"name\nx", "a.csv"),
        (b"PK\x03\x04broken", "a.xlsx"),
        (b"x", "a.pdf"),
    ],
)
def test_files_that_are_none_are_refused(data: bytes, name: str) -> None:
    with pytest.raises(FileRefused):
        read(data, name)


def test_the_command(world: World, tmp_path: Path) -> None:
    file, told = tmp_path / "g.csv", tmp_path / "report.json"
    file.write_text("title,summary\n事项一,一句话。\n,没有名字\n", encoding="utf-8")
    out = StringIO()
    options: Any = {"column": "/yaowen/", "report": str(told), "stdout": out, "stderr": StringIO()}
    with pytest.raises(CommandError):
        call_command("import_guides", str(file), dry_run=True, **options)
    assert not GuidePage.objects.exists()
    with pytest.raises(CommandError):  # one row was refused, the other is stored
        call_command("import_guides", str(file), **options)
    assert GuidePage.objects.get().draft_title == "事项一"
    assert json.loads(told.read_text())["counts"]["refused"] == 1
    with pytest.raises(CommandError):
        call_command("import_guides", str(file), **options)
    assert GuidePage.objects.count() == 1  # again: nothing is doubled
    exported = tmp_path / "out.json"
    call_command("export_guides", str(exported), stdout=StringIO())
    assert [g["title"] for g in json.loads(exported.read_text())["guides"]] == ["事项一"]


def test_the_screen_checks_first_and_stores_after_the_yes(
    admin_client: Client, admin_user: Any, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    upload = SimpleUploadedFile("g.csv", "title,summary\n事项一,一句话。\n,无\n".encode())
    answer = admin_client.post(
        reverse("services_imports"), {"column": world.column.pk, "file": upload}
    )
    batch = GuideImport.objects.get()
    assert answer.status_code == 302
    assert not GuidePage.objects.exists()
    assert "title" in admin_client.get(reverse("services_import", args=[batch.pk])).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("services_import", args=[batch.pk]), {"do": "confirm"})
    uploads.GUIDE_FILES.work(batch.pk, "zh-hans")  # where tasks wait for a worker
    batch.refresh_from_db()
    assert batch.state == GuideImport.State.DONE
    assert batch.outcome["counts"] == {"created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    assert not GuidePage.objects.get().live


def test_an_interrupted_import_goes_on(
    admin_user: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = "title,summary\n" + "".join(f"事项{n},一句话。\n" for n in range(4))
    upload = SimpleUploadedFile("g.csv", table.encode())
    batch = uploads.bring(upload=upload, column=world.column, user=admin_user)
    GuideImport.objects.filter(pk=batch.pk).update(state=GuideImport.State.RUNNING)

    def stop(files: Any, pk: int, done: int, wanted: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Batches, "beat", stop)
        with pytest.raises(KeyboardInterrupt):
            uploads.GUIDE_FILES.work(batch.pk, "zh-hans")
    assert GuidePage.objects.count() == 2
    uploads.GUIDE_FILES.work(batch.pk, "zh-hans")
    assert GuidePage.objects.count() == 4
    batch.refresh_from_db()
    assert batch.outcome["counts"]["unchanged"] == 2


def test_who_may_not_bring_guides(client: Client, world: World, admin_user: Any) -> None:
    assert may_bring_into(admin_user, world.column)
    nobody = UserFactory()
    assert not may_bring_into(nobody, world.column)
    client.force_login(nobody)
    for name, args in (("services_imports", []), ("services_export", ["json"])):
        assert client.get(reverse(name, args=args)).status_code in (302, 403)


# --- odd files ------------------------------------------------------------------------------------
def told(world: World, *rows: dict[str, Any], dry_run: bool = True) -> list[tuple[str, set[str]]]:
    """(state, columns that have something wrong) of each row."""
    raw = [RawGuide(number, row) for number, row in enumerate(rows, start=1)]
    steps = Importer(world.column).run(raw, dry_run=dry_run).steps
    return [(step.status.value, {p.column for p in step.problems}) for step in steps]


def test_a_key_of_another_kind_of_page_is_refused_and_stops_no_other_row(world: World) -> None:
    key = str(world.column.translation_key)
    rows = [
        {"title": "甲", "summary": "一句话。", "key": key},
        {"title": "乙", "summary": "一句话。"},
    ]
    for dry_run in (True, False):
        assert told(world, *rows, dry_run=dry_run) == [("refused", {"key"}), ("created", set())]


def test_a_key_stands_once_in_a_file(world: World) -> None:
    key = "7f9c0f9e-5c55-4a5a-9f4b-0d8f1f0f1f11"
    rows = [{"title": name, "summary": "一句话。", "key": key} for name in ("甲", "乙")]
    for dry_run in (True, False):
        assert told(world, *rows, dry_run=dry_run) == [("created", set()), ("refused", {"key"})]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("served", {"a": 1}),
        ("subjects", True),
        ("key", ["x"]),
        ("implementation_code", {"a": 1}),
        ("title", ["甲"]),
        ("summary", "\ud800"),
        ("basis", [{"label": "某法", "clauses": {"a": 1}}]),
        ("places", [{"name": "大厅", "address": "某路", "hours": [{"days": [1], "from": "9"}]}]),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isascii() else None,
)
def test_a_value_of_the_wrong_kind_is_told_with_its_column(
    world: World, column: str, value: Any
) -> None:
    row = {"title": "甲", "summary": "一句话。"} | {column: value}
    [(state, columns)] = told(world, row)
    assert state == "refused"
    assert columns
    assert all(name.startswith(column) for name in columns)


def test_an_abyss_of_brackets_is_no_file_of_guides() -> None:
    with pytest.raises(FileRefused):
        read(b"[" * 200_000, "a.json")


def test_a_file_with_signs_that_no_database_stores_is_checked(
    admin_user: Any, world: World
) -> None:
    data = b'[{"title": "a\\u0000b\\ud800", "summary": "x"}]'
    upload = SimpleUploadedFile("g.json", data)
    batch = uploads.bring(upload=upload, column=world.column, user=admin_user)
    [row] = batch.outcome["rows"]
    assert "\x00" not in row["title"]
    json.dumps(batch.outcome, ensure_ascii=False).encode()  # what a database has to store


def test_where_services_are_off_no_guides_are_brought_in(
    world: World, admin_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert columns_for(admin_user)
    monkeypatch.setattr(permissions, "is_enabled", lambda slug, site: False)
    assert not may_bring_into(admin_user, world.column)
    assert columns_for(admin_user) == []
