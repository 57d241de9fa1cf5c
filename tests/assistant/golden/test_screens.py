"""Golden questions on the screens: seen and confirmed before something is published."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from assistant.portal_plugin.exchange.golden import bring, lines_of
from assistant.portal_plugin.index import embedding, serving
from assistant.portal_plugin.models import (
    Expects,
    GoldenExpectation,
    GoldenQuestion,
    GoldenRun,
    QuestionPage,
)
from assistant.portal_plugin.services import golden
from assistant.portal_plugin.services.golden_moves import on_publishing
from portal.core.models import ReviewRound
from tests.assistant.factories import make_question, republish
from tests.assistant.models import SmallModel
from tests.factories import UserFactory, World, member

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> list[SmallModel]:
    found = [SmallModel("e5", "e"), SmallModel("use", "u")]
    monkeypatch.setattr(serving, "_configured", lambda: found)
    serving.forget()
    return found


@pytest.fixture
def world(provisioned_world: World) -> World:
    return provisioned_world


@pytest.fixture
def page(column: Page) -> QuestionPage:
    return made(column)


def made(column: Page) -> QuestionPage:
    found = make_question(column, "居住证怎么办理？", phrasings=["暂住证怎么弄"])
    make_question(column, "公积金怎么提取？", phrasings=[])
    row = GoldenQuestion.objects.create(key="g1", question="暂住证怎么弄", expects=Expects.ANSWER)
    row.expectations.add(GoldenExpectation(page=found))
    row.save()
    embedding.complete()
    return found


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="portal.core.staff.backend.StaffBackend")
    return client


@pytest.fixture
def client() -> Client:
    return signed_in(UserFactory(superuser=True))


def form_of(client: Client, page: QuestionPage) -> dict[str, Any]:
    """What the browser would send if nothing were changed."""
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    form = response.context["form"]
    data: dict[str, Any] = {}
    for bound in [form, *(line for fs in form.formsets.values() for line in fs.forms)]:
        for field in bound:
            value = field.value()
            if value is None or value is False:
                continue
            widget = field.field.widget
            shown = widget.format_value(value) if hasattr(widget, "format_value") else value
            data[field.html_name] = shown if shown is not None else ""
    for formset in form.formsets.values():
        for field in formset.management_form:
            data[field.html_name] = field.value()
    return data


def test_publishing_asks_to_look_at_what_moves(client: Client, page: QuestionPage) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form_of(client, page) | {"phrasings": "完全别的问法", "action-submit": "1"}
    response = client.post(url, data)
    assert response.status_code == 200
    text = response.content.decode()
    assert "暂住证怎么弄" in text
    assert 'name="moves_seen"' in text
    stored = QuestionPage.objects.get(pk=page.pk)
    assert stored.phrasings == ["暂住证怎么弄"]

    stored.phrasings = ["完全别的问法"]
    wrong = client.post(url, data | {"moves_seen": "0" * 32})
    assert wrong.status_code == 200
    assert QuestionPage.objects.get(pk=page.pk).phrasings == ["暂住证怎么弄"]
    seen = on_publishing([stored]).fingerprint
    response = client.post(url, data | {"moves_seen": seen})
    assert response.status_code == 302, response.context["form"].errors
    draft = QuestionPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.phrasings == ["完全别的问法"]
    assert ReviewRound.objects.open().get().page_id == page.pk


def test_what_moves_nothing_and_drafts_are_not_held_up(client: Client, page: QuestionPage) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form_of(client, page)
    assert client.post(url, data | {"phrasings": "别的"}).status_code == 302
    assert client.post(url, data | {"action-submit": "1"}).status_code == 302


def test_a_model_that_is_away_holds_nobody_up(
    client: Client, page: QuestionPage, models: list[SmallModel]
) -> None:
    for model in models:
        model.broken = True
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form_of(client, page) | {"phrasings": "完全别的问法", "action-submit": "1"}
    assert client.post(url, data).status_code == 302


def test_withdrawing_asks_and_deleting_says_what_moves(client: Client, page: QuestionPage) -> None:
    text = client.get(reverse("wagtailadmin_pages:delete", args=[page.pk])).content.decode()
    assert "暂住证怎么弄" in text
    url = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    response = client.post(url)
    assert "暂住证怎么弄" in response.content.decode()
    assert QuestionPage.objects.get(pk=page.pk).live
    seen = response.context["preview"].fingerprint
    assert client.post(url, {"moves_seen": seen}).status_code == 302
    assert not QuestionPage.objects.get(pk=page.pk).live


def test_many_at_once_say_what_moves(client: Client, page: QuestionPage) -> None:
    url = reverse("assistant_admin:many", args=["withdraw"])
    text = client.get(url, {"id": page.pk}).content.decode()
    assert "暂住证怎么弄" in text


@pytest.mark.own_world
def test_the_page_of_moves(provisioned_world: World, client: Client) -> None:
    world, page = provisioned_world, made(provisioned_world.column)
    page.phrasings = []
    page.save_revision()
    url = reverse("assistant_golden_moves", args=[page.pk])
    assert "暂住证怎么弄" in client.get(url).content.decode()
    assert signed_in(member("editor", world.gaoxin)).get(url).status_code != 200


def test_runs_are_kept_and_compared(client: Client, page: QuestionPage) -> None:
    url = reverse("assistant_golden_runs")
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    republish(page, phrasings=[])
    embedding.complete()
    client.post(url)
    first, second = GoldenRun.objects.order_by("pk")
    assert (first.right, second.right) == (1, 0)
    assert "暂住证怎么弄" in client.get(url).content.decode()
    assert len(golden.moved_between(first, second)) == 1
    assert golden.run_nightly() == 1
    assert golden.run_nightly() == 0


@pytest.mark.own_world
def test_the_list_and_the_form(provisioned_world: World, client: Client) -> None:
    world, page = provisioned_world, made(provisioned_world.column)
    golden.run(cause="hand")
    assert "暂住证怎么弄" in client.get(reverse("assistant_golden:index")).content.decode()
    url = reverse("assistant_golden:add")
    data = {
        "question": "居住证咋办", "key": "g2", "language": "zh-hans", "expects": "answer",
        "is_active": "on", "site": world.site.pk, "expectations-TOTAL_FORMS": 1,
        "expectations-INITIAL_FORMS": 0, "expectations-MIN_NUM_FORMS": 0,
        "expectations-MAX_NUM_FORMS": 1000, "expectations-0-page": "", "expectations-0-id": "",
        "expectations-0-DELETE": "", "expectations-0-ORDER": "",
    }  # fmt: skip
    assert client.post(url, data).status_code == 200
    assert not GoldenQuestion.objects.filter(key="g2").exists()
    response = client.post(url, data | {"expectations-0-page": page.pk})
    assert response.status_code == 302, response.context["form"].errors
    row = GoldenQuestion.objects.get(key="g2")
    assert [one.page for one in row.expectations.all()] == [page]
    stranger = signed_in(member("editor", world.gaoxin))
    assert stranger.get(reverse("assistant_golden:edit", args=[row.pk])).status_code != 200
    assert "居住证咋办" not in stranger.get(reverse("assistant_golden:index")).content.decode()


def test_files_come_in_and_go_out(client: Client, page: QuestionPage) -> None:
    lines = [
        {"id": "a", "text": "居住证去哪办", "language": "zh-hans", "relevant": [page.entry_id]},
        {"id": "b", "text": "讲笑话", "language": "zh-hans", "relevant": []},
        {"id": "c", "text": "没有的", "language": "zh-hans", "relevant": ["nobody"]},
        {"id": "d"},
    ]
    data = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    upload = SimpleUploadedFile("golden.jsonl", data)
    response = client.post(reverse("assistant_golden_files"), {"file": upload})
    assert response.status_code == 422
    assert "nobody" in response.content.decode()
    assert set(GoldenQuestion.objects.values_list("key", flat=True)) == {"g1", "a", "b"}
    again = bring(data, name="golden.jsonl")
    assert (again.created, again.unchanged, len(again.refused)) == (0, 2, 2)
    out = client.get(reverse("assistant_golden_export")).content.decode()
    rows = [json.loads(line) for line in out.splitlines()]
    assert {row["id"]: row["relevant"] for row in rows}["a"] == [page.entry_id]
    assert len(list(lines_of(GoldenQuestion.objects.all()))) == 3


def test_the_command_compares_with_what_was_kept(
    page: QuestionPage, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("evaluate", "--golden", "--keep")
    assert "1 of 1" in capsys.readouterr().out
    republish(page, phrasings=[])
    with pytest.raises(SystemExit):
        call_command("evaluate", "--golden")
    assert "g1:" in capsys.readouterr().out
    assert GoldenRun.objects.count() == 1


def test_a_dry_import_says_what_moves(
    page: QuestionPage, tmp_path: Any, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    file, out = tmp_path / "qa.jsonl", tmp_path / "out.json"
    row = {
        "id": page.entry_id, "question": page.question, "answer": page.answer,
        "variants": ["别的问法"], "site": world.site.code,
    }  # fmt: skip
    file.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    call_command("import_qa", str(file), "--dry-run", "--report", str(out))
    [moved] = json.loads(out.read_text(encoding="utf-8"))["moves"]
    assert (moved["id"], moved["direction"]) == ("g1", "worse")
    assert "moves g1" in capsys.readouterr().out
    assert QuestionPage.objects.get(pk=page.pk).phrasings == ["暂住证怎么弄"]
