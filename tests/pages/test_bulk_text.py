"""The texts of synthetic articles."""

import pytest

from portal.pages.bulk_text import FIRST_DAY, LAST_DAY, article_text, vocabulary

# How often a field of a sentence may be named: everything that `_Filling` knows.
FIELDS = {"places", "units", "matters", "people", "means", "results"} | {
    "number",
    "small",
    "year",
    "month",
    "day",
}


def test_the_same_seed_and_number_give_the_same_article() -> None:
    assert article_text(7, 42) == article_text(7, 42)
    assert article_text(7, 42) != article_text(7, 43)
    assert article_text(7, 42) != article_text(8, 42)


@pytest.mark.parametrize("number", range(60))
def test_an_article_is_whole(number: int) -> None:
    text = article_text(1, number)
    said = (
        text.title
        + text.summary
        + "".join(
            part for section in text.sections for part in (section.heading, *section.paragraphs)
        )
    )
    assert not {"{", "}"} & set(said)
    assert 8 <= len(text.title) <= 60
    assert len(text.summary) <= 300
    assert 200 <= len(said) <= 1000
    assert FIRST_DAY <= text.published_at.date() <= LAST_DAY
    assert all(section.paragraphs and all(section.paragraphs) for section in text.sections)


def test_an_article_keeps_to_its_matter() -> None:
    text = article_text(1, 5)
    matter = text.keywords.split(",")[0]
    others = set(vocabulary()["matters"]) - {matter}
    assert matter in text.title
    assert not [other for other in others if other in text.title]


def test_every_sentence_of_the_word_list_can_be_filled() -> None:
    words = vocabulary()
    empty = dict.fromkeys(FIELDS, "x")
    for name in ("titles", "subtitles", "leads", "sentences", "closings"):
        for sentence in words[name]:
            assert "{" not in sentence.format_map(empty)
