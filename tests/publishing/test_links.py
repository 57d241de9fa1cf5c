"""Which statements a changed row concerns: by its values, and by what it is joined with."""

from pathlib import Path
from typing import Any

import pytest

from portal.publishing.reading.recorder import Asked
from portal.publishing.store.index import Change, Index
from portal.publishing.store.keeping import _questions

QUESTIONS = (
    'SELECT "p"."title" FROM "assistant_questionpage" "q" '
    'INNER JOIN "wagtailcore_page" "p" ON ("q"."page_ptr_id" = "p"."id") '
    'INNER JOIN "core_publication" "c" ON ("c"."page_id" = "p"."id" AND "c"."closed" = %s) '
    'WHERE ("p"."live" = %s AND ("q"."page_ptr_id" = %s OR "q"."translation_of_id" = %s))'
)
TRANSLATIONS = (
    'SELECT "p"."id" FROM "wagtailcore_page" "p" '
    'WHERE ("p"."live" = %s AND "p"."translation_key" = %s)'
)

NEIGHBOURS = (
    "SELECT r.page_id, p.url_path FROM core_listingrow r JOIN wagtailcore_page p "
    "ON p.id = r.page_id WHERE r.container_id = %s AND r.is_own ORDER BY r.date LIMIT 1"
)
LISTED = {11: ["3", "5"], 12: ["4"]}


@pytest.fixture
def index(tmp_path: Path) -> Index:
    index = Index(tmp_path)
    asked = [
        Asked(QUESTIONS, (False, True, 7, 7)),
        Asked(TRANSLATIONS, (True, "a" * 32)),
        Asked(NEIGHBOURS, (3,)),
    ]
    with index.writing():
        index.put(
            address="a/",
            folder="a",
            site=None,
            page=None,
            digest="",
            holds_until=None,
            questions=_questions(asked, "sqlite"),
        )
    return index


def concerned(index: Index, table: str, row: dict[str, Any], questions: set[int]) -> set[str]:
    def standing(place: tuple[str, str, str], value: Any) -> frozenset[str]:
        if place == ("core_listingrow", "page_id", "container_id"):
            return frozenset(LISTED.get(value, ()))
        assert place == ("assistant_questionpage", "page_ptr_id", "")
        return frozenset({""} if value in questions else ())

    found = index.statements_that_may_see(Change(table, row, row), standing)
    return {sql for sql, _parameters in found.values()}


def test_a_page_of_another_kind_is_not_one_of_the_questions(index: Index) -> None:
    page = {"id": 8, "live": 1, "translation_key": "b" * 32}
    publication = {"id": 1, "page_id": 8, "closed": 0}
    assert concerned(index, "wagtailcore_page", page, questions={7}) == set()
    assert concerned(index, "core_publication", publication, questions={7}) == set()
    assert concerned(index, "wagtailcore_page", page, questions={8}) == {QUESTIONS}
    assert concerned(index, "core_publication", publication, questions={8}) == {QUESTIONS}


def test_what_others_are_asked_for_is_always_told_itself(index: Index) -> None:
    """Page and question go in one transaction: neither is there any more when that is followed."""
    gone = {"page_ptr_id": 7, "translation_of_id": None}
    assert concerned(index, "assistant_questionpage", gone, questions=set()) == {QUESTIONS}


def test_translations_are_found_by_their_key(index: Index) -> None:
    page = {"id": 9, "live": 1, "translation_key": "a" * 32}
    assert concerned(index, "wagtailcore_page", page, questions=set()) == {TRANSLATIONS}


def test_a_page_concerns_the_lists_in_which_it_stands(index: Index) -> None:
    for key, found in ((11, {NEIGHBOURS}), (12, set()), (13, set())):
        page = {"id": key, "live": 1, "translation_key": "b" * 32}
        assert concerned(index, "wagtailcore_page", page, questions=set()) == found
    row = {"id": 1, "page_id": 12, "container_id": 3}
    assert concerned(index, "core_listingrow", row, questions=set()) == {NEIGHBOURS}
