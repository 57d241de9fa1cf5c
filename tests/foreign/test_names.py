"""Official names: found in texts, asked for in translations, changed everywhere and nowhere else."""

from collections.abc import Iterable
from typing import Any

import pytest
from wagtail_localize.models import StringTranslation

from portal.core.models import Organisation
from portal.foreign.models import (
    LiveSegment,
    MadeBy,
    NameRule,
    PageTranslation,
    Term,
    TermChange,
    TermName,
)
from portal.foreign.selectors.exchange import document_of
from portal.foreign.selectors.names import name_problems, problems_in, stopping_kinds
from portal.foreign.selectors.origins import made_by_of
from portal.foreign.selectors.term_changes import touched
from portal.foreign.selectors.terms import terms_in
from portal.foreign.services import terms
from portal.foreign.services.segments import save_segment
from portal.foreign.services.syncing import sync_source
from tests.factories import ArticleFactory, publish

from .factories import Section, locale


def term(source: str, kind: str = "agency", status: str = "approved", **names: str) -> Term:
    row = Term.objects.create(source=source, kind=kind, status=status)
    for language, name in names.items():
        TermName.objects.create(term=row, locale=locale(language), name=name, status="approved")
    return row


@pytest.fixture
def base(db: None) -> None:
    locale("en")
    term("云湖市", "place", en="Yunhu")
    term("云湖市公安局", en="Yunhu Public Security Bureau")
    term("居留许可", "other", en="residence permit")


# --- found in Chinese ---------------------------------------------------------------------------
def test_the_longest_name_at_each_place_is_found(base: None) -> None:
    text = "到云湖市公安局办居留许可；云湖市<b>公安局</b>"
    assert [
        (hit.term, text[hit.start : hit.end], hit.name) for hit in terms_in(text, language="en")
    ] == [
        ("云湖市公安局", "云湖市公安局", "Yunhu Public Security Bureau"),
        ("居留许可", "居留许可", "residence permit"),
        ("云湖市", "云湖市", "Yunhu"),
    ]
    assert [hit.name for hit in terms_in(text, language="ja")] == ["", "", ""]


def test_a_term_is_known_as_soon_as_it_is_there_and_gone_when_retired(base: None) -> None:
    assert not terms_in("外事办", language="en")
    row = term("外事办", status="proposed", en="Foreign Affairs Office")
    assert [hit.name for hit in terms_in("外事办", language="en")] == ["Foreign Affairs Office"]
    row.names.update(name="Foreign Affairs Bureau")
    row.names.first().save()
    assert terms_in("外事办", language="en")[0].name == "Foreign Affairs Bureau"
    row.status = Term.Status.RETIRED
    row.save()
    assert not terms_in("外事办", language="en")


# --- asked for in translations --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("target", "missing"),
    [
        ("The Yunhu Public Security Bureau issues the residence permit.", []),
        ("the yunhu public  security bureau issues Residence Permits? A residence permit", []),
        ("The police issue the residence permit.", ["云湖市公安局"]),
        ("Yunhu Public Security Bureaucracy, residence permit", ["云湖市公安局"]),
        ("x", ["云湖市公安局", "居留许可"]),
    ],
)
def test_a_missing_official_name_is_told(base: None, target: str, missing: list[str]) -> None:
    found = problems_in("云湖市公安局办理居留许可", target, language="en", stops={"agency"})
    assert [problem.term for problem in found] == missing
    assert all(problem.blocking == (problem.kind == "agency") for problem in found)


def test_forbidden_forms_are_told_but_not_inside_the_official_name(base: None) -> None:
    name = TermName.objects.get(name="Yunhu Public Security Bureau")
    name.variants_forbidden = "Public Security Bureau\nYunhu PSB"
    name.save()
    source = "云湖市公安局"

    def wrong(text: str) -> list[str]:
        return [problem.wrong for problem in problems_in(source, text, language="en")]

    assert wrong("Yunhu Public Security Bureau") == []
    assert wrong("Yunhu PSB") == ["Yunhu PSB"]
    assert wrong("Yunhu Public Security Bureau, or Yunhu PSB for short") == ["Yunhu PSB"]


def test_proposed_names_are_not_asked_for(base: None) -> None:
    TermName.objects.update(status="proposed")
    for name in TermName.objects.all():
        name.save()
    assert problems_in("云湖市公安局", "x", language="en") == []


def test_which_kinds_stop_a_release_is_a_rule_of_the_site(english: Section) -> None:
    site = english.row.site_id
    assert stopping_kinds(site) == {"agency", "law"}
    NameRule.objects.create(site=None, stops_agency=False, stops_law=False)
    assert stopping_kinds(site) == frozenset()
    NameRule.objects.create(site_id=site, stops_place=True, stops_law=False)
    assert stopping_kinds(site) == {"agency", "place"}


# --- a changed name -------------------------------------------------------------------------------
OLD, NEW = "Yunhu Public Security Bureau", "Yunhu Municipal Public Security Bureau"
# Chinese → English as translated; the third says whether the change is about it.
TEXTS = [
    ("云湖市公安局负责办理。", f"The {OLD} is in charge.", True),
    ("到<b>云湖市公安局</b>或网上办理", f"Go to <b>{OLD}</b> or apply online", True),
    ("云湖市公安局、云湖市公安局", f"{OLD} and {OLD}", True),
    ("云湖市公安局出入境大厅在东街", f"The {OLD} Exit-Entry Hall is in East Street", False),
    ("云湖市的天气", "Weather in Yunhu", False),
    ("请带护照。", f"Bring your passport ({OLD}).", False),
    ("云湖市公安局很远", "The police are far away", False),
]


@pytest.fixture
def pages(english: Section, base: None) -> list[PageTranslation]:
    term("云湖市公安局出入境大厅", "place", en=f"{OLD} Exit-Entry Hall")
    found = []
    for number in range(2):
        page = ArticleFactory(parent=english.source, title=f"第{number}页")
        page.body = page.body.stream_block.to_python(
            [
                {"type": "paragraph", "value": f"<p>{source}</p>", "id": f"{number}{at:07}"}
                for at, (source, _target, _is) in enumerate(TEXTS)
            ]
        )
        publish(page)
        sync_source(page)
        translation = PageTranslation.objects.select_related(
            "section__locale", "source__locale"
        ).get(section=english.row, source_id=page.pk)
        write(translation, [(source, target) for source, target, _is in TEXTS], english)
        found.append(translation)
    return found


def write(translation: PageTranslation, pairs: Iterable[tuple[str, str]], section: Section) -> None:
    known = dict(pairs)
    for unit in document_of(translation).units:
        if unit.source in known:
            save_segment(
                translation=translation, path=unit.path, position=0, source_hash=unit.source_hash,
                text=known[unit.source], user=section.team.translator,
            )  # fmt: skip


def texts() -> dict[tuple[int, str], str]:
    rows = StringTranslation.objects.select_related("translation_of", "context")
    return {(row.context_id, row.translation_of.data): row.data for row in rows}


def rename(user: Any = None) -> TermChange:
    row = Term.objects.get(source="云湖市公安局")
    before = terms.names_of(row)
    row.names.update(name=NEW)
    (change,) = terms.note_changes(term=row, before=before, user=user)
    return change


def test_a_rename_changes_exactly_the_listed_paragraphs(
    pages: list[PageTranslation], english: Section
) -> None:
    change = rename()
    listed = touched(change)
    ready = [one for one in listed if one.after]
    by_hand = [one for one in listed if not one.after]
    assert sorted(one.source_text for one in ready) == sorted(
        source for source, _target, is_about in TEXTS if is_about for _page in pages
    )
    assert [one.source_text for one in by_hand] == ["云湖市公安局很远"] * 2
    assert all(one.reason for one in by_hand)

    before = texts()
    live = list(LiveSegment.objects.values())
    edits = terms.prepare(change=change, user=english.team.lead)
    now = texts()
    changed = {place for place in now if now[place] != before[place]}
    assert changed == {place for place in before if place[1] in {one.source_text for one in ready}}
    assert len(edits) == len(changed) == 6
    assert all(now[place] == before[place].replace(OLD, NEW) for place in changed)
    assert list(LiveSegment.objects.values()) == live
    assert [one for one in touched(change) if one.after] == []
    # Whoever translated it stays the author: the reviewer has to be another person.
    assert set(made_by_of(pages[0]).values()) == {MadeBy.HUMAN}


def test_a_rename_can_be_taken_back_but_not_over_somebody_elses_work(
    pages: list[PageTranslation], english: Section
) -> None:
    before = texts()
    change = rename()
    terms.prepare(change=change, user=english.team.lead)
    write(pages[0], [(TEXTS[0][0], "Typed since")], english)
    (left,) = terms.undo(change=change, user=english.team.lead)
    assert left.translation_id == pages[0].pk
    now = texts()
    assert {place for place in now if now[place] != before[place]} == {
        place for place in now if now[place] == "Typed since"
    }
    change.refresh_from_db()
    assert change.undone_at is None


def test_taking_back_gives_every_draft_its_former_text(
    pages: list[PageTranslation], english: Section
) -> None:
    before = texts()
    change = rename()
    terms.prepare(change=change, user=english.team.lead)
    assert texts() != before
    assert terms.undo(change=change, user=english.team.lead) == []
    assert texts() == before
    change.refresh_from_db()
    assert change.undone_at is not None
    assert terms.undo(change=change, user=english.team.lead) == []


def test_a_machines_draft_stays_one_when_a_name_is_put_in(
    pages: list[PageTranslation], english: Section
) -> None:
    unit = next(unit for unit in document_of(pages[0]).units if unit.source == TEXTS[0][0])
    save_segment(
        translation=pages[0], path=unit.path, position=0, source_hash=unit.source_hash,
        text=TEXTS[0][1], user=None, made_by=MadeBy.MACHINE,
    )  # fmt: skip
    terms.prepare(change=rename(), user=english.team.lead)
    assert made_by_of(pages[0])[unit.path, unit.source_hash] == MadeBy.MACHINE


def test_a_chinese_renaming_lists_the_chinese_paragraphs_and_later_names_find_both(
    pages: list[PageTranslation], english: Section
) -> None:
    row = Term.objects.get(source="云湖市公安局")
    before = terms.names_of(row)
    row.source = "云湖市公安与出入境局"
    row.save()
    (change,) = terms.note_changes(term=row, before=before, user=None)
    listed = touched(change)
    assert {one.source_text for one in listed} == {
        source
        for source, _target, _is in TEXTS
        if "云湖市公安局" in source and "大厅" not in source
    }
    assert not any(one.after for one in listed)

    before = terms.names_of(row)
    row.names.update(name=NEW)
    (name_change,) = terms.note_changes(term=row, before=before, user=None)
    assert len([one for one in touched(name_change) if one.after]) == 6


def test_a_page_is_checked_as_a_whole(pages: list[PageTranslation]) -> None:
    found = name_problems(pages[0])
    assert [(problem.term, problem.blocking) for problem in found] == [("云湖市公安局", True)]


# --- proposals, tables ----------------------------------------------------------------------------
def test_units_are_proposed_once_with_their_english_names(english: Section) -> None:
    Organisation.objects.create(
        code="wsb", full_name="云湖市外事办公室", short_name="市外办", kind="department",
        english_name="Foreign Affairs Office of Yunhu",
    )  # fmt: skip
    assert terms.propose_organisations() >= 1
    row = Term.objects.get(source="云湖市外事办公室")
    assert (row.status, row.kind) == ("proposed", "agency")
    assert [name.status for name in row.names.all()] == ["proposed"]
    assert terms.propose_organisations() == 0


def test_a_table_goes_out_and_comes_back(base: None) -> None:
    row = TermName.objects.get(name="Yunhu")
    row.variants_forbidden = "Cloud Lake\nYun Hu"
    row.save()
    head, *lines = terms.table(Term.objects.prefetch_related("names__locale"), ["en"])
    assert head == ["source", "kind", "status", "note", "en", "en:status", "en:not"]
    assert ["云湖市", "place", "approved", "", "Yunhu", "approved", "Cloud Lake; Yun Hu"] in lines
    before = list(Term.objects.values_list("source", "kind", "status"))
    rows = [(at, dict(zip(head, line, strict=True))) for at, line in enumerate(lines, 2)]
    assert terms.read_table(rows, user=None) == (3, [], [])
    assert list(Term.objects.values_list("source", "kind", "status")) == before

    rows[0][1]["kind"] = "rubbish"
    rows[1][1]["en"] = "Another name"
    done, changes, refused = terms.read_table([*rows, (9, {"source": "x"})], user=None)
    assert (done, len(changes), [line for line, _why in refused]) == (2, 1, [2, 9])
