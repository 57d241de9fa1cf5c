"""The texts of an entry that are indexed one by one, and the names of their digests."""

import hashlib
import re
from dataclasses import dataclass

from portal.text.embedding import ANSWER as ANSWER
from portal.text.embedding import QUESTION as QUESTION

from .analysis import written
from .contract import Entry

PARTS = (QUESTION, ANSWER)

# More phrasings of one question add nothing but memory.
MOST_QUESTIONS = 40
LONGEST = 2_000
# Models read the first hundreds of characters, and a long text is near to nothing in particular:
# longer answers are read in windows of whole sentences, too (decision 19).
WHOLE = 1_000
LONG = 150
WINDOW = 110
MOST_WINDOWS = 6

_SPACE = re.compile(r"[\s\x00-\x1f]+")
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])|(?<=\.\s)")


@dataclass(frozen=True, slots=True)
class Texts:
    """What is indexed of an entry: its questions, its answer, and what models read of the answer:
    first the whole of it, with the title where it has one beside question and answer, then, if it
    is long, windows."""

    questions: tuple[str, ...]
    answer: str
    windows: tuple[str, ...]

    def for_words(self, part: str) -> tuple[str, ...]:
        """The rows that words are looked for in."""
        if part == QUESTION:
            return self.questions
        return (self.answer,) if self.answer else ()

    def for_models(self, part: str) -> tuple[str, ...]:
        """The rows that models read, in the form in which they read them."""
        return tuple(map(written, self.questions)) if part == QUESTION else self.windows


def texts_of(entry: Entry) -> Texts:
    """Each text once, in order, cleaned of control characters."""
    asked = (clean(text)[:LONGEST] for text in (entry.question, *entry.phrasings))
    questions = tuple(dict.fromkeys(text for text in asked if text))[:MOST_QUESTIONS]
    title = "" if questions else clean(entry.title).rstrip("…")
    if clean(entry.answer).startswith(title):
        title = ""
    read = written(entry.answer)
    whole = clean(read)[:WHOLE]
    if not whole:
        return Texts(questions, "", ())
    whole_with_title = f"{written(title)}：{whole}" if title else whole
    parts = windows(read) if len(whole) > LONG else []
    return Texts(questions, clean(entry.answer), (whole_with_title, *parts))


def for_models(question: str) -> str:
    """A visitor's question in the form in which models read it."""
    return written(clean(question))[:LONGEST]


def clean(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def windows(text: str, size: int = WINDOW, most: int = MOST_WINDOWS) -> list[str]:
    """Consecutive sentences of about ``size`` characters together; at most ``most`` windows."""
    found: list[str] = []
    current = ""
    for sentence in _SENTENCE_END.split(text[: size * most * 2]):
        for start in range(0, len(sentence), size):
            piece = sentence[start : start + size]
            if current and len(current) + len(piece) > size:
                found.append(current)
                current = ""
            current += piece
    found.append(current)
    cleaned = [window for part in found if (window := clean(part))]
    return list(dict.fromkeys(cleaned))[:most]


def text_key(part: str, text: str) -> bytes:
    """16 bytes that name a text and how models are to read it."""
    return hashlib.blake2b(f"{part}\0{text}".encode(), digest_size=16).digest()
