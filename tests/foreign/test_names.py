"""Official names: found in texts, asked for in translations, changed everywhere and nowhere else."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageLogEntry
from wagtail_localize.models import StringTranslation

from portal.core.models import Organisation
from portal.core.provisioning import provision_site
from portal.foreign.models import (
    LiveSegment,
    MadeBy,
    NameRule,
    PageTranslation,
    Term,
    TermChange,
    TermName,
)
from portal.foreign.selectors.chinese_names import chinese_pages
from portal.foreign.selectors.exchange import document_of
from portal.foreign.selectors.names import name_problems, problems_in, stopping_kinds
from portal.foreign.selectors.origins import made_by_of
from portal.foreign.selectors.term_changes import touched
from portal.foreign.selectors.terms import terms_in
from portal.foreign.services import terms
from portal.foreign.services.chinese_names import (
    LOG_PREPARED,
    prepare_chinese,
    prepared_pages,
    undo_chinese,
)
from portal.foreign.services.segments import save_segment
from portal.foreign.services.syncing import sync_source
from tests.factories import ArticleFactory, UserFactory, World, member, publish
from tests.policy_interpretation.factories import make_policy

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


def rename_in_chinese() -> TermChange:
    row = Term.objects.get(source="云湖市公安局")
    before = terms.names_of(row)
    row.source = CHINESE_NEW
    row.save()
    (change,) = terms.note_changes(term=row, before=before, user=None)
    return change


CHINESE_NEW = "云湖市公安与出入境局"
BEFORE_AND_AFTER = {
    source: source.replace("云湖市公安局", CHINESE_NEW)
    for source, _target, _is in TEXTS
    if "云湖市公安局" in source and "大厅" not in source
}


@pytest.fixture
def admin() -> Any:
    return UserFactory(is_superuser=True)


def drafts_of(page: Any) -> list[str]:
    draft = page.get_latest_revision_as_object()
    return [str(block.value.source)[3:-4] for block in draft.body]


def test_a_chinese_renaming_lists_the_chinese_pages_and_later_names_find_both(
    pages: list[PageTranslation], english: Section, admin: Any
) -> None:
    change = rename_in_chinese()
    assert touched(change) == []
    found = chinese_pages(change, admin)
    assert {one.page.pk for one in found.pages} == {row.source_id for row in pages}
    for named in found.pages:
        assert {text.before: text.after for text in named.texts} == BEFORE_AND_AFTER
        assert named.reason == ""

    row = change.term
    before = terms.names_of(row)
    row.names.update(name=NEW)
    (name_change,) = terms.note_changes(term=row, before=before, user=None)
    assert len([one for one in touched(name_change) if one.after]) == 6


@pytest.mark.usefixtures("words_of_the_code")
def test_a_chinese_renaming_prepares_drafts_of_the_chosen_pages_and_publishes_nothing(
    pages: list[PageTranslation], admin: Any
) -> None:
    change = rename_in_chinese()
    first, second = (Page.objects.get(pk=row.source_id).specific for row in pages)
    public = first.body.raw_data[:]
    made, left = prepare_chinese(change=change, user=admin, pages={first.pk})
    assert [page.pk for page in made] == [first.pk]
    assert left == []
    first, second = (Page.objects.get(pk=row.source_id).specific for row in pages)
    assert drafts_of(first) == [BEFORE_AND_AFTER.get(source, source) for source, *_rest in TEXTS]
    ids = [block.id for block in first.get_latest_revision_as_object().body]
    assert ids == [block["id"] for block in public]
    assert first.body.raw_data[:] == public
    assert first.has_unpublished_changes
    assert not second.has_unpublished_changes
    assert change.prepared_at
    assert PageLogEntry.objects.get(action=LOG_PREPARED).data["new"] == CHINESE_NEW
    # A second time: what has a draft is left to whoever finishes it.
    again = {one.page.pk: one.reason for one in chinese_pages(change, admin).pages}
    assert "draft" in again[first.pk]
    assert again[second.pk] == ""


def test_pages_that_are_no_core_content_are_found_in_all_their_texts(
    world: World, english: Section, base: None, admin: Any
) -> None:
    page = ArticleFactory(parent=world.column, title="云湖市公安局搬家", slug="banjia")
    page.body = page.body.stream_block.to_python(
        [
            {"type": "heading", "value": {"text": "云湖市公安局在哪里", "level": "2"}},
            {
                "type": "steps",
                "value": {"title": "", "items": [{"title": "去云湖市公安局", "text": ""}]},
            },
        ]
    )
    publish(page)
    change = rename_in_chinese()
    (named,) = chinese_pages(change, admin).pages
    assert [text.after for text in named.texts] == [
        f"{CHINESE_NEW}搬家", f"{CHINESE_NEW}在哪里", f"去{CHINESE_NEW}",
    ]  # fmt: skip
    prepare_chinese(change=change, user=admin, pages={page.pk})
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    assert draft.title == f"{CHINESE_NEW}搬家"
    assert draft.slug == "banjia"
    assert draft.body[0].value["text"] == f"{CHINESE_NEW}在哪里"
    assert draft.body[1].value["items"][0]["title"] == f"去{CHINESE_NEW}"
    assert Page.objects.get(pk=page.pk).title == "云湖市公安局搬家"


@pytest.mark.usefixtures("words_of_the_code")
def test_documents_drafts_and_other_peoples_pages_are_left_with_a_reason(
    world: World, pages: list[PageTranslation], admin: Any
) -> None:
    make_policy(world.column, title="云湖市公安局办事规定", document_number="")
    drafted = Page.objects.get(pk=pages[0].source_id).specific
    drafted.save_revision(user=admin)
    hidden = ArticleFactory(parent=world.column, title="云湖市公安局旧闻", live=False)
    change = rename_in_chinese()
    for site in (world.site, world.hubin):
        provision_site(site)
    editor = member("editor", world.hubin)
    reasons = {one.page.title: one.reason for one in chinese_pages(change, admin).pages}
    assert "official document" in reasons["云湖市公安局办事规定"]
    assert "unpublished draft" in reasons[drafted.title]
    assert hidden.title not in reasons
    strange = chinese_pages(change, editor).pages
    assert all("may not edit" in one.reason or "document" in one.reason for one in strange)
    everything = {one.page.pk for one in strange}
    made, left = prepare_chinese(change=change, user=editor, pages=everything)
    assert made == []
    assert {page.pk for page, _reason in left} == everything
    change.refresh_from_db()
    assert change.prepared_at is None
    own = chinese_pages(change, member("editor", world.site)).pages
    assert [one.page.pk for one in own if not one.reason] == [pages[1].source_id]


def test_taking_chinese_drafts_back_leaves_what_somebody_wrote_since(
    pages: list[PageTranslation], admin: Any
) -> None:
    change = rename_in_chinese()
    first, second = (row.source_id for row in pages)
    prepare_chinese(change=change, user=admin, pages={first, second})
    page = Page.objects.get(pk=second).specific.get_latest_revision_as_object()
    page.title = "Typed since"
    page.save_revision(user=admin)
    left = undo_chinese(change=change, user=admin)
    assert [page.pk for page in left] == [second]
    page = Page.objects.get(pk=first).specific
    assert not page.has_unpublished_changes
    assert drafts_of(page) == [source for source, *_rest in TEXTS]
    assert Page.objects.get(pk=second).has_unpublished_changes
    assert list(prepared_pages(change)) == left
    change.refresh_from_db()
    assert change.undone_at is None
    assert prepare_chinese(change=change, user=admin, pages={first})[0]


def test_the_screen_of_a_chinese_change(
    pages: list[PageTranslation], admin: Any, client: Client
) -> None:
    change = rename_in_chinese()
    url = reverse("foreign_term_change", args=[change.pk])
    client.force_login(UserFactory())
    assert client.post(url, {"do": "prepare", "page": [pages[0].source_id]}).status_code == 302
    assert not PageLogEntry.objects.filter(action=LOG_PREPARED).exists()
    client.force_login(admin)
    html = client.get(url).content.decode()
    assert html.count('type="checkbox" name="page"') == 2
    assert "<ins>" in html
    client.post(url, {"do": "prepare", "page": [pages[0].source_id, "x"]})
    assert Page.objects.get(pk=pages[0].source_id).has_unpublished_changes
    assert not Page.objects.get(pk=pages[1].source_id).has_unpublished_changes
    html = client.get(url).content.decode()
    assert html.count('type="checkbox" name="page"') == 1
    client.post(url, {"do": "undo"})
    assert not Page.objects.get(pk=pages[0].source_id).has_unpublished_changes


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
