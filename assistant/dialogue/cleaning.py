"""From what arrives to what is read: visible characters only, and the part that asks."""

import re
import unicodedata

LONGEST = 10_000
"""Characters of a message that are accepted at all; what comes after is not read."""

USED = 500
"""Characters of it that are searched with and kept."""

# Control, format (bidirectional overrides, zero width, byte order marks), lone surrogates, private
# use, unassigned. Nothing that a reader can see is among them.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Look like nothing or like a space without being one of the categories above.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_SENTENCE = re.compile(r"[^。！？!?；;\n]*(?:[。！？!?；;]+|\n|$)")
_ASKS = re.compile(
    r"[?？]|请问|怎么|怎样|咋|如何|什么|啥|哪|几[个天号点岁年月]|多少|多久|吗|呢[。，]?$|能不能|能否"
    r"|可不可以|可以.{0,12}吗|是否|有没有|要不要|需不需要|為什麼|怎麼|嗎|"
    r"\b(?:how|what|where|when|which|who|why|can i|may i|do i|is it|should)\b"
    r"|ですか|ますか|でしょうか|どこ|いつ|까요|나요|습니까|어디|\b(?:как|где|когда|можно ли)\b"
    r"|\b(?:comment|où|quand|combien|puis-je|est-ce)\b|كيف|أين|متى|هل ",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """The text without what cannot be seen, its spaces as one, at most ``LONGEST`` characters.

    Composed (NFC), not folded: what the visitor sees stays as it was typed.
    """
    kept = []
    for character in unicodedata.normalize("NFC", text[:LONGEST]):
        if character in "\n\r\t\u2028\u2029\x0b\x0c\x85":
            kept.append("\n" if character != "\t" else " ")
        elif character not in _BLANK and unicodedata.category(character) not in _INVISIBLE:
            kept.append(character)
    return _LINES.sub("\n", _SPACES.sub(" ", "".join(kept))).strip()


def asks(text: str) -> bool:
    """Whether a text sounds like a question."""
    return _ASKS.search(text) is not None


def relevant(text: str, used: int = USED) -> str:
    """The part of a long letter that asks, in its order, within ``used`` characters.

    A text that is short enough stays whole. Of a longer one the sentences that ask are taken with
    those before them, as far as there is room; one that asks nothing is used from its beginning.
    """
    if len(text) <= used:
        return text
    sentences = [found for found in _SENTENCE.findall(text) if found.strip()]
    asking = [number for number, found in enumerate(sentences) if _ASKS.search(found)]
    if not asking:
        return text[:used].strip()
    # First what asks, then what stands before it, nearest first: it says what it is about.
    wanted = [*asking, *(number - 1 for number in asking), *(number - 2 for number in asking)]
    chosen: set[int] = set()
    room = used
    for number in wanted:
        if number < 0 or number in chosen or room <= 0:
            continue
        if len(sentences[number]) <= room or not chosen:
            chosen.add(number)
            room -= len(sentences[number])
    return "".join(sentences[number] for number in sorted(chosen))[:used].strip()
