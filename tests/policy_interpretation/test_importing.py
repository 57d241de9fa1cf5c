"""From files to drafts: the command with its report, texts that come again, what is told."""

import json
import random
from pathlib import Path
from typing import Any, get_args

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.policy_interpretation.importing import sentences
from portal.policy_interpretation.importing.mapping import clauses_of, keep_typed, to_draft
from portal.policy_interpretation.importing.services import Importer
from portal.policy_interpretation.models import (
    ImportBatch,
    ImportItem,
    IssuingBody,
    PolicyPage,
    PolicyRelation,
)
from portal.text.official import findings
from portal.text.official.files import take_bytes
from portal.text.official.model import Clause, Parsed
from portal.text.official.readers.refusals import DocumentFileError, Reason
from tests.factories import OrganisationFactory, World

from .documents_to_read import FORWARDING, MEASURES, WITH_A_GAP
from .factories import ids_of, make_policy

STATUSES = {"imported", "flagged", "refused"}
KEYS = {
    "file", "status", "title", "document_number", "issuing_bodies", "issued_on", "published_on",
    "theme", "clauses", "relations", "warnings", "removed",
}  # fmt: skip


def bring_in(world: World, text: str, *, name: str = "file.txt", **options: Any) -> ImportItem:
    """Read a text as the command reads a file; the item of its first document."""
    batch = ImportBatch.objects.create(site=world.site, column=world.column)
    taken = take_bytes(Path(name), text.encode())
    importer = Importer(batch, world.column.page_ptr, **options)
    return importer.store(taken, name=name, data=text.encode())[0]


def draft_of(item: ImportItem) -> PolicyPage:
    return PolicyPage.objects.get(pk=item.page_id).get_latest_revision_as_object()


def run(*paths: Path, **options: Any) -> tuple[int, list[dict[str, Any]]]:
    """The command's exit code and its report."""
    report = paths[0].parent / "report.json"
    values = {"report": str(report), "column": "/yaowen/", "workers": 1} | options
    code = 0
    try:
        call_command("import_policies", *map(str, paths), **values, verbosity=0)
    except CommandError as error:
        code = error.returncode
    return code, json.loads(report.read_text("utf-8"))["files"] if report.exists() else []


# --- the command ----------------------------------------------------------------------------------
@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "in"
    found.mkdir()
    (found / "1.txt").write_text(MEASURES, "utf-8")
    (found / "2.txt").write_text(WITH_A_GAP, "gb18030")
    (found / "3.docx").write_bytes(b"PK\x03\x04 cut off")
    return found


@pytest.mark.django_db
def test_the_report_says_all_of_a_document(world: World, folder: Path) -> None:
    OrganisationFactory(full_name="云湖市人民政府")
    code, report = run(folder)
    assert code == 1  # one was refused
    assert [(Path(one["file"]).name, one["status"]) for one in report] == [
        ("1.txt", "imported"),
        ("2.txt", "flagged"),
        ("3.docx", "refused"),
    ]
    assert all(set(one) == KEYS for one in report)
    first = report[0]
    assert (first["title"], first["document_number"], first["issued_on"]) == (
        "云湖市公共自行车管理办法",
        "云政发〔2026〕12号",
        "2026-05-06",
    )
    assert first["issuing_bodies"] == ["云湖市人民政府"]
    numbers = {clause["number"]: clause for clause in first["clauses"]}
    assert numbers["（一）"]["parent"] == numbers["第三条"]["id"]
    assert numbers["第三条"]["level"] == "article"
    assert report[2]["warnings"]
    page = PolicyPage.objects.get(document_number="云政发〔2026〕12号")
    assert [clause["id"] for clause in first["clauses"]] == ids_of(page)
    assert not page.live
    assert page.issuing_bodies.get().organisation is not None


@pytest.mark.django_db
def test_what_was_brought_in_before_is_skipped(world: World, folder: Path) -> None:
    _code, first = run(folder)
    (folder / "3.docx").unlink()
    (folder / "4.txt").write_text(MEASURES.replace("12号", "14号"), "utf-8")
    code, second = run(folder)
    assert code == 0
    assert PolicyPage.objects.count() == 3
    assert [one["title"] for one in second[:2]] == [one["title"] for one in first[:2]]
    assert second[0]["warnings"] != first[0]["warnings"]  # says that it was there
    assert second[2]["document_number"] == "云政发〔2026〕14号"


@pytest.mark.django_db
def test_an_interrupted_run_keeps_what_it_has_and_goes_on(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Importer.store

    def interrupted(self: Importer, taken: Any, **options: Any) -> Any:
        if taken.path.name == "2.txt":
            raise KeyboardInterrupt
        return store(self, taken, **options)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Importer, "store", interrupted)
        run(folder)
    assert ImportBatch.objects.get().state == ImportBatch.State.CANCELLED
    _code, report = run(folder)
    assert len(report) == 3
    assert PolicyPage.objects.count() == 2


@pytest.mark.django_db
def test_published_where_the_gate_lets_it_through(world: World, folder: Path) -> None:
    (folder / "5.txt").write_text("只有一段话，没有标题，也没有发文机关。", "utf-8")
    _code, report = run(folder, publish=True)
    assert PolicyPage.objects.live().filter(document_number="云政发〔2026〕12号").exists()
    held_back = report[-1]
    assert held_back["status"] == "flagged"
    assert any("发文机关" in one or "issued" in one for one in held_back["warnings"])
    assert PolicyPage.objects.live().count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "options",
    [{"site": "nowhere.example"}, {"column": "/nowhere/"}, {"report": "/nowhere/report.json"}],
)
def test_a_wrong_place_ends_before_anything_is_read(
    world: World, folder: Path, options: dict[str, str]
) -> None:
    code, _report = run(folder, **options)
    assert code == 2
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
def test_production_demands_three_names_and_a_reason(
    world: World, folder: Path, settings: Any
) -> None:
    settings.PORTAL_OPERATOR_STRICT = True
    code, _report = run(folder, publish=True, reviewed_by="", reason="")
    assert code == 2
    assert not PolicyPage.objects.exists()


@pytest.mark.django_db
def test_a_pattern_and_a_missing_path(world: World, folder: Path) -> None:
    code, report = run(folder / "*.txt")
    assert (code, len(report)) == (0, 2)
    assert run(folder / "none.txt")[0] == 2


@pytest.mark.django_db
def test_a_forwarded_document_has_an_entry_and_a_page_of_its_own(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "forward.txt"
    path.write_text(FORWARDING, "utf-8")
    _code, report = run(path)
    assert len(report) == 2
    assert {one["file"] for one in report} == {str(path)}
    outer, inner = (PolicyPage.objects.get(title=one["title"]) for one in report)
    relation = outer.relations.get(kind="forwards")
    assert relation.target_id == inner.pk


# --- a text that comes again ----------------------------------------------------------------------
@pytest.mark.django_db
def test_what_was_typed_is_kept_and_named(world: World) -> None:
    page = draft_of(bring_in(world, MEASURES))
    page.title = "云湖市公共自行车管理办法（2026年修订）"
    page.summary = "怎么租公共自行车。"
    page.issuing_bodies = [IssuingBody(name="云湖市交通运输局")]
    blocks = list(page.body.raw_data)
    kept = next(block for block in blocks if block["value"]["number"] == "第二条")
    kept["value"]["invalid_from"] = "2027-01-01"
    page.body = page.body.stream_block.to_python(blocks)
    page.save_revision()
    again = bring_in(world, MEASURES.replace("管理工作", "管理和监督工作"))
    assert again.was_update
    draft = draft_of(again)
    assert draft.title == "云湖市公共自行车管理办法（2026年修订）"
    assert draft.summary == "怎么租公共自行车。"
    assert draft.body_names() == ["云湖市交通运输局"]
    assert ids_of(draft) == [block["id"] for block in blocks]
    ends = {clause.number: clause.invalid_from for clause in draft.clauses()}
    assert str(ends["第二条"]) == "2027-01-01"
    texts = {clause.number: clause.text for clause in draft.clauses()}
    assert texts["第二条"] == "市交通运输局负责公共自行车的管理和监督工作。"
    [finding] = [one for one in again.findings if one["code"] == "kept_by_hand"]
    assert str(PolicyPage._meta.get_field("title").verbose_name) in finding["sentence"]


@pytest.mark.django_db
def test_what_nobody_touched_follows_the_file(world: World) -> None:
    bring_in(world, MEASURES)
    again = bring_in(
        world, MEASURES.replace("2026年5月6日", "2026年5月8日").replace("6月1日", "7月1日")
    )
    draft = draft_of(again)
    assert (str(draft.issued_on), str(draft.effective_on)) == ("2026-05-08", "2026-07-01")


@pytest.mark.django_db
def test_a_relation_that_was_dropped_does_not_come_back(world: World) -> None:
    law = make_policy(world.column, title="云湖市道路交通条例", document_number="")
    text = MEASURES.replace("制定本办法", "根据《云湖市道路交通条例》，制定本办法")
    page = draft_of(bring_in(world, text))
    assert page.relations.get().target_id == law.pk
    page.relations = [PolicyRelation(kind="supports", target_title="另一份文件")]
    page.save_revision()
    draft = draft_of(bring_in(world, text + "\n"))
    assert [one.target_title for one in draft.relations.all()] == ["另一份文件"]


def test_pictures_and_captions_survive_a_new_text() -> None:
    def clause(id: str, text: str) -> dict[str, Any]:
        value = {"level": "article", "number": "", "text": text, "invalid_from": None}
        return {"type": "clause", "id": id, "value": value}

    picture = {"type": "image", "id": "p", "value": {"image": 1}}
    old = [clause("a", "1"), clause("b", "2"), picture, clause("c", "3")]
    new = [clause("a", "1"), clause("c", "3"), clause("d", "4")]
    assert [block["id"] for block in keep_typed(old, new)] == ["a", "p", "c", "d"]
    first = [picture, clause("a", "1")]
    assert [block["id"] for block in keep_typed(first, new)] == ["p", "a", "c", "d"]


WORDS = "市县区政府部门单位企业公民应当依照规定办理事项公布结果接受监督期限材料申请审查决定送达"


def _articles(random_: random.Random, count: int) -> list[str]:
    return ["".join(random_.choices(WORDS, k=random_.randint(25, 60))) for _n in range(count)]


def _numbered(texts: list[str]) -> tuple[Clause, ...]:
    return tuple(Clause("article", f"第{n}条", text) for n, text in enumerate(texts, 1))


@given(seed=st.integers(0, 10**9))
@settings(max_examples=25, deadline=None)
def test_fifty_edits_and_moves_and_a_new_text_keep_the_ids_of_what_is_there(seed: int) -> None:
    random_ = random.Random(seed)
    texts = _articles(random_, 60)
    first = to_draft(Parsed("办法", _numbered(texts)), fallback_title="")
    ids = dict(zip(texts, first.clause_ids, strict=True))
    for _n in range(50):
        place = random_.randrange(len(texts))
        match random_.choice(["edit", "move", "add", "remove"]):
            case "edit":  # one character of many: still the same clause
                old = texts[place]
                at = random_.randrange(len(old))
                texts[place] = new = old[:at] + random_.choice(WORDS) + old[at + 1 :]
                if old in ids:
                    ids[new] = ids.pop(old)
            case "move":
                texts.insert(random_.randrange(len(texts)), texts.pop(place))
            case "add":
                texts.insert(place, _articles(random_, 1)[0])
            case _ if len(texts) > 20:
                ids.pop(texts.pop(place), None)
            case _:
                continue
    known = clauses_of(first.blocks)
    again = to_draft(Parsed("办法", _numbered(texts)), fallback_title="", known=known)
    found = dict(zip(texts, again.clause_ids, strict=True))
    assert len(set(again.clause_ids)) == len(texts)
    original = {clause.text for _id, clause in known}
    untouched = [text for text in texts if text in original]
    assert [found[text] for text in untouched] == [ids[text] for text in untouched]


# --- what is told ---------------------------------------------------------------------------------
def test_every_finding_and_every_refusal_has_a_sentence() -> None:
    reasons = set(get_args(Reason.__value__))
    assert set(findings.CODES) <= set(sentences.FINDINGS)
    assert reasons == set(sentences.REFUSALS)
    with translation.override("en"):
        for reason in sorted(reasons):
            error = DocumentFileError(reason, limit=7, kind="pdf")
            assert "%" not in sentences.refused(error)


def test_the_codes_of_readers_have_sentences() -> None:
    import portal.text.official.readers as readers

    codes: set[str] = set()
    for path in Path(readers.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        for piece in text.split('Finding("')[1:]:
            codes.add(piece.split('"')[0])
    assert codes
    told = {"left_out" if code.startswith("left_out") else code for code in codes}
    assert told <= set(sentences.FINDINGS)


# --- any file at all ------------------------------------------------------------------------------
_LINES = st.sampled_from(
    [
        *MEASURES.splitlines(), *WITH_A_GAP.splitlines(), *FORWARDING.splitlines(),
        "附件：1.名单", "第一章 总则", "一、总体要求", "（二）", "1.", "<p>", "\x00", "　　", "“", "》",
        "第二千零一条", "2026年13月40日", "云政发〔〕号", "签发人：", "首页 > 公告", "9" * 300,
    ]
)  # fmt: skip


@pytest.mark.django_db
@given(
    data=st.one_of(
        st.binary(max_size=400),
        st.lists(_LINES, max_size=25).map("\n".join).map(str.encode),
    ),
    suffix=st.sampled_from([".txt", ".docx", ".html", ".pdf", ".ofd", ".doc", ""]),
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_file_is_brought_in_or_refused(world: World, data: bytes, suffix: str) -> None:
    batch = ImportBatch.objects.create(site=world.site, column=world.column)
    importer = Importer(batch, world.column.page_ptr)
    taken = take_bytes(Path(f"file{suffix}"), data)
    for item in importer.store(taken, name=f"file{suffix}", data=data):
        assert item.report["status"] in STATUSES
        assert item.report["status"] != "refused" or item.report["warnings"]
        assert item.findings == [] or all(one["sentence"] for one in item.findings)
        assert (item.page is None) == (item.report["status"] == "refused")
        assert all(one["code"] != "failed" for one in item.findings), taken.digest
