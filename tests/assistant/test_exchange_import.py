"""Bringing entries in: what is made, changed, left alone and withdrawn; the same as by hand."""

import datetime
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import CommandError
from modelsearch.conf import get_app_config
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from assistant.portal_plugin.exchange import storing
from assistant.portal_plugin.models import (
    ImportedEntry,
    IndexedEntry,
    Origin,
    QuestionPage,
    QuestionSource,
    SourceKind,
    Topic,
)
from portal.core.models import OutboxEvent, Publication
from portal.testing import disable_plugin
from tests.factories import OrganisationFactory, UserFactory, World

from .factories import make_question, republish

pytestmark = pytest.mark.django_db

FULL: dict[str, Any] = {
    "id": "hukou-1",
    "question": "新生儿怎么上户口？",
    "variants": ["小孩咋落户", "宝宝户口去哪办"],
    "answer": "带出生医学证明。\n到派出所办理。",
    "language": "zh-Hans",
    "owner": "市公安局",
    "topic": "household",
    "source_url": "https://www.yunhu.gov.cn/hukou",
    "valid_from": "2026-01-01",
    "valid_until": "2999-12-30",
}


@pytest.fixture
def unit(world: World) -> Any:
    return OrganisationFactory(full_name="云湖市公安局", short_name="市公安局")


@pytest.fixture
def bring(world: World, tmp_path: Path) -> Any:
    """Runs the command on rows; the report, with the exit code and what was said."""

    def run(*rows: dict[str, Any], options: tuple[str, ...] = ("--column", "/yaowen/")) -> Any:
        file, report = tmp_path / "in.jsonl", tmp_path / "out.json"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        out, err, code = StringIO(), StringIO(), 0
        try:
            call_command(
                "import_qa", str(file), "--report", str(report), "--language", "en", *options,
                stdout=out, stderr=err,
            )  # fmt: skip
        except CommandError as error:
            code = error.returncode
            err.write(str(error))
            if code == 2:
                return {"code": 2, "said": err.getvalue()}
        found = json.loads(report.read_text(encoding="utf-8"))
        return found | {"code": code, "said": out.getvalue() + err.getvalue()}

    return run


def entry(key: str = "hukou-1") -> QuestionPage:
    return QuestionPage.objects.get(key=key)


# --- what is made ---------------------------------------------------------------------------------
def test_a_row_is_a_public_entry(bring: Any, unit: Any, world: World) -> None:
    found = bring(FULL)
    assert (found["code"], found["counts"]["created"]) == (0, 1)
    page = entry()
    assert page.live
    assert page.title == "新生儿怎么上户口？"
    assert page.phrasings == ["小孩咋落户", "宝宝户口去哪办"]
    assert page.answer == "<p>带出生医学证明。</p><p>到派出所办理。</p>"
    assert page.topic is not None
    assert (page.owner_unit, page.topic.slug, page.language) == (unit, "household", "zh-hans")
    assert page.valid_until == datetime.datetime(2999, 12, 30, 16, tzinfo=datetime.UTC)
    assert [source.url for source in page.sources.all()] == [FULL["source_url"]]
    assert page.get_parent() == world.column.page_ptr
    assert Publication.objects.current().filter(page=page).exists()
    assert IndexedEntry.objects.get(page=page.pk).key == "hukou-1"


def test_an_entry_without_a_question_is_named_by_its_title(bring: Any) -> None:
    bring(
        {
            "id": "a",
            "question": None,
            "title": "民法典第五十四条",
            "answer": "自然人从事工商业经营。",
        },
        {"id": "b", "question": None, "answer": "黑豹队的防守。"},
    )
    assert (entry("a").title, entry("a").question) == ("民法典第五十四条", "")
    assert entry("b").title == "黑豹队的防守。"
    # … and keeps its name when it is saved by other hands.
    assert republish(entry("a"), answer="<p>改了。</p>").title == "民法典第五十四条"


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


_OWN = (
    "id", "page_ptr_id", "path", "slug", "url_path", "translation_key", "latest_revision_id",
    "live_revision_id", "first_published_at", "last_published_at", "latest_revision_created_at",
    "key",
)  # fmt: skip


def _traces(page: QuestionPage) -> dict[str, Any]:
    """All that the tables hold of an entry, without keys and moments."""
    own = str(page.pk)
    kind = ContentType.objects.get_for_model(QuestionPage)
    index = get_app_config().get_model("IndexEntry").objects
    [revision] = Revision.objects.filter(object_id=own).values()
    content = revision.pop("content")
    [publication] = Publication.objects.filter(page=page).values()
    [event] = OutboxEvent.objects.filter(key=f"page:{page.pk}")
    sources = QuestionSource.objects.filter(page=page)
    return {
        "page": _without(QuestionPage.objects.filter(pk=page.pk).values().get(), *_OWN),
        "sources": [_without(row, "id", "page_id") for row in sources.values()],
        "revision": _without(revision, "id", "object_id", "created_at"),
        # What a revision says of its page's state is replaced when it is read.
        "content": {
            name: content[name]
            for name in content
            if name in ("title", "question", "phrasings", "answer", "topic", "owner_unit", "origin")
        },
        "fields": sorted(content),
        "sources_in_revision": [
            row["pk"] in sources.values_list("pk", flat=True) for row in content["sources"]
        ],
        "history": list(
            PageLogEntry.objects.filter(page=page, action="wagtail.publish").values_list(
                "label", "content_type", "content_changed", "deleted", "user"
            )
        ),
        "references": sorted(
            ReferenceIndex.objects.filter(object_id=own, content_type=kind).values_list(
                "to_content_type", "to_object_id", "model_path"
            )
        ),
        "publication": _without(publication, "id", "page_id", "item", "since", "version"),
        "event": (
            event.kind,
            _without(event.payload, "page", "url_path", "version"),
        ),
        "search": list(
            index.filter(object_id=own, content_type=kind).values_list("title_norm", flat=True)
        ),
        "index": [
            _without(row, "page", "key", "seq", "group")
            for row in IndexedEntry.objects.filter(page=page.pk).values()
        ],
        "children": page.get_parent().numchild,
    }


def test_bringing_in_leaves_what_publishing_by_hand_leaves(
    bring: Any, unit: Any, world: World, django_capture_on_commit_callbacks: Any
) -> None:
    twin = make_question(
        world.column,
        FULL["question"],
        answer="<p>带出生医学证明。</p><p>到派出所办理。</p>",
        phrasings=list(FULL["variants"]),
        owner_unit=unit,
        topic=Topic.objects.get(slug="household"),
        origin=Origin.IMPORT,
        sources=[QuestionSource(kind=SourceKind.ADDRESS, url=FULL["source_url"], sort_order=0)],
        valid_from=datetime.datetime(2025, 12, 31, 16, tzinfo=datetime.UTC),
        valid_until=datetime.datetime(2999, 12, 30, 16, tzinfo=datetime.UTC),
    )
    assert twin.get_parent().numchild == 1
    by_hand = _traces(twin)
    bring(FULL)
    brought = _traces(entry())
    assert brought.pop("children") == by_hand.pop("children") + 1
    for facts in (by_hand, brought):  # each on its own ground
        facts["publication"].pop("basis_key")
    for name, value in by_hand.items():
        assert brought[name] == value, name
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_brought_entry_can_be_edited_like_any_other(bring: Any, unit: Any) -> None:
    bring(FULL)
    page = republish(entry(), answer="<p>新的答案。</p>")
    assert [source.url for source in page.sources.all()] == [FULL["source_url"]]
    assert Publication.objects.filter(page=page, closed=False).count() == 1


def test_events_are_told_after_the_commit(
    bring: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        bring({"id": "a", "answer": "甲"}, {"id": "b", "answer": "乙"})
    assert len(callbacks) >= 2


# --- again ----------------------------------------------------------------------------------------
def test_the_same_file_again_changes_nothing(bring: Any, unit: Any) -> None:
    bring(FULL)
    before = Revision.objects.count()
    found = bring(FULL)
    assert found["counts"]["unchanged"] == 1
    assert Revision.objects.count() == before


def test_a_changed_row_updates_and_speaks_only_of_its_columns(bring: Any, unit: Any) -> None:
    bring(FULL)
    found = bring({"id": "hukou-1", "answer": "现在网上办。"})
    assert found["counts"]["updated"] == 1
    page = entry()
    assert page.answer == "<p>现在网上办。</p>"
    assert (page.owner_unit, page.question) == (unit, FULL["question"])
    assert [source.url for source in page.sources.all()] == [FULL["source_url"]]
    assert IndexedEntry.objects.get(page=page.pk).answer == "现在网上办。"
    bring({"id": "hukou-1", "answer": "现在网上办。", "owner": "", "source_url": ""})
    assert (entry().owner_unit, list(entry().sources.all())) == (None, [])


def test_what_an_editor_changed_stays_while_the_row_is_the_same(bring: Any, unit: Any) -> None:
    bring(FULL)
    republish(entry(), answer="<p>编辑改过。</p>")
    assert bring(FULL)["counts"]["unchanged"] == 1
    assert entry().answer == "<p>编辑改过。</p>"


def test_a_withdrawn_entry_of_the_file_is_public_again(bring: Any, unit: Any) -> None:
    bring(FULL)
    entry().unpublish()
    assert bring(FULL)["counts"]["updated"] == 1
    assert entry().live
    assert IndexedEntry.objects.get(page=entry().pk).live


def test_an_entry_made_by_hand_is_found_by_its_number(bring: Any, world: World) -> None:
    page = make_question(world.column)
    assert bring({"id": str(page.pk), "answer": "改。"})["counts"]["updated"] == 1
    assert QuestionPage.objects.count() == 1


def test_an_interrupted_run_is_gone_on_with(
    bring: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "BATCH", 2)
    published = storing.publish_new_pages
    calls: list[int] = []

    def dies(parent: Any, pages: Any, **options: Any) -> Any:
        calls.append(len(pages))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return published(parent, pages, **options)

    monkeypatch.setattr(storing, "publish_new_pages", dies)
    rows = [{"id": f"r{number}", "answer": f"答{number}"} for number in range(5)]
    with pytest.raises(KeyboardInterrupt):
        bring(*rows)
    assert QuestionPage.objects.count() == 2
    found = bring(*rows)
    assert (found["counts"]["unchanged"], found["counts"]["created"]) == (2, 3)
    assert QuestionPage.objects.filter(live=True).count() == 5


def test_replace_withdraws_what_came_from_a_file_and_is_not_in_this_one(
    bring: Any, world: World
) -> None:
    by_hand = make_question(world.column)
    elsewhere = {"id": "z", "answer": "高新", "site": "gaoxin"}
    bring(
        {"id": "a", "answer": "甲"}, {"id": "b", "answer": "乙"}, elsewhere,
        options=(),
    )  # fmt: skip
    found = bring({"id": "a", "answer": "甲"}, options=("--replace",))
    assert (found["code"], found["counts"]["withdrawn"]) == (0, 1)
    assert not entry("b").live
    assert entry("a").live
    assert entry("z").live
    by_hand.refresh_from_db()
    assert by_hand.live
    assert not Publication.objects.current().filter(page=entry("b")).exists()
    assert not IndexedEntry.objects.get(page=entry("b").pk).live


def test_replace_keeps_what_a_refused_row_speaks_of(bring: Any) -> None:
    bring({"id": "a", "answer": "甲"}, {"id": "b", "answer": "乙"})
    found = bring({"id": "a", "answer": ""}, options=("--column", "/yaowen/", "--replace"))
    assert (found["counts"]["refused"], found["counts"]["withdrawn"]) == (1, 1)
    assert entry("a").live
    assert not entry("b").live
    assert not bring({"answer": "x"}, options=("--replace",))["counts"]["withdrawn"]
    assert entry("a").live


# --- dry run --------------------------------------------------------------------------------------
def test_a_dry_run_says_the_same_and_changes_nothing(bring: Any, unit: Any) -> None:
    bring({"id": "old", "answer": "旧"}, {"id": "gone", "answer": "没"})
    before = (Revision.objects.count(), OutboxEvent.objects.count(), Topic.objects.count())
    rows = (FULL, {"id": "old", "answer": "新", "topic": "新主题"}, {"id": "", "answer": "x"})
    options = ("--column", "/yaowen/", "--create-topics")
    dry = bring(*rows, options=(*options, "--dry-run"))
    assert before == (Revision.objects.count(), OutboxEvent.objects.count(), Topic.objects.count())
    assert ImportedEntry.objects.count() == 2
    wet = bring(*rows, options=options)
    assert dry["counts"] == wet["counts"]
    assert dry["code"] == wet["code"] == 1
    assert dry["rows"] == wet["rows"]
    assert entry("old").topic is not None
    assert entry("old").topic.name == "新主题"


# --- what is refused, what is only said -----------------------------------------------------------
def test_refused_rows_are_named_and_the_rest_is_done(bring: Any) -> None:
    found = bring(
        {"id": "a", "answer": "甲"},
        {"id": "a", "answer": "乙"},
        {"id": "b", "answer": "", "valid_from": "x"},
        {"id": "c", "answer": "丙", "site": "nowhere"},
        {"id": "d", "answer": "丁"},
    )
    assert found["code"] == 1
    assert found["counts"]["created"] == 2
    assert {row["line"]: sorted(p["column"] for p in row["problems"]) for row in found["rows"]} == {
        1: [], 2: ["id"], 3: ["answer", "valid_from"], 4: ["site"], 5: [],
    }  # fmt: skip
    assert ":3 [b] answer: An entry needs an answer." in found["said"]


def test_unknown_units_and_topics_are_warnings(bring: Any) -> None:
    found = bring(
        {"id": "a", "answer": "甲", "owner": "某局", "topic": "某题"},
        {"id": "b", "answer": "乙", "owner": "某局"},
    )
    assert (found["code"], found["counts"]["created"]) == (0, 2)
    assert [w["column"] for w in found["rows"][0]["warnings"]] == ["owner", "topic"]
    assert found["said"].count("某局") == 1
    assert entry("a").owner_unit is None
    assert not Topic.objects.filter(name="某题").exists()


def test_entries_of_several_sites_go_where_they_belong(bring: Any, world: World) -> None:
    found = bring(
        {"id": "a", "answer": "市"},
        {"id": "a", "answer": "区", "site": "hubin"},
        {"id": "b", "answer": "区", "site": "gaoxin.yunhu.gov.cn"},
        options=(),
    )
    assert found["counts"]["created"] == 3
    homes = {
        page.answer_text + page.key: page.get_parent().get_parent().pk
        for page in QuestionPage.objects.all()
    }
    assert homes == {
        "市a": world.home.pk, "区a": world.hubin_home.pk, "区b": world.gaoxin_home.pk,
    }  # fmt: skip
    assert QuestionPage.objects.get(key="b").get_parent().title == "常见问题"


def test_the_column_is_made_once(bring: Any, world: World) -> None:
    assert "column" in bring({"id": "a", "answer": "甲"}, options=())["said"]
    bring({"id": "b", "answer": "乙"}, options=())
    assert entry("a").get_parent().pk == entry("b").get_parent().pk
    assert entry("a").get_parent().live


@pytest.mark.parametrize(
    "options",
    [("--site", "nowhere"), ("--column", "/nowhere/"), ("--report", "/nowhere/a.json"),
     ("--reviewed-by", "nobody")],
)  # fmt: skip
def test_bad_usage_ends_with_two(bring: Any, options: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as error:
        raise CommandError(
            "", returncode=bring({"id": "a", "answer": "甲"}, options=options)["code"]
        )
    assert error.value.returncode == 2
    assert not QuestionPage.objects.exists()


def test_where_the_plugin_is_off_nothing_comes_in(bring: Any, world: World) -> None:
    with disable_plugin("assistant", site=world.site):
        assert bring({"id": "a", "answer": "甲"}, options=())["code"] == 2


def test_in_production_three_accounts_and_a_reason_are_needed(bring: Any, settings: Any) -> None:
    settings.PORTAL_OPERATOR_STRICT = True
    row = {"id": "a", "answer": "甲"}
    assert bring(row, options=())["code"] == 2
    users = [UserFactory() for _number in range(3)]
    names = ",".join(user.username for user in users)
    found = bring(row, options=("--reviewed-by", names, "--reason", "试"))
    assert found["code"] == 0
    assert Publication.objects.get(page=entry("a")).published_by == users[0]
    assert entry("a").owner == users[0]


def test_a_locked_entry_is_left_to_its_editor(bring: Any, unit: Any) -> None:
    bring(FULL)
    QuestionPage.objects.update(locked=True)
    found = bring(FULL | {"answer": "改"})
    assert found["counts"]["refused"] == 1
