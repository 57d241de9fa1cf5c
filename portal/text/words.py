"""How long a text is: Chinese characters, and words of other scripts."""

import re

_TAG = re.compile(r"<[^>]*>")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


def count_words(text: str) -> int:
    """Of plain text or inline HTML. Each character counts, and each run of other letters."""
    plain = _TAG.sub(" ", text)
    characters = len(_HAN.findall(plain))
    return characters + len(re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", _HAN.sub(" ", plain)))
