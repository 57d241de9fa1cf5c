"""What others get: API, schema, archive packages; files; portals that were there before."""

import hashlib
import io
import json
import zipfile

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client

from portal.library.files import follow_file
from portal.library.models import LibraryRecord, Sharing, State
from portal.library.record_json import VERSION, as_json, schema
from portal.library.services import records
from tests.factories import (
    ArticleFactory,
    DocumentFactory,
    ImageFactory,
    MediaFactory,
    World,
    publish,
    text,
)

from .conftest import record_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(
        schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def test_every_record_is_what_the_published_schema_says(world: World) -> None:
    ArticleFactory(
        parent=world.column,
        source="新华社",
        source_url="https://www.news.example/1",
        keywords="甲，乙",
    )
    DocumentFactory()
    MediaFactory()
    check = validator()
    found = LibraryRecord.objects.select_related("provider", "site", "page", "column")
    assert {record.record_type for record in found} >= {"article", "document", "video", "column"}
    for record in found:
        assert [error.message for error in check.iter_errors(as_json(record))] == []


def test_the_schema_refuses_a_repost_without_its_source(world: World) -> None:
    page = ArticleFactory(
        parent=world.column, source="新华社", source_url="https://www.news.example/1"
    )
    value = as_json(record_of(page))
    assert value["publication_kind"] == "repost"
    assert list(validator().iter_errors(value | {"source": {"name": "新华社", "url": ""}}))


def test_the_api_gives_what_is_open_and_nothing_else(world: World, client: Client) -> None:
    shown = ArticleFactory(parent=world.column)
    kept = ArticleFactory(parent=world.column)
    records.write(record=record_of(kept), values={"sharing": Sharing.NONE.value}, user=None)
    closed = ArticleFactory(parent=world.column)
    records.write(record=record_of(closed), values={"openness": "closed"}, user=None)
    gone = ArticleFactory(parent=world.column)
    gone.unpublish()
    answer = client.get("/api/v1/library/records?type=article&page_size=100").json()
    assert [item["id"] for item in answer["items"]] == [f"page:{shown.pk}"]
    assert client.get(f"/api/v1/library/records/{shown.pk}").json() == json.loads(
        json.dumps(as_json(record_of(shown)))
    )
    for page in (kept, closed, gone):
        assert client.get(f"/api/v1/library/records/{page.pk}").status_code == 404
    assert client.get(f"/api/v1/library/schema/{VERSION}.json").json() == schema()
    assert client.get("/api/v1/library/schema/9.9.json").status_code == 404
    assert client.get("/api/v1/library/records?theme=x'y").status_code == 422


def test_files_have_records_from_the_beginning(world: World) -> None:
    for file, kind in ((DocumentFactory(), "document"), (ImageFactory(), "image")):
        record = LibraryRecord.objects.get(item=f"{kind}:{file.pk}")
        assert record.state == State.PUBLIC
        assert record.provider_text
        number = record.index_no
        file.title = "新名"
        file.save()
        again = LibraryRecord.objects.get(item=record.item)
        assert (again.title, again.index_no) == ("新名", number)
        file.delete()
        assert LibraryRecord.objects.get(pk=record.pk).state == State.DELETED


def test_a_portal_that_was_there_before_gets_its_records(world: World) -> None:
    page = ArticleFactory(parent=world.column)
    document = DocumentFactory()
    LibraryRecord.objects.all().delete()
    call_command("library", "reconcile")
    assert record_of(page).state == State.PUBLIC
    assert LibraryRecord.objects.filter(item=f"document:{document.pk}").exists()
    assert record_of(page).checksum
    before = LibraryRecord.objects.count()
    call_command("library", "reconcile")
    assert LibraryRecord.objects.count() == before


def test_a_package_holds_pages_files_metadata_and_checksums(world: World, tmp_path) -> None:
    document = DocumentFactory()
    link = f'<p>见<a linktype="document" id="{document.pk}">附件</a></p>'
    page = ArticleFactory(
        parent=world.column, title="存档", body=[("paragraph", link)], slug="cundang"
    )
    page.save_revision().publish()
    follow_file(file=document)
    out = tmp_path / "site.zip"
    call_command("export_archive", site="yunhu", out=out, mark=True)
    with zipfile.ZipFile(out) as archive:
        names = set(archive.namelist())
        index = json.loads(archive.read("index.json"))
        assert index["standard"].startswith("GB/T 42147")
        entry = next(row for row in index["records"] if row["title"] == "存档")
        assert f"files/document-{document.pk}.docx" in entry["content"]
        html = archive.read(f"pages/page-{page.pk}.html").decode()
        assert "存档" in html
        validator().validate(json.loads(archive.read(entry["record"])))
        lines = archive.read("checksums.sha256").decode().splitlines()
        for line in lines:
            digest, path = line.split("  ", 1)
            assert hashlib.sha256(archive.read(path)).hexdigest() == digest
        assert names == {line.split("  ", 1)[1] for line in lines} | {"checksums.sha256"}
    assert record_of(page).archive_state == "archived"
    publish(page, title="存档后又改")
    assert record_of(page).archive_state == "due"


def test_one_record_can_be_taken_along(world: World, client: Client) -> None:
    from tests.factories import UserFactory

    page = ArticleFactory(parent=world.column, body=text("正文"))
    client.force_login(UserFactory(superuser=True))
    answer = client.get(f"/admin/library/records/{record_of(page).pk}/archive/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert f"pages/page-{page.pk}.html" in archive.namelist()
