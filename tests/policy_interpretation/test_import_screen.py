"""Bringing documents in through the admin: uploading, reading, checking, and who may not."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from portal.core.models import OutboxEvent, User
from portal.policy_interpretation.importing import queue
from portal.policy_interpretation.models import (
    ImportBatch,
    ImportItem,
    PolicyFile,
    PolicyPage,
    private_files,
)
from portal.text.official import files
from portal.text.official.model import Parsed, Source
from portal.text.official.parsing import parse
from tests.factories import DocumentFactory, UserFactory, World, member

from .documents_to_read import MEASURES, WITH_A_GAP, upload
from .factories import ids_of, make_policy

pytestmark = pytest.mark.django_db
STATUS = ImportItem.Status


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


@pytest.fixture
def user(db: None) -> User:
    return UserFactory(superuser=True)


@pytest.fixture
def admin(user: User) -> Client:
    return signed_in(user)


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """What is enqueued at the commit runs at once, as a worker would."""
    return django_capture_on_commit_callbacks


def batch_of(column: Page, user: User, *files: SimpleUploadedFile, **options: Any) -> ImportBatch:
    batch = queue.open_batch(column=column, user=user, **options)
    for file in files:
        queue.add_file(batch=batch, upload=file)
    return batch


def read(batch: ImportBatch) -> list[ImportItem]:
    queue.work(batch_pk=batch.pk, seconds=60)
    batch.refresh_from_db()
    return list(batch.items.all())


# --- uploading and reading ------------------------------------------------------------------------
def test_files_become_drafts(world: World, admin: Client, commit: Any) -> None:
    with commit(execute=True):
        response = admin.post(
            reverse("policy_imports"),
            {"column": world.column.pk, "files": [upload(), upload(WITH_A_GAP, "停车.txt")]},
        )
    batch = ImportBatch.objects.get()
    assert response.url == reverse("policy_import", args=[batch.pk])
    assert batch.state == ImportBatch.State.DONE
    first, second = batch.items.all()
    assert (first.status, second.status) == (STATUS.IMPORTED, STATUS.FLAGGED)
    page = first.page
    assert page.document_number == "云政发〔2026〕12号"
    assert not page.live
    assert page.get_parent().pk == world.column.pk
    assert not OutboxEvent.objects.filter(key=str(page.pk), kind="page.published").exists()
    shown = admin.get(response.url).content.decode()
    assert page.title in shown
    assert "停车.txt" in shown


def test_the_script_sends_files_one_by_one(world: World, admin: Client, commit: Any) -> None:
    asked = {"Accept": "application/json"}
    opened = admin.post(reverse("policy_imports"), {"column": world.column.pk}, headers=asked)
    answer = opened.json()
    assert admin.post(answer["add"], {"file": upload()}).json() == {"problem": ""}
    empty = admin.post(answer["add"])
    assert (empty.status_code, empty.json()["problem"] != "") == (422, True)
    with commit(execute=True):
        admin.post(answer["start"], {"do": "start"})
    assert ImportItem.objects.get().status == STATUS.IMPORTED
    progress = admin.get(answer["start"] + "progress/").json()
    assert progress == {"done": 1, "total": 1, "percent": 100, "running": False}


def test_nothing_is_made_of_an_upload_without_column_or_file(world: World, admin: Client) -> None:
    address = reverse("policy_imports")
    assert admin.post(address, {"files": [upload()]}).status_code == 422
    assert admin.post(address, {"column": world.column.pk}).status_code == 422
    assert admin.post(address, {"column": world.home.pk, "files": [upload()]}).status_code == 422
    assert not ImportBatch.objects.exists()


def test_the_same_file_again_makes_nothing_twice(world: World, user: User) -> None:
    read(batch_of(world.column, user, upload()))
    [again] = read(batch_of(world.column, user, upload(name="anders.txt")))
    assert again.findings[0]["code"] == "brought_in_before"
    assert again.page == PolicyPage.objects.get()
    assert not again.file


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("picture.docx", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("archive.zip", b"PK\x03\x04" + bytes(64)),
        ("broken.pdf", b"%PDF-1.7\nnothing follows"),
    ],
)
def test_a_bad_file_is_refused_and_the_others_are_read(
    world: World, user: User, name: str, data: bytes
) -> None:
    items = read(batch_of(world.column, user, SimpleUploadedFile(name, data), upload()))
    assert [item.status for item in items] == [STATUS.REFUSED, STATUS.IMPORTED]
    assert items[0].findings[0]["sentence"]
    assert items[0].file  # to be read again, or taken back


def test_limits(world: World, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_FILES", 1)
    monkeypatch.setattr(queue, "LARGEST_FILE", 10)
    batch = batch_of(world.column, user)
    item = queue.add_file(batch=batch, upload=upload())
    assert (item.status, bool(item.file)) == (STATUS.REFUSED, False)
    with pytest.raises(queue.NotTaken):
        queue.add_file(batch=batch, upload=upload())


def test_names_of_uploads_are_no_paths(world: World, user: User) -> None:
    batch = batch_of(world.column, user, upload(name="../../etc/<b>.txt"))
    item = batch.items.get()
    assert item.name == "<b>.txt"
    assert "<" not in item.file.name
    assert ".." not in item.file.name
    with pytest.raises(ValueError, match="URL"):
        private_files().url(item.file.name)


def test_a_fault_of_our_own_costs_one_file(
    world: World, user: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def parse_badly(source: Source) -> Parsed:
        if "停车场" in source.text:
            raise IndexError("a fault of the parser")
        return parse(source)

    monkeypatch.setattr(files, "parse", parse_badly)
    items = read(batch_of(world.column, user, upload(WITH_A_GAP, "停车.txt"), upload()))
    assert [item.status for item in items] == [STATUS.REFUSED, STATUS.IMPORTED]
    assert items[0].findings[0]["code"] == "failed"
    assert "a fault of the parser" in caplog.text


# --- interruptions --------------------------------------------------------------------------------
def test_an_interrupted_import_goes_on_by_itself(world: World, user: User, commit: Any) -> None:
    batch = batch_of(world.column, user, upload(), upload(WITH_A_GAP, "停车.txt"))
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    # As a worker leaves it that dies in the middle of the first file.
    ImportItem.objects.filter(name="办法.txt").update(
        status=STATUS.READING, attempts=1, updated_at=long_ago
    )
    assert queue.go_on_with_interrupted(batch.site_id) == 0
    ImportBatch.objects.update(beat_at=long_ago)
    with commit(execute=True):
        assert queue.go_on_with_interrupted(batch.site_id) == 1
    assert {item.status for item in batch.items.all()} == {STATUS.IMPORTED, STATUS.FLAGGED}
    assert PolicyPage.objects.count() == 2


def test_a_file_that_kills_its_worker_is_not_tried_for_ever(world: World, user: User) -> None:
    batch = batch_of(world.column, user, upload())
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    batch.items.update(status=STATUS.READING, attempts=2, updated_at=long_ago)
    [item] = read(batch)
    assert (item.status, batch.state) == (STATUS.REFUSED, ImportBatch.State.DONE)


def test_another_worker_s_file_is_left_to_it(world: World, user: User) -> None:
    batch = batch_of(world.column, user, upload(), upload(WITH_A_GAP, "停车.txt"))
    ImportItem.objects.filter(name="办法.txt").update(status=STATUS.READING, attempts=1)
    read(batch)
    assert batch.state == ImportBatch.State.RUNNING
    assert batch.items.get(name="办法.txt").status == STATUS.READING


def test_stop_and_go_on(world: World, admin: Client, user: User, commit: Any) -> None:
    batch = batch_of(world.column, user, upload())
    address = reverse("policy_import", args=[batch.pk])
    admin.post(address, {"do": "stop"})
    assert read(batch)[0].status == STATUS.QUEUED
    with pytest.raises(queue.NotTaken):
        queue.add_file(batch=batch, upload=upload())
    with commit(execute=True):
        admin.post(address, {"do": "start"})
    assert batch.items.get().status == STATUS.IMPORTED


def test_a_refused_file_can_be_read_again(
    world: World, admin: Client, user: User, commit: Any
) -> None:
    batch = batch_of(world.column, user, upload())
    batch.items.update(status=STATUS.REFUSED)
    with commit(execute=True):
        admin.post(
            reverse("policy_import", args=[batch.pk]),
            {"do": "again", "item": batch.items.get().pk},
        )
    assert batch.items.get().status == STATUS.IMPORTED


def test_the_record_can_be_deleted_and_drafts_stay(
    world: World, admin: Client, user: User, commit: Any
) -> None:
    batch = batch_of(world.column, user, upload())
    address = reverse("policy_import", args=[batch.pk])
    admin.post(address, {"do": "forget"})
    assert ImportBatch.objects.filter(pk=batch.pk).exists()  # still running
    [item] = read(batch)
    with commit(execute=True):
        admin.post(address, {"do": "forget"})
    assert not ImportBatch.objects.exists()
    assert not item.file.storage.exists(item.file.name)
    assert PolicyPage.objects.count() == 1


# --- checking -------------------------------------------------------------------------------------
def form_of(client: Client, item: ImportItem) -> dict[str, Any]:
    """What a browser would send back of the form as it is shown."""
    context = client.get(reverse("policy_import_item", args=[item.pk])).context
    rows = [shown.row for shown in context["rows"]]
    values = {field.name: field.value() for field in context["form"]}
    return {
        **{name: "" if value is None else value for name, value in values.items()},
        "revision": context["revision"],
        "end": "1",
        "clause-id": [row.id for row in rows],
        "clause-level": [row.level for row in rows],
        "clause-number": [row.number for row in rows],
        "clause-text": [row.text for row in rows],
        "relation": [str(place) for place, one in enumerate(context["relations"]) if one.is_kept],
    }


def draft_of(item: ImportItem) -> PolicyPage:
    return PolicyPage.objects.get(pk=item.page_id).get_latest_revision_as_object()


@pytest.fixture
def item(world: World, user: User) -> ImportItem:
    return read(batch_of(world.column, user, upload(WITH_A_GAP, "停车.txt")))[0]


def test_the_text_of_the_file_stands_beside_what_was_read(admin: Client, item: ImportItem) -> None:
    shown = admin.get(reverse("policy_import_item", args=[item.pk])).content.decode()
    assert "第四条 本办法自2026年7月1日起施行。" in shown  # the line of the file
    assert 'value="第四条"' in shown  # the clause
    assert item.findings[0]["sentence"] in shown


def test_corrections_become_a_draft_and_keep_the_clauses_ids(
    admin: Client, item: ImportItem
) -> None:
    before = draft_of(item)
    sent = form_of(admin, item)
    at = sent["clause-number"].index("第四条")
    sent["clause-number"][at] = "第三条"
    sent["title"] = "云湖市停车场管理办法（试行）"
    sent["bodies"] = "云湖市人民政府\n云湖市城市管理局"
    response = admin.post(reverse("policy_import_item", args=[item.pk]), {**sent, "do": "confirm"})
    assert response.url == reverse("policy_import", args=[item.batch_id])
    after = draft_of(item)
    assert after.title == "云湖市停车场管理办法（试行）"
    assert after.body_names() == ["云湖市人民政府", "云湖市城市管理局"]
    assert ids_of(after) == ids_of(before)
    assert "第三条" in [clause.number for clause in after.clauses()]
    item.refresh_from_db()
    assert item.status == STATUS.CONFIRMED


def test_a_clause_can_be_split_joined_and_taken_out(admin: Client, item: ImportItem) -> None:
    before = draft_of(item)
    sent = form_of(admin, item)
    names = ("clause-id", "clause-level", "clause-number", "clause-text")
    first, second = (sent["clause-number"].index(number) for number in ("第一条", "第二条"))
    sent["clause-text"][second] = ""
    sent["clause-number"][second] = ""
    for name, value in zip(names, ("", "paragraph", "", "另起一款。"), strict=True):
        sent[name].insert(first + 1, value)
    admin.post(reverse("policy_import_item", args=[item.pk]), {**sent, "do": "save"})
    after = draft_of(item)
    texts = [clause.text for clause in after.clauses()]
    assert texts[first + 1] == "另起一款。"
    assert after.clauses()[first + 1].parent == ids_of(before)[first]
    gone = ids_of(before)[second]
    assert gone not in ids_of(after)
    assert [one for one in ids_of(after) if one in ids_of(before)] == [
        one for one in ids_of(before) if one != gone
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"clause-level": "chaos"},
        {"clause-number": "第" * 41},
        {"title": ""},
        {"effective_on": "2020-01-01"},
        {"issued_on": "31. Februar"},
        {"end": ""},
        {"revision": "999999"},
    ],
)
def test_what_cannot_be_saved_is_shown_again_and_nothing_is_lost(
    admin: Client, item: ImportItem, change: dict[str, str]
) -> None:
    before = draft_of(item)
    sent = form_of(admin, item)
    sent["clause-text"][0] = "这里改过。"
    for name, value in change.items():
        sent[name] = [value, *sent[name][1:]] if isinstance(sent[name], list) else value
    response = admin.post(reverse("policy_import_item", args=[item.pk]), {**sent, "do": "confirm"})
    assert response.status_code == 422
    assert "这里改过。" in response.content.decode()
    after = draft_of(item)
    assert after.latest_revision_id == before.latest_revision_id
    assert ids_of(after) == ids_of(before)
    item.refresh_from_db()
    assert item.status == STATUS.FLAGGED


def test_a_relation_that_is_not_meant_can_be_dropped(
    world: World, admin: Client, user: User
) -> None:
    text = MEASURES.replace("制定本办法", "根据《云湖市道路交通条例》，制定本办法")
    [item] = read(batch_of(world.column, user, upload(text)))
    sent = form_of(admin, item)
    [relation] = draft_of(item).relations.all()
    assert relation.target_title == "云湖市道路交通条例"
    address = reverse("policy_import_item", args=[item.pk])
    admin.post(address, {**sent, "relation-0": "implements", "do": "save"})
    assert [one.kind for one in draft_of(item).relations.all()] == ["implements"]
    sent = form_of(admin, item) | {"relation": []}
    admin.post(address, {**sent, "do": "save"})
    assert not draft_of(item).relations.all()


def test_all_without_doubts_are_confirmed_at_once(world: World, admin: Client, user: User) -> None:
    batch = batch_of(world.column, user, upload(), upload(WITH_A_GAP, "停车.txt"))
    read(batch)
    admin.post(reverse("policy_import", args=[batch.pk]), {"do": "confirm"})
    assert [item.status for item in batch.items.all()] == [STATUS.CONFIRMED, STATUS.FLAGGED]


def test_a_new_text_of_a_chosen_document(world: World, admin: Client, commit: Any) -> None:
    page = make_policy(world.column, title="云湖市公共自行车管理暂行办法", document_number="")
    [old] = ids_of(page)
    with commit(execute=True):
        admin.post(
            reverse("policy_imports"),
            {
                "target": page.pk,
                "files": [
                    upload(
                        MEASURES.replace("为了方便市民出行，规范公共自行车的管理", "为了方便出行")
                    )
                ],
            },
        )
    item = ImportItem.objects.get()
    assert (item.page_id, item.was_update) == (page.pk, True)
    assert PolicyPage.objects.count() == 1
    page.refresh_from_db()
    assert ids_of(page) == [old]  # the public text stays until somebody publishes
    assert old in ids_of(draft_of(item))
    shown = admin.get(reverse("policy_import_item", args=[item.pk])).content.decode()
    assert f"/revisions/compare/{item.taken_over['revision_before']}" in shown


def test_the_screen_of_one_document_costs_few_queries(
    admin: Client, item: ImportItem, django_assert_max_num_queries: Any
) -> None:
    address = reverse("policy_import_item", args=[item.pk])
    admin.get(address)
    with django_assert_max_num_queries(45):
        admin.get(address)


# --- who may not ----------------------------------------------------------------------------------
def addresses(item: ImportItem) -> list[str]:
    batch = reverse("policy_import", args=[item.batch_id])
    one = reverse("policy_import_item", args=[item.pk])
    return [batch, batch + "progress/", one, one + "file/"]


@pytest.fixture
def items(provisioned_world: World) -> tuple[World, ImportItem]:
    editor = member("editor", provisioned_world.site)
    return provisioned_world, read(batch_of(provisioned_world.column, editor, upload()))[0]


def test_other_sites_see_nothing_of_it(items: tuple[World, ImportItem]) -> None:
    world, item = items
    stranger = signed_in(member("site_admin", world.gaoxin))
    assert {stranger.get(address).status_code for address in addresses(item)} == {404}
    assert stranger.post(addresses(item)[0], {"do": "forget"}).status_code == 404
    assert stranger.post(addresses(item)[0] + "files/", {"file": upload()}).status_code == 404
    assert item.page.title not in stranger.get(reverse("policy_imports")).content.decode()
    sent = {"column": world.column.pk, "files": [upload()]}
    assert stranger.post(reverse("policy_imports"), sent).status_code == 422
    sent = {"target": item.page_id, "files": [upload()]}
    assert stranger.post(reverse("policy_imports"), sent).status_code in (302, 403)
    assert ImportBatch.objects.count() == 1


@pytest.mark.parametrize("role", ["auditor", "translator", "first_checker"])
def test_who_does_not_write_does_not_import(items: tuple[World, ImportItem], role: str) -> None:
    world, item = items
    client = signed_in(member(role, world.site))
    asked = [reverse("policy_imports"), *addresses(item)]
    # The admin answers "not allowed" by leading back to its first page.
    assert {client.get(address).status_code for address in asked} == {302}


def test_visitors_get_no_upload(items: tuple[World, ImportItem], client: Client) -> None:
    _world, item = items
    for address in addresses(item):
        assert client.get(address).url.startswith("/admin/login/")


def test_who_only_contributes_sees_the_own_imports(items: tuple[World, ImportItem]) -> None:
    world, item = items
    officer = member("information_officer", world.site)
    client = signed_in(officer)
    assert client.get(addresses(item)[0]).status_code == 404
    [own] = read(batch_of(world.column, officer, upload(WITH_A_GAP, "停车.txt")))
    assert {client.get(address).status_code for address in addresses(own)} == {200}


def test_an_import_does_not_change_what_its_author_may_not(
    items: tuple[World, ImportItem],
) -> None:
    world, item = items
    before = draft_of(item)
    officer = member("information_officer", world.site)
    [refused] = read(batch_of(world.column, officer, upload(MEASURES + "\n附注：改过。\n")))
    assert refused.status == STATUS.REFUSED
    assert before.title in refused.findings[0]["sentence"]
    assert draft_of(item).latest_revision_id == before.latest_revision_id


def test_rights_that_were_lost_meanwhile_count(items: tuple[World, ImportItem]) -> None:
    world, _item = items
    editor = member("editor", world.site)
    batch = batch_of(world.column, editor, upload(WITH_A_GAP, "停车.txt"))
    editor.groups.clear()
    [item] = read(batch)
    assert (item.status, item.page) == (STATUS.REFUSED, None)


def test_the_upload_is_given_only_as_a_download(items: tuple[World, ImportItem]) -> None:
    _world, item = items
    client = signed_in(item.batch.started_by)
    response = client.get(reverse("policy_import_original", args=[item.pk]))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content).decode() == MEASURES


def test_the_file_of_a_draft_is_not_public(items: tuple[World, ImportItem], client: Client) -> None:
    world, item = items
    page = item.page
    document = DocumentFactory()
    page.files = [PolicyFile(document=document)]
    page.save()
    assert client.get(document.url).status_code == 404
    assert signed_in(member("site_admin", world.gaoxin)).get(document.url).status_code == 404
    assert signed_in(item.batch.started_by).get(document.url).status_code == 200
    page.save_revision().publish()
    assert client.get(document.url).status_code == 200


def test_the_file_of_a_new_text_is_not_public_before_it_is_released(
    items: tuple[World, ImportItem], client: Client
) -> None:
    _world, item = items
    item.page.save_revision().publish()
    document = item.original = DocumentFactory()  # as re-importing a Word file stores it
    item.save()
    assert client.get(document.url).status_code == 404
