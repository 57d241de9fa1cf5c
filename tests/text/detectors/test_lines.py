"""The bars: precision and recall over labelled lines. What was measured is printed (``-s``)."""

import pytest
import yaml

from .measuring import HERE, detectors, measure, rows, table


@pytest.mark.parametrize("name", ["lines.jsonl", "held_out.jsonl"])
def test_numbers_hidden_links_and_betting_are_found_and_little_else(name: str) -> None:
    counts = measure(name)
    print(f"\n{name}\n{table(counts)}")
    for kind in ("identity_number", "bank_card", "mobile"):
        assert counts[kind].precision >= 0.99, kind
        assert counts[kind].recall >= 0.99, kind
    for kind in ("hidden", "betting"):
        assert counts[kind].recall >= 0.99, kind
        assert counts[kind].precision >= 0.95, kind
    for kind, one in counts.items():
        assert one.precision >= 0.9, (kind, one.wrong_rows)
        assert one.recall >= 0.9, (kind, one.missed_rows)


def test_half_of_the_lines_only_look_like_something() -> None:
    lines = rows("lines.jsonl")
    assert len(lines) == 2000
    assert sum(not row["find"] for row in lines) == 1000


@pytest.mark.parametrize(
    "text",
    yaml.safe_load((HERE / "damaged_texts.yaml").read_text(encoding="utf-8")),
    ids=lambda text: text["name"],
)
def test_damaged_texts_are_marked_where_they_are_damaged(text: dict) -> None:  # type: ignore[type-arg]
    found = [one for one in detectors().scan_html(text["html"]).findings if one.grade != "note"]
    for kind, words in text["find"]:
        assert any(one.kind == kind and words in one.text for one in found), (kind, words, found)
    assert {one.kind.value for one in found} == {kind for kind, _words in text["find"]}
