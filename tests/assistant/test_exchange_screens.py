"""Files of entries in the admin: dry run, confirmation, result; taking out; who may."""

import html
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from assistant.portal_plugin.exchange import uploads
from assistant.portal_plugin.exchange.reading import read
from assistant.portal_plugin.exchange.rows import row_of
from assistant.portal_plugin.exchange.writing import NotWritable, entries_as, entry_rows
from assistant.portal_plugin.models import EntryImport, QuestionPage, Topic
from portal.core.models import Publication, ReviewRound
from tests.factories import UserFactory, World, member, reviewed

from .factories import make_question, source

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


@pytest.fixture
def admin(db: None) -> Client:
    return signed_in(UserFactory(superuser=True))


def upload(*rows: dict[str, Any], name: str = "a.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "".join(json.dumps(row) + "\n" for row in rows).encode())


ROWS = (
    {"id": "a", "question": "怎么落户？", "answer": "带户口簿。"},
    {"id": "b", "answer": ""},
    {"id": "c", "answer": "丙", "owner": "某局"},
)


def bring(client: Client, column: Page, *rows: dict[str, Any], **data: Any) -> Any:
    return client.post(
        reverse("assistant_imports"), {"column": column.pk, "file": upload(*rows)} | data
    )


# --- bringing in ----------------------------------------------------------------------------------
def test_nothing_changes_before_one_confirms(
    admin: Client, column: Page, django_capture_on_commit_callbacks: Any
) -> None:
    response = bring(admin, column, *ROWS)
    batch = EntryImport.objects.get()
    address = reverse("assistant_import", args=[batch.pk])
    assert response.headers["Location"] == address
    assert not QuestionPage.objects.exists()
    page = admin.get(address).content.decode()
    assert "某局" in page
    assert batch.outcome["counts"] == {
        "created": 2, "updated": 0, "unchanged": 0, "withdrawn": 0, "refused": 1,
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(address, {"do": "confirm"})
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.total) == ("done", 3, 3)
    assert not batch.file
    assert set(QuestionPage.objects.filter(live=True).values_list("key", flat=True)) == {"a", "c"}
    page = QuestionPage.objects.get(key="a")
    assert page.get_parent().pk == column.pk
    assert Publication.objects.get(page=page).published_by == batch.started_by
    assert admin.get(address).status_code == 200
    progress = admin.get(reverse("assistant_import_progress", args=[batch.pk])).json()
    assert progress == {"done": 3, "total": 3, "percent": 100, "running": False}
    admin.post(address, {"do": "confirm"})  # pressed twice
    assert QuestionPage.objects.count() == 2


def test_what_people_bring_in_goes_into_its_reviews(
    admin: Client,
    provisioned_world: World,
    reviews_demanded: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    bring(admin, provisioned_world.column, *ROWS)
    address = reverse("assistant_import", args=[EntryImport.objects.get().pk])
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(address, {"do": "confirm"})
    batch = EntryImport.objects.get()
    assert (batch.state, batch.outcome["counts"]["created"]) == ("done", 2)
    assert not QuestionPage.objects.filter(live=True).exists()
    waiting = ReviewRound.objects.open()
    assert {review.page_id for review in waiting} == set(
        QuestionPage.objects.values_list("pk", flat=True)
    )
    page = QuestionPage.objects.get(key="a")
    reviewed(page, provisioned_world.site)
    assert QuestionPage.objects.get(key="a").live
    # The same file once more changes nothing, and hands nothing in.
    bring(admin, provisioned_world.column, ROWS[0])
    again = EntryImport.objects.latest("pk")
    assert again.outcome["counts"]["unchanged"] == 1


@pytest.mark.parametrize(
    ("name", "data"), [("a.txt", b"x"), ("a.xlsx", b"PK\3\4x"), ("a.csv", b"x,y\n1,2\n")]
)
def test_a_file_that_cannot_be_read_is_refused_in_the_form(
    admin: Client, column: Page, name: str, data: bytes
) -> None:
    response = admin.post(
        reverse("assistant_imports"), {"column": column.pk, "file": SimpleUploadedFile(name, data)}
    )
    assert response.status_code == 422
    assert b'role="alert"' in response.content
    assert not EntryImport.objects.exists()


def test_an_interrupted_import_is_gone_on_with(
    admin: Client, column: Page, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    bring(admin, column, *ROWS)
    batch = EntryImport.objects.get()

    def dies(*args: Any, **options: Any) -> Any:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(uploads, "store", dies)
        uploads.ENTRY_FILES.start(batch)
        with pytest.raises(RuntimeError):
            uploads.ENTRY_FILES.work(batch.pk, "zh-hans")
    batch.refresh_from_db()
    assert (batch.state, "disk" in batch.failure) == ("failed", True)
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(reverse("assistant_import", args=[batch.pk]), {"do": "go_on"})
    batch.refresh_from_db()
    assert batch.state == "done"


def test_what_one_leaves_is_forgotten(admin: Client, column: Page) -> None:
    bring(admin, column, *ROWS)
    batch = EntryImport.objects.get()
    admin.post(reverse("assistant_import", args=[batch.pk]), {"do": "forget"})
    assert not EntryImport.objects.exists()
    assert not QuestionPage.objects.exists()


@pytest.mark.own_world
def test_only_who_publishes_at_a_site_brings_in_there(
    provisioned_world: World, django_capture_on_commit_callbacks: Any
) -> None:
    world = provisioned_world
    editor = signed_in(member("editor", world.hubin))
    assert editor.get(reverse("assistant_imports")).status_code != 200
    admin_of_site = member("site_admin", world.hubin)
    client = signed_in(admin_of_site)
    assert bring(client, world.gaoxin_column, *ROWS).status_code == 422
    elsewhere = {"id": "x", "answer": "越界", "site": "gaoxin"}
    bring(client, world.hubin_column, ROWS[0], elsewhere)
    batch = EntryImport.objects.get()
    assert [row["id"] for row in batch.outcome["rows"] if row["problems"]] == ["x"]
    address = reverse("assistant_import", args=[batch.pk])
    assert signed_in(member("site_admin", world.gaoxin)).get(address).status_code == 404
    # Whoever lost the right meanwhile publishes nothing any more.
    uploads.ENTRY_FILES.start(batch)
    admin_of_site.groups.clear()
    uploads.ENTRY_FILES.work(batch.pk, "zh-hans")
    batch.refresh_from_db()
    assert batch.state == "failed"
    assert not QuestionPage.objects.exists()


# --- taking out -----------------------------------------------------------------------------------
HARD = {
    "question": '=1+1 怎么"办"，|?',
    "phrasings": ["a|b"],
    "answer": '<p>带<b>证</b>，见<a href="https://a.cn/?a=1&amp;b=2">指南</a></p><ul><li>一</li></ul>',
}


@pytest.mark.parametrize("kind", ["jsonl", "csv", "xlsx"])
def test_what_is_taken_out_comes_in_again_unchanged(column: Page, tmp_path: Any, kind: str) -> None:
    make_question(column, **HARD, key="k1", valid_until="2999-12-30T16:00:00Z")
    make_question(
        column, "@第二问", topic=Topic.objects.get(slug="tax"), phrasings=["甲", "乙|丙"],
        sources=[source(url="https://b.cn/x")], valid_from="2026-01-02T03:04:05Z",
    )  # fmt: skip
    pages: QuerySet[QuestionPage] = QuestionPage.objects.order_by("path")
    data = entries_as(kind, pages)
    rows = [row_of(row) for row in read(data, f"x.{kind}").rows]
    assert [list(row.problems) for row in rows] == [[], []]
    assert rows[0].value("question") == HARD["question"]
    assert rows[0].value("variants") == ("a|b",)
    assert rows[0].value("answer") == HARD["answer"]
    assert rows[1].value("variants") == ("甲", "乙|丙")
    before = list(entry_rows(pages))
    assert before[0]["valid_until"] == "2999-12-30"
    file = tmp_path / f"out.{kind}"
    call_command("export_qa", str(file))
    call_command("import_qa", str(file), "--report", str(tmp_path / "r.json"))
    counts = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["counts"]
    assert (counts["unchanged"], counts["created"], counts["updated"]) == (2, 0, 0)
    assert list(entry_rows(pages)) == before


def test_a_spreadsheet_says_what_it_cannot_hold(column: Page) -> None:
    make_question(column, answer=f"<p>{'长' * 33_000}</p>")
    with pytest.raises(NotWritable):
        entries_as("xlsx", QuestionPage.objects.all())
    assert entries_as("csv", QuestionPage.objects.all())


@pytest.mark.own_world
def test_one_takes_out_what_one_works_on(provisioned_world: World) -> None:
    world = provisioned_world
    make_question(world.column, "市里怎么办？")
    make_question(world.hubin_column, "区里怎么办？")
    address = reverse("assistant_export", args=["jsonl"])
    body = signed_in(member("editor", world.hubin)).get(address).content.decode()
    assert "区里" in body
    assert "市里" not in body
    body = signed_in(member("editor", world.site)).get(address).content.decode()
    assert "市里" in body
    assert "区里" not in body
    assert signed_in(member("auditor", world.site)).get(address).status_code != 200
    client = signed_in(member("editor", world.hubin))
    tax = Topic.objects.get(slug="tax")
    assert client.get(f"{address}?topic={tax.pk}").content == b""
    assert client.get(f"{address}?topic=nonsense").content == b""
    assert "区里" in client.get(f"{address}?q=区里&state=public").content.decode()
    assert client.get(f"{address}?q=区里&state=draft").content == b""
    assert client.get(reverse("assistant_export", args=["pdf"])).status_code == 404


@pytest.mark.own_world
def test_the_list_offers_what_it_shows_as_a_file(provisioned_world: World) -> None:
    make_question(provisioned_world.column, "居住证怎么办？")
    make_question(provisioned_world.column, "公积金怎么提？", live=False)
    client = signed_in(member("editor", provisioned_world.site))
    shown = client.get(reverse("assistant_questions:index") + "?state=draft&p=1").content.decode()
    found = re.search(r'href="([^"]*questions/export\.jsonl[^"]*)"', shown)
    assert found is not None
    taken = client.get(html.unescape(found[1])).content.decode()
    assert "公积金" in taken
    assert "居住证" not in taken
    auditor = signed_in(member("auditor", provisioned_world.site))
    assert (
        "questions/export."
        not in auditor.get(reverse("assistant_questions:index")).content.decode()
    )
