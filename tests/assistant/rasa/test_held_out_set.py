"""Each held-out set says enough to judge the dialogue by: many sentences, varied, well formed."""

import json
import unicodedata
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pytest

from assistant.dialogue.contract import SLOTS
from assistant.dialogue.intents import Intent

pytestmark = pytest.mark.one_database

HERE = Path(__file__).parent
SETS = ("held_out.jsonl", "held_out_2.jsonl")
INTENTS = {intent.value for intent in Intent}
FURTHER_LANGUAGES = {"ja", "ko", "ru", "fr", "ar", "de", "es", "pt"}
LANGUAGES = {"zh-hans", "zh-hant", "en"} | FURTHER_LANGUAGES
WITHOUT_SPACES = {"zh-hans", "zh-hant", "ja"}
FORM_QUESTIONS = {slot for slots in SLOTS.values() for slot in slots}


def lines_of(name: str) -> list[dict]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def bare(text: str) -> str:
    """Without case, width, spaces, punctuation; marks of vowels and accents stay."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LNM")


def is_brief(line: dict) -> bool:
    """So short that people say it in these very words, whoever writes them down."""
    few_words = line["language"] not in WITHOUT_SPACES and len(line["text"].split()) <= 2
    return few_words or len(bare(line["text"])) <= 6


@pytest.fixture(scope="module", params=SETS)
def sentences(request) -> list[dict]:
    return lines_of(request.param)


@pytest.fixture(scope="module")
def conversations() -> list[dict]:
    return lines_of("conversations.jsonl")


def test_every_line_is_a_sentence_with_a_known_intent_and_language(sentences):
    for line in sentences:
        assert line.keys() == {"text", "intent", "language"}
        assert line["text"] == line["text"].strip()
        assert bare(line["text"])
        assert line["intent"] in INTENTS
        assert line["language"] in LANGUAGES


def test_there_are_enough_sentences_of_each_intent(sentences):
    counts = Counter(line["intent"] for line in sentences)
    assert counts.total() >= 1000
    assert {intent for intent in INTENTS if counts[intent] < 45} == set()
    assert counts["ask_question"] >= 260


def test_languages_have_their_shares(sentences):
    counts = Counter(line["language"] for line in sentences)
    share = {language: count / counts.total() for language, count in counts.items()}
    assert 0.45 <= share["zh-hans"] <= 0.55
    assert 0.10 <= share["zh-hant"] <= 0.14
    assert 0.14 <= share["en"] <= 0.18
    assert 0.20 <= sum(share[language] for language in FURTHER_LANGUAGES) <= 0.26


def test_each_intent_is_said_in_most_languages(sentences):
    said = defaultdict(set)
    for line in sentences:
        said[line["intent"]].add(line["language"])
    for intent in INTENTS:
        assert said[intent] >= {"zh-hans", "zh-hant", "en"}, intent
        assert len(said[intent] & FURTHER_LANGUAGES) >= 6, intent


def test_no_sentence_stands_twice(sentences):
    counts = Counter(bare(line["text"]) for line in sentences)
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_sentence_merely_varies_another(sentences):
    groups = defaultdict(list)
    for line in sentences:
        if len(text := bare(line["text"])) > 8:
            groups[line["intent"], line["language"]].append(text)
    alike = [
        pair
        for texts in groups.values()
        for pair in combinations(texts, 2)
        if SequenceMatcher(None, *pair, autojunk=False).ratio() > 0.85
    ]
    assert alike == []


def test_chinese_is_written_in_the_script_it_claims(sentences):
    """The older character sets hold one script each, and so tell them apart."""
    charset = {"zh-hans": "gb2312", "zh-hant": "big5hkscs"}
    for line in sentences:
        if codec := charset.get(line["language"]):
            letters = "".join(c for c in line["text"] if unicodedata.category(c) == "Lo")
            letters.encode(codec)


def test_the_sets_share_only_what_is_too_short_to_differ():
    first, second = ({bare(line["text"]): line for line in lines_of(name)} for name in SETS)
    shared = first.keys() & second.keys()
    assert [second[text]["text"] for text in shared if not is_brief(second[text])] == []
    assert len(shared) <= 0.1 * len(second)


def test_conversations_are_well_formed(conversations):
    assert len(conversations) >= 40
    assert len({conversation["id"] for conversation in conversations}) == len(conversations)
    for conversation in conversations:
        assert conversation["language"] in LANGUAGES
        assert len(conversation["turns"]) >= 2
        for turn in conversation["turns"]:
            assert bare(turn["user"])
            if turn["expect"] is None:
                assert turn["answers"] in FORM_QUESTIONS
            else:
                assert turn.keys() == {"user", "expect"}
                assert turn["expect"] in INTENTS


def test_conversations_interrupt_forms_in_every_way(conversations):
    """After a form has begun: a question and back to it, giving up, a person, a look at hours."""
    interruptions = Counter()
    for conversation in conversations:
        turns = conversation["turns"]
        answered = [number for number, turn in enumerate(turns) if turn["expect"] is None]
        if not answered:
            continue
        for number, turn in enumerate(turns[answered[0] :], answered[0]):
            goes_on = number < answered[-1]
            interruptions[turn["expect"], goes_on] += turn["expect"] is not None
    assert interruptions["ask_question", True] >= 3
    assert interruptions["office_hours", True] >= 2
    assert interruptions["cancel", False] >= 2
    assert interruptions["human", False] >= 2
    assert interruptions["affirm", False] >= 8
    assert interruptions["deny", False] >= 2
