"""Translations leave as files and come back: what is written, what is refused and why."""

import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest

from portal.core.models import User
from portal.foreign.exchange import bundle, po, xliff
from portal.foreign.exchange.units import Document, Mark, NotReadable, Unit
from portal.foreign.models import ExchangeFile, MadeBy, PageTranslation
from portal.foreign.selectors.exchange import FilePlan, Outcome, document_of, plans
from portal.foreign.selectors.origins import made_by_of
from portal.foreign.selectors.segments import segments_of
from portal.foreign.services.exchange import export, import_data, receive, take_over
from portal.foreign.services.segments import save_segment
from portal.foreign.services.syncing import sync_source
from tests.factories import ImageFactory, UserFactory, publish

from .factories import Section, add_member

pytestmark = pytest.mark.usefixtures("words_of_the_code")


def in_english(chinese: str) -> str:
    """What stands for a translation: no Chinese, another one for each text, tags as they are."""
    return re.sub(r"[\u2e80-\uffff]", lambda found: f"w{ord(found[0]):x} ", chinese)


BODY = [
    {"type": "heading", "value": {"text": "办理条件", "level": "h2"}},
    {
        "type": "paragraph",
        "value": '<p>见<a href="https://www.example.gov.cn/">办事<b>指南</b></a>，费用 5&lt;6 元 &amp; 免费。</p>'
        "<ul><li>第一项</li><li>第二项<br/>换行</li></ul><p>第一项</p>",
    },
]


@pytest.fixture
def translation(english: Section) -> PageTranslation:
    picture = ImageFactory(title="窗口")
    image = {
        "type": "image",
        "value": {"image": picture.pk, "caption": "办事大厅"},
    }
    page = english.article
    known = page.body.stream_block.child_blocks
    body = [block for block in [*BODY, image] if block["type"] in known]
    page.body = page.body.stream_block.normalize(
        page.body.stream_block.to_python(
            [dict(block, id=f"0000000{n}") for n, block in enumerate(body)]
        )
    )
    publish(page)
    sync_source(page)
    return PageTranslation.objects.select_related("section__locale", "source__locale").get(
        section=english.row, source_id=page.pk
    )


def translate(translation: PageTranslation, user: Any = None, **fields: Any) -> None:
    for unit in document_of(translation).units:
        save_segment(
            translation=translation, path=unit.path, position=0, source_hash=unit.source_hash,
            text=in_english(unit.source), user=user, **fields,
        )  # fmt: skip


def drafts(translation: PageTranslation) -> dict[str, str]:
    return {segment.source_text: segment.text for segment in segments_of(translation)}


def change_units(document: Document, change: Callable[[Unit], Unit]) -> Document:
    return dataclasses.replace(document, units=tuple(map(change, document.units)))


def filled(unit: Unit) -> Unit:
    return dataclasses.replace(unit, target=in_english(unit.source), finished=True, mark=Mark.DRAFT)


def bring(document: Document, user: User, form: str = "po") -> FilePlan:
    (plan,) = import_data(
        name=f"x{bundle.SUFFIXES[form]}", data=bundle.write(document, form), user=user
    )
    return plan


def outcomes(plan: FilePlan) -> dict[str, int]:
    return {outcome.value: plan.count(outcome) for outcome in Outcome if plan.count(outcome)}


# --- there and back -------------------------------------------------------------------------------
@pytest.mark.parametrize("form", ["po", "xliff"])
def test_a_page_with_links_and_pictures_comes_back_as_it_went(
    translation: PageTranslation, english: Section, form: str
) -> None:
    sources = {unit.source for unit in document_of(translation).units}
    assert {"办理条件", "办事大厅", "第一项", "第二项<br/>换行"} <= sources
    assert '见<a id="a1">办事<b>指南</b></a>，费用 5&lt;6 元 &amp; 免费。' in sources

    plan = bring(change_units(document_of(translation), filled), english.team.translator, form)
    assert outcomes(plan) == {"new": len(document_of(translation).units)}
    assert drafts(translation) == {source: in_english(source) for source in drafts(translation)}

    name, data = export([translation], form)
    read = (po if form == "po" else xliff).read(data)
    assert [dataclasses.replace(unit, line=0) for unit in read.units] == list(
        document_of(translation).units
    )
    before = drafts(translation)
    (again,) = import_data(name=name, data=data, user=english.team.translator)
    assert outcomes(again) == {"same": len(before)}
    assert drafts(translation) == before


def test_the_page_made_of_a_file_has_its_links_and_pictures(
    translation: PageTranslation, english: Section
) -> None:
    from portal.foreign.services.drafts import draft_page, place_target

    bring(change_units(document_of(translation), filled), english.team.translator, "xliff")
    place_target(translation=translation)
    page = draft_page(translation)
    source = translation.source.specific
    assert 'href="https://www.example.gov.cn/"' in str(page.body)
    assert [block.block_type for block in page.body] == [block.block_type for block in source.body]
    images = [block.value["image"].pk for block in page.body if block.block_type == "image"]
    assert images == [
        block.value["image"].pk for block in source.body if block.block_type == "image"
    ]
    assert images


def test_what_is_behind_goes_with_its_old_chinese_and_stays_behind_until_it_is_finished(
    translation: PageTranslation, english: Section
) -> None:
    from .staleness import release

    translate(translation)
    from portal.foreign.services.drafts import place_target

    place_target(translation=translation)
    release(translation)
    page = translation.source.specific
    page.title = "居留许可怎样办理"
    publish(page)
    sync_source(page)
    translation = PageTranslation.objects.get(pk=translation.pk)

    (unit,) = [unit for unit in document_of(translation).units if unit.mark is Mark.STALE]
    assert unit.previous_source == "居留许可怎么办"
    assert unit.target == in_english("居留许可怎么办")
    for form in ("po", "xliff"):
        plan = bring(document_of(translation), english.team.translator, form)
        assert set(outcomes(plan)) == {"same", "unfinished"}
        assert drafts(translation)["居留许可怎样办理"] == ""
    done = change_units(
        document_of(translation),
        lambda unit: (
            dataclasses.replace(unit, target="How to get it", finished=True, mark=Mark.DRAFT)
            if unit.mark is Mark.STALE
            else unit
        ),
    )
    assert bring(done, english.team.translator).written == 1
    assert drafts(translation)["居留许可怎样办理"] == "How to get it"


def test_a_machines_text_stays_a_machines_until_somebody_read_it(
    translation: PageTranslation, english: Section
) -> None:
    translate(translation, made_by=MadeBy.MACHINE)
    translator = english.team.translator
    for form in ("po", "xliff"):
        assert set(outcomes(bring(document_of(translation), translator, form))) == {"unfinished"}
    assert set(made_by_of(translation).values()) == {MadeBy.MACHINE}

    first, second, *_rest = document_of(translation).units
    read = dataclasses.replace(first, finished=True, mark=Mark.DRAFT)
    better = dataclasses.replace(second, target="Better", finished=True)
    plan = bring(dataclasses.replace(document_of(translation), units=(read, better)), translator)
    assert outcomes(plan) == {"confirmed": 1, "changed": 1}
    now = made_by_of(translation)
    assert now[first.path, first.source_hash] == MadeBy.REVIEWED_MACHINE
    assert now[second.path, second.source_hash] == MadeBy.REVIEWED_MACHINE
    assert list(now.values()).count(MadeBy.MACHINE) == len(now) - 2


# --- refused --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"path": "body.00000099"}, "no such text"),
        ({"source_hash": "0" * 32}, "changed since the export"),
        ({"source": "别的"}, "not the one of the page"),
        ({"target": 'x <a id="a7">y</a>'}, "Inline tags"),
        ({"target": "<script>x</script>"}, "Inline tags"),
        ({"target": "居留许可怎么办？在这里办理"}, "still Chinese"),
    ],
    ids=["unknown", "moved", "source", "link", "script", "chinese"],
)
@pytest.mark.parametrize("form", ["po", "xliff"])
def test_a_row_that_cannot_be_taken_is_told_and_the_others_are_taken(
    translation: PageTranslation, english: Section, change: dict[str, str], words: str, form: str
) -> None:
    document = change_units(document_of(translation), filled)
    bad = dataclasses.replace(document.units[0], **change)
    plan = bring(
        dataclasses.replace(document, units=(bad, *document.units[1:])),
        english.team.translator,
        form,
    )
    (row,) = plan.refused
    assert words in row.reason
    assert row.unit.line > 0
    assert row.unit.target == bad.target
    assert plan.written == len(document.units) - 1
    assert drafts(translation)[document.units[0].source] == ""


def test_a_finished_row_without_text_is_refused(
    translation: PageTranslation, english: Section
) -> None:
    document = document_of(translation)
    data = xliff.write(document).replace(b'state="initial"', b'state="translated"', 1)
    (plan,) = import_data(name="x.xlf", data=data, user=english.team.translator)
    assert [row.reason for row in plan.refused] == [
        "It is marked as translated, and there is no text."
    ]


def test_what_was_changed_at_the_desk_since_the_export_is_not_overwritten(
    translation: PageTranslation, english: Section
) -> None:
    translate(translation)
    document = document_of(translation)
    unit = document.units[0]
    save_segment(
        translation=translation, path=unit.path, position=0, source_hash=unit.source_hash,
        text="From the desk", user=english.team.lead,
    )  # fmt: skip
    plan = bring(document, english.team.translator)
    assert set(outcomes(plan)) == {"same"}
    mine = dataclasses.replace(unit, target="From the file")
    plan = bring(dataclasses.replace(document, units=(mine,)), english.team.translator)
    assert "changed at the desk" in plan.refused[0].reason
    assert drafts(translation)[unit.source] == "From the desk"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"language": "ja"}, "translated into: en"),
        ({"language": ""}, "translated into: en"),
        ({"key": "7f1d1c5e-0000-4000-8000-000000000009"}, "not here"),
        ({"key": "rubbish"}, "not here"),
    ],
    ids=["language", "none", "page", "rubbish"],
)
def test_a_file_of_another_page_or_language_is_refused_as_a_whole(
    translation: PageTranslation, english: Section, change: dict[str, str], words: str
) -> None:
    document = dataclasses.replace(change_units(document_of(translation), filled), **change)
    plan = bring(document, english.team.translator)
    assert words in plan.problem
    assert not any(drafts(translation).values())


def test_only_translators_of_the_page_bring_files(
    translation: PageTranslation, english: Section, japanese: Section
) -> None:
    document = change_units(document_of(translation), filled)
    narrow = add_member(english.row, "translator", columns=[english.news]).user
    for user in (
        UserFactory(), narrow, japanese.team.translator, japanese.team.lead,
        english.team.language_reviewer, english.team.content_reviewer,
    ):  # fmt: skip
        assert "do not translate" in bring(document, user).problem
        assert not any(drafts(translation).values())
    assert bring(
        document, add_member(english.row, "translator", columns=[english.living]).user
    ).written


# --- zip, trial ----------------------------------------------------------------------------------
def test_many_pages_go_as_one_archive(translation: PageTranslation, english: Section) -> None:
    good = po.write(change_units(document_of(translation), filled))
    data = bundle.pack([("a/en.po", good), ("b.xlf", b"<xliff"), ("readme.txt", b"x")])
    done = import_data(name="all.ZIP", data=data, user=english.team.translator)
    assert [(plan.name, bool(plan.problem), plan.written > 0) for plan in done] == [
        ("a/en.po", False, True),
        ("b.xlf", True, False),
    ]


def test_archives_that_are_too_much_are_refused(english: Section, monkeypatch: Any) -> None:
    monkeypatch.setattr(bundle, "LARGEST_UNPACKED", 3000)
    monkeypatch.setattr(bundle, "MOST_FILES", 3)
    user = english.team.translator
    for name, data, words in (
        ("x.zip", bundle.pack([("a.po", b"x" * 2000), ("b.po", b"x" * 2000)]), "more than"),
        ("x.zip", bundle.pack([(f"{n}.po", b"x") for n in range(4)]), "At most 3"),
        ("x.zip", b"PK rubbish", "not a zip"),
        ("x.zip", bundle.pack([("a.txt", b"x")]), "no PO or XLIFF"),
        ("x.doc", b"x", "Choose a .po"),
    ):
        with pytest.raises(NotReadable, match=words):
            receive(user=user, name=name, data=data)
    assert not ExchangeFile.objects.exists()


def test_a_trial_writes_nothing_and_taking_over_reports_what_was_refused(
    translation: PageTranslation, english: Section
) -> None:
    user = english.team.translator
    document = change_units(document_of(translation), filled)
    bad = dataclasses.replace(document.units[0], source_hash="0" * 32)
    data = po.write(dataclasses.replace(document, units=(bad, *document.units[1:])))
    file = receive(user=user, name="C:\\work\\en.po", data=data)
    (plan,) = plans(file.name, bytes(file.data), user)
    assert file.name == "en.po"
    assert plan.written == len(document.units) - 1
    assert not any(drafts(translation).values())

    take_over(file=file, user=user)
    file.refresh_from_db()
    assert file.state == ExchangeFile.State.TAKEN
    (report,) = file.report
    assert report["counts"]["new"] == len(document.units) - 1
    assert report["refused"][0]["text"] == bad.target
