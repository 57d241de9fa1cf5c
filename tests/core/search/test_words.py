import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText
from modelsearch.utils import parse_query_string

from portal.core.search.documents import MAX_BYTES, indexed_texts
from portal.core.search.words import (
    Term,
    autocomplete_terms,
    autocomplete_words,
    cut_query,
    search_terms,
)

any_text = st.text(st.characters())


def test_words_of_the_dictionary_are_looked_for_whole() -> None:
    assert search_terms("居住证 办理条件") == [
        Term("居住证"),
        Term("办理"),
        Term("条件"),
    ]


def test_characters_that_make_no_word_are_looked_for_as_a_beginning_and_one_by_one() -> None:
    (either,) = search_terms("不动")
    assert isinstance(either, Or)
    assert either.subqueries == [Term("不动", prefix=True), Term("不 动")]
    assert search_terms("税") == [Term("税", prefix=True)]


def test_parts_of_a_name_are_stored_in_pairs() -> None:
    assert autocomplete_words("《不动产》2024 Blog") == [
        "不动", "动产", "产", "2024", "blog",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("不动产", [Term("不动 动产")]),
        ("不", [Term("不", prefix=True)]),
        ("不动 指南", [Term("不动"), Term("指南")]),
        ("登记》指南", [Term("登记 记指 指南")]),
        ("annual rep", [Term("annual"), Term("rep", prefix=True)]),
        ("20", [Term("20", prefix=True)]),
        ("，。", []),
    ],
)
def test_what_is_being_typed(typed: str, terms: list[Term]) -> None:
    found = autocomplete_terms(typed)
    # A last pair may be a beginning or not: no stored word is longer than a pair.
    assert [t.text for t in found] == [t.text for t in terms]
    assert [t for t in found if len(t.text) != 2] == [t for t in terms if len(t.text) != 2]


def test_a_query_keeps_its_structure() -> None:
    query = Or([PlainText("居住证"), And([PlainText("医保"), Not(PlainText("规定"))])])
    cut = cut_query(query, search_terms)
    assert isinstance(cut, Or)
    assert cut.subqueries[0] == Term("居住证")
    assert repr(cut.subqueries[1]) == repr(And([Term("医保"), Not(Term("规定"))]))


def test_parts_without_words_do_not_count() -> None:
    assert cut_query(And([PlainText("！？"), PlainText("医保")]), search_terms) == Term("医保")
    assert cut_query(And([MATCH_ALL, PlainText("医保")]), search_terms) == Term("医保")
    assert cut_query(Not(PlainText("！？")), search_terms) is None
    assert cut_query(PlainText("。"), search_terms) is None


def test_a_quoted_phrase_crosses_spaces() -> None:
    assert cut_query(Phrase("不动产 登记"), autocomplete_terms) == Term("不动 动产 产登 登记")


def leaves(query: Any) -> list[Term]:
    if query is None:
        return []
    if isinstance(query, Term):
        return [query]
    parts = [query.subquery] if isinstance(query, Not) else query.subqueries
    return [leaf for part in parts for leaf in leaves(part)]


@given(any_text)
def test_terms_need_no_escaping(typed: str) -> None:
    _filters, query = parse_query_string(typed)
    for cutter in (search_terms, autocomplete_terms):
        for term in leaves(cut_query(query, cutter)):
            assert term.text == term.text.strip()
            assert not re.search(r"""["'\\:*&|!()<>\x00-\x1f]""", term.text)


class _Field:
    boost = None

    def __init__(self, name: str, text: object) -> None:
        self.field_name, self.text = name, text


@given(any_text)
def test_any_part_of_a_title_is_found_as_it_is_typed(title: str) -> None:
    words = autocomplete_words(title)
    for term in leaves(cut_query(PlainText(title[:40]), autocomplete_terms)):
        wanted = term.text.split(" ")
        assert any(
            words[i : i + len(wanted) - 1] == wanted[:-1]
            and (
                words[i + len(wanted) - 1].startswith(wanted[-1])
                if term.prefix
                else words[i + len(wanted) - 1] == wanted[-1]
            )
            for i in range(len(words) - len(wanted) + 1)
        )


def test_an_entry_has_bounds() -> None:
    from modelsearch.index import SearchField

    class Long:
        body = "汉字" * 300_000

    field = SearchField("body")
    field.get_value = lambda obj: obj.body
    texts = indexed_texts(Long(), [field])  # type: ignore[arg-type]
    assert 0 < len(texts.body.encode()) <= MAX_BYTES
    assert not texts.body.endswith(" ")
    assert texts.title == texts.autocomplete == ""
