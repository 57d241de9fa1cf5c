"""The demo knowledge base and the golden questions, as written in their files."""

import datetime
import html
import json
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.portal_plugin.likeness import Asked, alike, difference
from portal.text.official.model import Clause, Source, SourceLine
from portal.text.official.parsing import parse

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "assistant/portal_plugin/demo"
PAGES = ROOT / "portal/pages/demo"
POLICIES = ROOT / "portal/policy_interpretation/demo/articles"
GOLDEN = ROOT / "assistant/evaluation/golden/questions.jsonl"
TOPICS = (
    "household", "residence", "social_insurance", "medical", "housing", "schools", "vehicles",
    "business", "tax", "foreigners", "elderly", "emergencies",
)  # fmt: skip
AUDIENCES = {"residents", "businesses", "foreigners", "elderly", "families", "everyone"}
# What the knowledge base lets an answer be made of.
TAGS = {"p", "ul", "ol", "li", "b", "a"}
# The day the demo was written for: what had ended by then never comes back.
WRITTEN_ON = datetime.date(2026, 11, 26)
MATTERS_OF_ALL = ("foreigners",)
OUT_OF_SCOPE = {
    "chit_chat", "other_domain", "no_entry", "no_longer_in_force", "insult", "other_place",
}  # fmt: skip

type Row = dict[str, Any]


@cache
def read(path: Path) -> Any:
    with path.open(encoding="utf-8") as stream:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(stream, Loader=loader)


@cache
def topic_rows(topic: str) -> list[Row]:
    found: list[Row] = read(DEMO / "questions" / f"{topic}.yaml")
    return found


@cache
def entries() -> dict[str, Row]:
    return {row["id"]: row for topic in TOPICS for row in topic_rows(topic)}


@cache
def golden() -> list[Row]:
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


@cache
def policies() -> dict[str, Row]:
    rows = [row for path in sorted(POLICIES.glob("*/*.yaml")) for row in read(path)]
    return {row["key"]: row for row in rows if row["type"] == "policy"}


@cache
def clauses_of(key: str) -> tuple[Clause, ...]:
    row = policies()[key]
    text = row["text"].strip()
    if not text.startswith(row["title"]) and "令" not in text.split("\n", 1)[0]:
        text = f"{row['title']}\n{text}"
    return parse(Source(tuple(SourceLine(line) for line in text.splitlines()), "txt")).clauses


def has_clause(key: str, numbers: str) -> bool:
    """Whether a document has a clause, named as printed: 第三条, or 二、/（一） below another."""
    clauses, above = clauses_of(key), None
    for number in numbers.split("/"):
        above = next(
            (
                place
                for place, clause in enumerate(clauses)
                if clause.number == number and (above is None or clause.parent == above)
            ),
            None,
        )
        if above is None:
            return False
    return True


def keys_below(node: Any) -> set[str]:
    """Every ``key`` in a tree of the demo's pages that makes a page."""
    if isinstance(node, dict):
        own = {node["key"]} if "key" in node and {"slug", "title", "type"} & node.keys() else set()
        return own.union(*(keys_below(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(keys_below(value) for value in node))
    return set()


@cache
def page_keys() -> set[str]:
    files = [*PAGES.glob("pages/*.yaml"), *PAGES.glob("articles/*/*.yaml")]
    found = set().union(*(keys_below(read(path)) for path in files))
    rows = [row for path in POLICIES.glob("*/*.yaml") for row in read(path)]
    return found | {row["key"] for row in rows}


def plain(text: str) -> str:
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]+>", "", text)))


def folded(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def ended(row: Row) -> bool:
    return "valid_until" in row and row["valid_until"] < WRITTEN_ON


# --- how much there is ----------------------------------------------------------------------------
def test_the_demo_has_the_topics_and_numbers_that_were_promised() -> None:
    assert {path.stem for path in (DEMO / "questions").glob("*.yaml")} == set(TOPICS)
    assert [row["slug"] for row in read(DEMO / "topics.yaml")] == list(TOPICS)
    assert all(len(topic_rows(topic)) >= 15 for topic in TOPICS)
    assert len(entries()) >= 220
    translated = Counter(code for row in entries().values() for code in row.get("translations", ()))
    assert translated["en"] >= 60
    assert translated["ja"] >= 10
    assert translated["ko"] >= 10
    for topic in MATTERS_OF_ALL:
        assert all("en" in row["translations"] for row in topic_rows(topic))


def test_expired_superseded_and_coming_entries_are_among_them() -> None:
    superseded = [row for row in entries().values() if "superseded_by" in row]
    expired = [row for row in entries().values() if ended(row) and row not in superseded]
    coming = [r for r in entries().values() if r.get("valid_from", WRITTEN_ON) > WRITTEN_ON]
    assert len(expired) >= 8
    assert len(superseded) >= 6
    assert len(coming) >= 4
    over = {key for key, row in policies().items() if "valid_through" in row}
    over |= {
        relation["to"]
        for row in policies().values()
        for relation in row.get("relations", ())
        if relation["kind"] in ("replaces", "repeals")
    }
    resting = {s["key"] for row in entries().values() for s in row["sources"] if "key" in s}
    assert over
    assert over <= resting


def test_ids_are_unique_over_all_files() -> None:
    ids = [row["id"] for topic in TOPICS for row in topic_rows(topic)]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in ids)


# --- each entry -----------------------------------------------------------------------------------
@pytest.mark.parametrize("topic", TOPICS)
def test_each_entry_is_complete(topic: str) -> None:
    units = {row["short_name"] for row in read(PAGES / "organisations.yaml")}
    sites = {row["code"] for row in read(PAGES / "sites.yaml")}
    for row in topic_rows(topic):
        assert row["site"] in sites, row["id"]
        assert row["language"] == "zh-hans", row["id"]
        assert row["owner"] in units, row["id"]
        assert row["audience"], row["id"]
        assert set(row["audience"]) <= AUDIENCES, row["id"]
        assert len(row["phrasings"]) >= 3, row["id"]
        assert 60 <= len(plain(row["answer"])) <= 250, row["id"]
        for translation in row.get("translations", {}).values():
            assert len(translation["phrasings"]) >= 2, row["id"]
            assert translation["question"], row["id"]
            assert translation["trust"] == "human", row["id"]


@pytest.mark.parametrize("topic", TOPICS)
def test_answers_are_simple_well_formed_html(topic: str) -> None:
    for row in topic_rows(topic):
        texts = [row["answer"], *(t["answer"] for t in row.get("translations", {}).values())]
        for text in texts:
            open_tags: list[str] = []
            for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", text):
                assert name in TAGS, row["id"]
                if closing:
                    assert open_tags.pop() == name, row["id"]
                else:
                    open_tags.append(name)
            assert open_tags == [], row["id"]
            assert not re.search(r"\*\*|^#|^- |\]\(", text, re.MULTILINE), row["id"]


def test_translations_give_the_telephone_numbers_of_the_answer() -> None:
    number = re.compile(
        r"(?<![\d.,])(?:0999-)?\d{5,8}(?!\d|[.,]\d|元)|(?<![\d,])1(?:10|19|20)(?!\d|,\d)"
    )
    for row in entries().values():
        known = {found.removeprefix("0999-") for found in number.findall(row["answer"])}
        for code, translation in row.get("translations", {}).items():
            told = {n.removeprefix("0999-") for n in number.findall(translation["answer"])}
            told.discard("12345")  # who reads another language is led to the hotline's interpreters
            assert told <= known, (row["id"], code, told - known)


def test_a_question_and_its_phrasings_lead_to_one_entry() -> None:
    asked: dict[str, str] = {}
    for name, row in entries().items():
        rows = [row, *row.get("translations", {}).values()]
        texts = [text for one in rows for text in (one["question"], *one["phrasings"])]
        assert len({folded(text) for text in texts}) == len(texts), name
        for text in texts:
            assert asked.setdefault(folded(text), name) == name, text


def test_telephone_numbers_are_those_of_the_demo_city() -> None:
    """An area code that no city has, and national hotlines; no number of a mobile telephone."""
    for name, row in entries().items():
        for text in (row["answer"], *(t["answer"] for t in row.get("translations", {}).values())):
            assert set(re.findall(r"(?<!\d)(0\d{2,3})-\d{5,8}", text)) <= {"0999"}, name
            assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", text), name


# --- what they rest on ----------------------------------------------------------------------------
def test_every_source_exists() -> None:
    for name, row in entries().items():
        assert row["sources"], name
        for source in row["sources"]:
            match source["kind"]:
                case "policy":
                    assert source["key"] in policies(), (name, source)
                    if "clause" in source:
                        assert has_clause(source["key"], source["clause"]), (name, source)
                case "page":
                    assert source["key"] in page_keys(), (name, source)
                case kind:
                    assert kind == "url", (name, source)
                    assert source["url"].startswith("https://"), (name, source)
                    assert source["label"], (name, source)


def test_validity_and_successors_fit_together() -> None:
    for name, row in entries().items():
        if "valid_from" in row and "valid_until" in row:
            assert row["valid_from"] <= row["valid_until"], name
        if "superseded_by" in row:
            successor = entries()[row["superseded_by"]]
            assert successor is not row, name
            assert "superseded_by" not in successor, name
            assert row["valid_until"] < successor["valid_from"], name
            assert not ended(successor), name


def test_entries_on_a_document_that_ended_ended_with_it() -> None:
    ends = {
        relation["to"]: datetime.date.fromisoformat(relation["since"])
        for row in policies().values()
        for relation in row.get("relations", ())
        if relation["kind"] in ("replaces", "repeals")
    }
    ends |= {
        key: datetime.date.fromisoformat(row["valid_through"]) + datetime.timedelta(days=1)
        for key, row in policies().items()
        if "valid_through" in row
    }
    checked = 0
    for name, row in entries().items():
        for source in row["sources"]:
            if source.get("key") in ends:
                checked += 1
                assert row["valid_until"] < ends[source["key"]], name
    assert checked >= 4


def test_seeded_contradictions_are_near_duplicates_of_different_owners() -> None:
    pairs = read(DEMO / "contradictions.yaml")
    assert len(pairs) >= 3
    for pair in pairs:
        first, second = (entries()[name] for name in pair["entries"])
        assert first["owner"] != second["owner"]
        assert plain(first["answer"]) != plain(second["answer"])
        assert not ended(first)
        assert not ended(second)
        assert pair["about"]


def test_the_seeded_contradictions_are_found_and_hardly_anything_else() -> None:
    rows = [
        row
        for row in entries().values()
        if not ended(row) and row.get("valid_from", WRITTEN_ON) <= WRITTEN_ON
    ]
    units: dict[str, int] = {}
    asked = [
        Asked(
            place,
            row["language"],
            (row["question"], *row["phrasings"]),
            frozenset({1}),
            owner=units.setdefault(row["owner"], len(units)),
        )
        for place, row in enumerate(rows)
    ]
    found = {
        frozenset((rows[first]["id"], rows[second]["id"]))
        for first, second, _ in alike(asked, range(len(rows)))
        if difference(rows[first]["answer"], rows[second]["answer"], "zh-hans") == "figures"
    }
    seeded = {frozenset(pair["entries"]) for pair in read(DEMO / "contradictions.yaml")}
    assert seeded <= found
    assert len(found - seeded) <= len(seeded)


# --- topics ---------------------------------------------------------------------------------------
def test_topics_have_names_order_and_an_icon_of_the_portal() -> None:
    symbols = (ROOT / "portal/core/static/portal/img/services.svg").read_text(encoding="utf-8")
    rows = read(DEMO / "topics.yaml")
    assert all(before["order"] < after["order"] for before, after in pairwise(rows))
    for row in rows:
        assert set(row["names"]) == {"zh-hans", "en", "ja", "ko"}
        assert all(row["names"].values())
        assert f'id="{row["icon"]}"' in symbols, row["slug"]


# --- golden questions -----------------------------------------------------------------------------
def test_golden_questions_cover_what_was_promised() -> None:
    rows = golden()
    assert len(rows) >= 400
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({folded(row["text"]) for row in rows}) == len(rows)
    languages = Counter(row["language"] for row in rows)
    assert set(languages) == {"zh-hans", "zh-hant", "en", "ja", "ko", "ru", "fr", "ar", "vi"}
    assert min(languages.values()) >= 5
    without = [row for row in rows if not row["relevant"]]
    assert len(without) >= 60
    assert {row["kind"] for row in without} == OUT_OF_SCOPE
    assert sum(row.get("kind") == "letter" for row in rows) >= 15


def test_golden_questions_point_at_entries_that_can_answer() -> None:
    for row in golden():
        day = datetime.date.fromisoformat(row["as_of"]) if "as_of" in row else WRITTEN_ON
        for name in row["relevant"]:
            entry = entries()[name]
            assert not entry.get("valid_from", day) > day, row
            assert not entry.get("valid_until", day) < day, row


def test_golden_questions_that_hold_for_a_time_say_for_which_day() -> None:
    """Without the day, a question would become wrong as soon as the entry ends or begins."""
    for row in golden():
        limited = [name for name in row["relevant"] if _ends_soon(entries()[name])]
        assert bool(limited) == ("as_of" in row), row


def _ends_soon(entry: Row) -> bool:
    far = datetime.date(2027, 12, 1)
    return bool(entry.get("valid_until", far) < far)


def test_golden_questions_are_by_somebody_elses_mouth() -> None:
    known = {
        folded(text)
        for row in entries().values()
        for one in (row, *row.get("translations", {}).values())
        for text in (one["question"], *one["phrasings"])
    }
    assert [row["text"] for row in golden() if folded(row["text"]) in known] == []


def test_both_entries_of_a_contradiction_are_right_for_its_golden_questions() -> None:
    pairs = [set(pair["entries"]) for pair in read(DEMO / "contradictions.yaml")]
    for row in golden():
        for pair in pairs:
            if {*row["relevant"]} & pair and row.get("kind") != "one_of_two":
                assert pair <= {*row["relevant"]}, row
