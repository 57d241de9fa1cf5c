"""What every engine must do, asked of each of them."""

import datetime
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from opensearchpy import OpenSearch
from osmem_server import OsmemServer

from portal.search.engine.contract import (
    AllOf,
    AnyOf,
    BestOf,
    Boosted,
    Constant,
    Everything,
    Fact,
    Field,
    Phrase,
    Prefix,
    Sort,
    Term,
    Without,
)
from portal.search.engine.opensearch_engine import OpenSearchEngine, OpenSearchWriter
from portal.search.engine.opensearch_mapping import mapping
from tests.search.scratch import NOW, Scratch, ask, document, keys

DAY = datetime.timedelta(days=1)


def title(word: str) -> Term:
    return Term(Field.TITLE, word)


def body(word: str) -> Term:
    return Term(Field.BODY, word)


class Cluster(Scratch):
    """The same in a cluster: a stand-in that lives in memory."""

    def __init__(self, client: Any) -> None:
        name = f"contract-{next(_serial)}"
        client.indices.create(index=name, body=mapping({}))
        self.writer = OpenSearchWriter(client, name)
        self.engine = OpenSearchEngine(client, name)


_serial = count()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    with OsmemServer.start() as server:
        yield OpenSearch(hosts=[server.url])


@pytest.fixture(params=["tantivy", "opensearch"])
def bed(request: pytest.FixtureRequest) -> Iterator[Any]:
    with_cluster = request.param == "opensearch"
    bed = Cluster(request.getfixturevalue("cluster")) if with_cluster else Scratch()
    yield bed
    bed.writer.close()


def test_words_are_found_in_their_field_alone(bed: Any) -> None:
    bed.write(document("a", "居住证 办理", "公安"), document("b", "公安", "居住证"))
    assert keys(bed.engine, title("居住证")) == ["a"]
    assert keys(bed.engine, body("居住证")) == ["b"]
    assert ask(bed.engine, title("没有")).total == 0


def test_all_any_and_without(bed: Any) -> None:
    bed.write(document("a", "x y"), document("b", "x"), document("c", "y z"))
    assert set(keys(bed.engine, AllOf((title("x"), title("y"))))) == {"a"}
    assert set(keys(bed.engine, AnyOf((title("x"), title("z"))))) == {"a", "b", "c"}
    assert set(keys(bed.engine, AnyOf((title("x"), title("y"), title("z")), least=2))) == {"a", "c"}
    assert set(keys(bed.engine, Without(title("x"), title("y")))) == {"b"}
    assert keys(bed.engine, AnyOf(())) == []
    assert keys(bed.engine, AnyOf((title("x"),), least=2)) == []
    assert len(keys(bed.engine, AllOf(()))) == 3


def test_phrases_stand_together_and_in_order(bed: Any) -> None:
    bed.write(document("a", "居住证 办理 条件"), document("b", "办理 条件 居住证"))
    assert keys(bed.engine, Phrase(Field.TITLE, ("居住证", "办理"))) == ["a"]
    assert len(keys(bed.engine, Phrase(Field.TITLE, ("办理", "条件")))) == 2
    assert keys(bed.engine, Phrase(Field.TITLE, ("居住证", "条件"))) == []
    assert keys(bed.engine, Phrase(Field.TITLE, ("居住证", "条件"), slop=1)) == ["a"]
    assert len(keys(bed.engine, Phrase(Field.TITLE, ("条件",)))) == 2
    assert keys(bed.engine, Phrase(Field.TITLE, ())) == []


@pytest.mark.parametrize("start", ["居", "gj", "a.", "a*", "[", "\\", "😀"])
def test_prefixes_mean_what_they_say(bed: Any, start: str) -> None:
    bed.write(
        document("居", "居住证"),
        document("gj", "gjj"),
        document("a.", "a.b"),
        document("a*", "a*b"),
        document("[", "[x"),
        document("\\", "\\d"),
        document("😀", "😀x"),
        document("other", "xx"),
    )
    assert keys(bed.engine, Prefix(Field.TITLE, start)) == [start]


def test_rare_words_score_higher_and_boosts_multiply(bed: Any) -> None:
    bed.write(*(document(f"c{n}", "common") for n in range(9)), document("r", "rare"))
    hits = ask(bed.engine, AnyOf((title("common"), title("rare")))).hits
    assert hits[0].key == "r"
    boosted = ask(bed.engine, AnyOf((Boosted(title("common"), 50.0), title("rare")))).hits
    assert boosted[-1].key == "r"
    plain = hits[0].score
    thrice = ask(bed.engine, Boosted(title("rare"), 3.0)).hits[0].score
    assert thrice == pytest.approx(plain * 3, rel=1e-3)


def test_best_of_takes_the_best_score_and_constants_are_constant(bed: Any) -> None:
    bed.write(document("a", "x", "x"), document("b", "y", "x"))
    tree = BestOf((Constant(title("x"), 10.0), Constant(body("x"), 4.0)), tie=0.5)
    hits = {hit.key: hit.score for hit in ask(bed.engine, tree).hits}
    assert hits == pytest.approx({"a": 12.0, "b": 4.0}, rel=1e-3)
    summed = AnyOf((Constant(title("x"), 10.0), Constant(body("x"), 4.0)))
    assert ask(bed.engine, summed).hits[0].score == pytest.approx(14.0, rel=1e-3)


def test_facts_choose_documents_and_score_nothing(bed: Any) -> None:
    bed.write(document("a", "x", kind="policy"), document("b", "x", kind="article"))
    assert keys(bed.engine, Fact("kind", "policy")) == ["a"]
    assert keys(bed.engine, Without(title("x"), Fact("kind", "policy"))) == ["b"]
    plain = {hit.key: hit.score for hit in ask(bed.engine, "x").hits}
    [both] = ask(bed.engine, AllOf((title("x"), Fact("kind", "policy")))).hits
    assert both.score == pytest.approx(plain["a"])


def test_filters_do_not_change_scores(bed: Any) -> None:
    bed.write(document("a", "x", site="1", form="notice", date=NOW), document("b", "y"))
    plain = ask(bed.engine, title("x")).hits[0].score
    within = ask(
        bed.engine,
        title("x"),
        chosen={"site": ("1", "2"), "form": ("notice",)},
        languages=("zh-hans",),
        since=NOW - DAY,
        keys=("a",),
    )
    assert within.hits[0].score == pytest.approx(plain, rel=1e-4)


def test_nothing_before_its_moment_and_nothing_after(bed: Any) -> None:
    second = datetime.timedelta(seconds=1)
    bed.write(
        document("open", "x"),
        document("from", "x", public_from=NOW),
        document("until", "x", public_until=NOW),
        document("both", "x", public_from=NOW - DAY, public_until=NOW + DAY),
    )
    assert set(keys(bed.engine, "x", at=NOW)) == {"open", "from", "both"}
    assert set(keys(bed.engine, "x", at=NOW - second)) == {"open", "until", "both"}
    assert set(keys(bed.engine, Everything(), at=NOW + DAY)) == {"open", "from"}
    assert ask(bed.engine, "x", at=NOW, facets=("kind",)).facets == {"kind": {"article": 3}}


def test_values_of_one_dimension_are_alternatives_dimensions_are_not(bed: Any) -> None:
    bed.write(
        document("a", "x", site="1", kind="policy", columns=["7", "8"]),
        document("b", "x", site="2", kind="policy", columns=["7"]),
        document("c", "x", site="2", kind="article"),
    )
    assert set(keys(bed.engine, "x", chosen={"site": ("1", "2")})) == {"a", "b", "c"}
    assert set(keys(bed.engine, "x", chosen={"site": ("2",), "kind": ("policy",)})) == {"b"}
    assert set(keys(bed.engine, "x", chosen={"column": ("8",)})) == {"a"}
    assert set(keys(bed.engine, "x", chosen={"site": ()})) == {"a", "b", "c"}
    assert set(keys(bed.engine, "x", without_kinds=("policy",))) == {"c"}


def test_languages_standings_and_keys(bed: Any) -> None:
    bed.write(
        document("a", "x", standing="repealed"),
        document("b", "x", language="en"),
        document("c", "x"),
    )
    assert set(keys(bed.engine, "x", without_standings=("repealed",))) == {"b", "c"}
    assert set(keys(bed.engine, "x", languages=("en", "fr"))) == {"b"}
    assert set(keys(bed.engine, "x", keys=("a", "c", "gone"))) == {"a", "c"}


def test_dates_bound_half_open_and_undated_ones_are_in_no_range(bed: Any) -> None:
    old = datetime.datetime(1949, 10, 1, tzinfo=datetime.UTC)
    bed.write(
        document("old", "x", date=old),
        document("new", "x", date=NOW),
        document("none", "x"),
    )
    assert keys(bed.engine, "x", since=NOW) == ["new"]
    assert keys(bed.engine, "x", until=NOW) == ["old"]
    assert keys(bed.engine, "x", since=old, until=NOW) == ["old"]
    assert len(keys(bed.engine, "x")) == 3


def test_facets_count_all_hits_and_leave_their_own_choice_aside(bed: Any) -> None:
    bed.write(
        document("a", "x", site="1", kind="policy", agencies=["5", "6"], year="2026"),
        document("b", "x", site="1", kind="article", agencies=["5"]),
        document("c", "x", site="2", kind="policy"),
        document("d", "y", site="2", kind="policy"),
    )
    names = ("site", "kind", "agency", "year", "form")
    answer = ask(bed.engine, "x", facets=names, count=1)
    assert answer.total == 3
    assert answer.facets == {
        "site": {"1": 2, "2": 1},
        "kind": {"policy": 2, "article": 1},
        "agency": {"5": 2, "6": 1},
        "year": {"2026": 1},
        "form": {},
    }
    chosen = ask(bed.engine, "x", facets=("site", "kind"), chosen={"kind": ("policy",)})
    assert chosen.total == 2
    assert chosen.facets == {"site": {"1": 1, "2": 1}, "kind": {"policy": 2, "article": 1}}
    both = ask(
        bed.engine, "x", facets=("site", "kind"), chosen={"kind": ("policy",), "site": ("1",)}
    )
    assert both.facets == {"site": {"1": 1, "2": 1}, "kind": {"policy": 1, "article": 1}}


def test_newest_first_with_undated_ones_last_and_pages_that_meet(bed: Any) -> None:
    documents = [document(f"d{n}", "x", date=NOW - n * DAY) for n in range(30)]
    bed.write(document("none", "x"), *reversed(documents))
    found = keys(bed.engine, "x", sort=Sort.DATE, count=40)
    assert found == [f"d{n}" for n in range(30)] + ["none"]
    pages = [
        key
        for start in (0, 10, 20, 30)
        for key in keys(bed.engine, "x", sort=Sort.DATE, start=start, count=10)
    ]
    assert pages == found


def test_pages_of_equal_scores_never_overlap(bed: Any) -> None:
    bed.write(*(document(f"d{n:03}", "x", date=NOW - (n % 7) * DAY) for n in range(450)))
    pages = [
        keys(bed.engine, "x", start=start, count=20, recency=0.17) for start in range(0, 460, 20)
    ]
    found = [key for page in pages for key in page]
    assert len(found) == 450 == len(set(found))
    crossing = keys(bed.engine, "x", start=190, count=20, recency=0.17)
    assert crossing == found[190:210]
    assert keys(bed.engine, "x", start=1000) == []
    assert ask(bed.engine, "x", start=1000).total == 450


def test_recency_is_a_factor_by_decades(bed: Any) -> None:
    decade = datetime.timedelta(days=3652.5)
    bed.write(document("old", "x", date=NOW - decade), document("new", "x", date=NOW))
    for recency in (0.05, 0.1, 0.45, 1.0):
        new, old = ask(bed.engine, "x", recency=recency).hits
        assert (new.key, old.key) == ("new", "old")
        assert new.score / old.score == pytest.approx(1 + recency, rel=0.01)
    level = ask(bed.engine, "x", recency=0.0).hits
    assert level[0].score == pytest.approx(level[1].score, rel=1e-4)


def test_recency_reaches_beyond_the_first_block(bed: Any) -> None:
    old = NOW - datetime.timedelta(days=20 * 365)
    bed.write(*(document(f"o{n}", "x", date=old) for n in range(400)))
    bed.write(document("new", "x", date=NOW))
    assert keys(bed.engine, "x", recency=0.1, count=1) == ["new"]


def test_weight_is_a_factor(bed: Any) -> None:
    bed.write(document("plain", "x"), document("half", "x", weight=0.5))
    bed.write(document("double", "x", weight=2.0))
    scores = {hit.key: hit.score for hit in ask(bed.engine, "x").hits}
    assert scores["double"] / scores["plain"] == pytest.approx(2.0, rel=0.01)
    assert scores["half"] / scores["plain"] == pytest.approx(0.5, rel=0.01)


def test_a_document_is_exchanged_whole_and_removed_whole(bed: Any) -> None:
    bed.write(document("a", "x", site="1"), document("b", "x"))
    bed.write(document("a", "y"))
    assert keys(bed.engine, "x") == ["b"]
    assert keys(bed.engine, "y", chosen={"site": ("1",)}) == []
    bed.write(removed=["b", "never-there"])
    assert keys(bed.engine) == ["a"]
    assert bed.engine.size() == 1


def test_of_one_key_in_one_batch_the_last_counts(bed: Any) -> None:
    bed.write(document("a", "x"), document("a", "y"))
    assert keys(bed.engine, "x") == []
    assert keys(bed.engine, "y") == ["a"]
    assert bed.engine.size() == 1


def test_position_is_stored_and_is_no_document(bed: Any) -> None:
    assert bed.writer.position() == 0
    bed.writer.apply([document("a", "x")], [], position=41)
    bed.writer.apply([], [], position=2**40)
    assert bed.writer.position() == 2**40
    assert bed.engine.size() == 1
    assert keys(bed.engine, Everything()) == ["a"]
    assert keys(bed.engine, Everything(), sort=Sort.DATE) == ["a"]


def test_frequencies(bed: Any) -> None:
    bed.write(document("a", "x y"), document("b", "x x"))
    assert bed.engine.frequencies(Field.TITLE, ["x", "y", "z"]) == {"x": 2, "y": 1, "z": 0}
    assert bed.engine.frequencies(Field.BODY, ["x"]) == {"x": 0}


@pytest.mark.parametrize("word", ["", " ", "\x00", "a b", "x" * 70_000, "*", "\ud7ff", "😀"])
def test_strange_words_find_nothing_and_break_nothing(bed: Any, word: str) -> None:
    bed.write(document("a", "x"))
    assert keys(bed.engine, title(word)) == []
    assert keys(bed.engine, Phrase(Field.TITLE, (word, "x"))) == []
    assert keys(bed.engine, "x", chosen={"site": (word,)}) == []


def test_keys_and_sound_are_fields_of_their_own(bed: Any) -> None:
    texts = {
        Field.TITLE_KEY: "居住证办理指南",
        Field.NUMBER_KEY: "云政发20263号",
        Field.PINYIN: "juzhuzheng jzz",
        Field.INITIALS: "jzz",
        Field.BIGRAM: "居住 住证",
        Field.ALIAS: "暂住证",
    }
    bed.write(document("a", texts=texts), document("b", "y"))
    for field, text in texts.items():
        assert keys(bed.engine, Term(field, text.split()[0])) == ["a"]
    assert keys(bed.engine, Prefix(Field.PINYIN, "juzhu")) == ["a"]
    assert keys(bed.engine, Phrase(Field.BIGRAM, ("居住", "住证"))) == ["a"]
