"""The screens: findings while one writes, reasons, lists as a table; and who may not."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from portal.core.models import User
from portal.proofreading.kinds import Lists
from portal.proofreading.models import Reason, WordEntry
from tests.factories import ArticleFactory, DocumentFactory, World, member

pytestmark = pytest.mark.django_db
PERSON = "330106199003077718"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


def post(client: Client, url: str, **sent: Any) -> Any:
    return client.post(url, json.dumps(sent), content_type="application/json")


@pytest.fixture
def editor(provisioned_world: World) -> User:
    return member("editor", provisioned_world.site)


@pytest.fixture
def admin(provisioned_world: World) -> User:
    return member("platform_admin")


# --- while one writes -----------------------------------------------------------------------------
def test_findings_come_back_with_their_places(editor: User) -> None:
    texts = ["😀联系人", f"😀证号{PERSON}，请布署"]
    answer = post(signed_in(editor), reverse("proofreading_scan"), page=None, texts=texts).json()
    found = [(one["text"], one["grade"], one["suggestion"]) for one in answer["findings"]]
    assert found == [(1, "blocking", ""), (1, "warning", "部署")]
    one = answer["findings"][0]
    units = texts[1].encode("utf-16-le")[2 * one["start"] : 2 * one["end"]]
    assert units.decode("utf-16-le") == PERSON


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"texts": "no"}', '{"texts": [1]}', '{"texts": null}', "[" * 9000]
)
def test_what_is_no_list_of_texts_is_refused(editor: User, body: str) -> None:
    client = signed_in(editor)
    response = client.post(reverse("proofreading_scan"), body, content_type="application/json")
    assert response.status_code == 400


def test_more_than_any_form_holds_is_not_looked_through(editor: User) -> None:
    answer = post(signed_in(editor), reverse("proofreading_scan"), texts=["字" * 300_001]).json()
    assert answer == {"too_long": True, "findings": []}


@pytest.mark.parametrize("role", ["auditor", "secrecy_reviewer", "translator"])
def test_who_does_not_write_has_nothing_looked_through(provisioned_world: World, role: str) -> None:
    client = signed_in(member(role, provisioned_world.site))
    assert post(client, reverse("proofreading_scan"), texts=["字"]).status_code in (302, 403)


def test_the_form_brings_the_panel(editor: User, provisioned_world: World) -> None:
    page = ArticleFactory(parent=provisioned_world.column)
    response = signed_in(editor).get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert "data-proofreading" in response.text
    assert reverse("proofreading_page", args=[page.pk]) in response.text


# --- reasons --------------------------------------------------------------------------------------
def test_a_reason_from_the_panel(editor: User, provisioned_world: World) -> None:
    page = ArticleFactory(parent=provisioned_world.column)
    client = signed_in(editor)
    texts = ["联系人13812345678"]
    one = post(client, reverse("proofreading_scan"), page=page.pk, texts=texts).json()["findings"][
        0
    ]
    url = reverse("proofreading_reason", args=[page.pk])
    assert post(client, url, texts=texts, key=one["key"], reason="a").status_code == 422
    assert post(client, url, texts=["变了"], key=one["key"], reason="本人同意").status_code == 422
    assert post(client, url, texts=texts, key=one["key"], reason="本人同意").json() == {
        "reason": "本人同意"
    }
    again = post(client, reverse("proofreading_scan"), page=page.pk, texts=texts).json()[
        "findings"
    ][0]
    assert again["reason"] == "本人同意"
    assert Reason.objects.get().user == editor


def test_reasons_without_any_script(editor: User, provisioned_world: World) -> None:
    page = ArticleFactory(parent=provisioned_world.column, live=False, summary="联系人13812345678")
    page.save_revision()
    client = signed_in(editor)
    url = reverse("proofreading_page", args=[page.pk])
    shown = client.get(url)
    assert "138…78" in shown.text
    assert "13812345678" not in shown.text
    name = next(part for part in shown.text.split('"') if part.startswith("reason-"))
    refused = client.post(url, {name: "aaaa"})
    assert refused.status_code == 422
    assert 'value="aaaa"' in refused.text
    assert client.post(url, {name: "值班手机"}).status_code == 302
    assert "值班手机" in client.get(url).text


@pytest.mark.parametrize("role", ["editor", "site_admin", "auditor"])
def test_no_reason_and_no_look_at_pages_of_other_sites(provisioned_world: World, role: str) -> None:
    page = ArticleFactory(parent=provisioned_world.hubin_column)
    client = signed_in(member(role, provisioned_world.gaoxin))
    assert client.get(reverse("proofreading_page", args=[page.pk])).status_code in (302, 403)
    url = reverse("proofreading_reason", args=[page.pk])
    assert post(client, url, texts=["x"], key="k", reason="本人同意").status_code in (302, 403)


# --- lists ----------------------------------------------------------------------------------------
def test_lists_go_out_as_a_table_and_come_in_again(admin: User) -> None:
    client = signed_in(admin)
    before = set(
        WordEntry.objects.values_list("list_name", "word", "replacement", "unless", "weak")
    )
    for kind, name in (("csv", "proofreading_csv"), ("xlsx", "proofreading_xlsx")):
        data = client.get(reverse(name)).content
        file = io.BytesIO(data)
        file.name = f"words.{kind}"
        response = client.post(reverse("proofreading_table"), {"file": file})
        assert response.status_code == 302, response.context["refused"]
    after = set(WordEntry.objects.values_list("list_name", "word", "replacement", "unless", "weak"))
    assert after == before
    assert len(load_workbook(io.BytesIO(data)).active["A"]) == len(before) + 1


def test_rows_that_are_wrong_are_named_and_the_others_taken_over(admin: User) -> None:
    book = Workbook()
    for row in (
        ["list", "word", "replacement", "unless", "weak"],
        ["wrong_word", "蓝天百云", "蓝天白云", "", ""],
        ["wrong_word", "没有改法", "", "", ""],
        ["wrongly", "甲乙", "", "", ""],
        ["betting", "好运来", "", "好运来了", "maybe"],
        [None, None, None, None, None],
        ["betting", "好运来", "", "好运来临；好运来到", "是"],
        ["forbidden_host", "https://x.example/", "", "", ""],
    ):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "words.xlsx"
    response = signed_in(admin).post(reverse("proofreading_table"), {"file": file})
    assert response.status_code == 422
    for line in (3, 4, 5, 8):
        assert f"<td>{line}</td>" in response.text
    entry = WordEntry.objects.get(word="好运来")
    assert (entry.weak, entry.phrases) == (True, ["好运来临", "好运来到"])
    assert WordEntry.objects.get(word="蓝天百云").replacement == "蓝天白云"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no", b"\x00\x01\x02", b"a,b\n1,2\n", b'"x'])
def test_what_is_no_table_is_refused_with_a_sentence(admin: User, data: bytes) -> None:
    file = io.BytesIO(data)
    file.name = "words.csv"
    response = signed_in(admin).post(reverse("proofreading_table"), {"file": file})
    assert response.status_code == 422
    assert 'role="alert"' in response.text


@pytest.mark.parametrize("role", ["site_admin", "editor", "releaser", "auditor"])
def test_only_those_who_run_the_platform_keep_the_lists(
    provisioned_world: World, role: str
) -> None:
    client = signed_in(member(role, provisioned_world.site))
    names = ["proofreading_table", "proofreading_csv", "proofreading_xlsx", "wordentry:index",
             "wordentry:add", "kindgrade:index", "publiccontact:index"]  # fmt: skip
    for name in names:
        assert client.get(reverse(name)).status_code in (302, 403), name
    client.post(reverse("wordentry:add"), {"list_name": "betting", "word": "甲乙"})
    assert not WordEntry.objects.filter(word="甲乙").exists()


def test_the_screens_of_the_lists_answer(admin: User) -> None:
    client = signed_in(admin)
    for name in ("wordentry:index", "wordentry:add", "kindgrade:add", "publiccontact:add",
                 "kindgrade:index", "proofreading_table"):  # fmt: skip
        assert client.get(reverse(name)).status_code == 200, name
    sent = {"list_name": Lists.WRONG_WORD, "word": "蓝天百云", "replacement": "", "unless": "",
            "active": "on", "note": ""}  # fmt: skip
    refused = client.post(reverse("wordentry:add"), sent)
    assert "replacement" in refused.context["form"].errors
    client.post(reverse("wordentry:add"), sent | {"replacement": "蓝天白云"})
    assert WordEntry.objects.get(word="蓝天百云").active


# --- files ----------------------------------------------------------------------------------------
def test_files_with_findings_for_those_who_may_change_them(
    provisioned_world: World, editor: User
) -> None:
    document = DocumentFactory(uploaded_by_user=editor, file__filename="名单.txt",
                               file__data=f"张三 {PERSON}".encode())  # fmt: skip
    url = reverse("proofreading_file", args=[document.pk])
    assert signed_in(member("auditor", provisioned_world.site)).get(url).status_code in (302, 403)
    answer = signed_in(member("platform_admin")).get(url).json()
    assert [(one["grade"], one["words"]) for one in answer["findings"]] == [("blocking", "330…18")]
    assert "330…18" in signed_in(member("platform_admin")).get(reverse("proofreading_files")).text
