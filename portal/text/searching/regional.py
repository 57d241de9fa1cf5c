"""What people of Taiwan and Hong Kong call things, for looking them up in mainland texts.

Characters are converted on both sides (``folding``); words only in queries, as further meanings.
"""

import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from opencc import OpenCC

from portal.text.script import has_han

_TABLE: Final = Path(__file__).with_name("regional.yaml")
_lock = threading.Lock()


@cache
def regional_words() -> Mapping[str, tuple[str, ...]]:
    """Words in simplified characters → what they are called on the mainland."""
    table = yaml.safe_load(_TABLE.read_text("utf-8"))
    return {str(word): tuple(str(meanings).split("|")) for word, meanings in table.items()}


@cache
def _converter() -> OpenCC:
    return OpenCC("tw2sp")


def in_mainland_words(text: str) -> str:
    """A text of Taiwan in simplified characters and mainland words, by OpenCC's table."""
    if not has_han(text):
        return text
    with _lock:
        return str(_converter().convert(text))
