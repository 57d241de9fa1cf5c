"""What a model reads of a document: what it is called, and how it begins."""

import hashlib
import re
from typing import Final

from portal.search.models import Document
from portal.text.script import to_simplified

# A model of this size is quick with a hundred characters and slow with a thousand, and a long text
# is near to nothing in particular (decision 41).
BEGINNING: Final = 120
_ALIASES = 3
_SPACE = re.compile(r"\s+")

FIELDS = ("pk", "seq", "title", "aliases", "summary", "body", "language")


def text_of(row: Document) -> str:
    """Title, other names, beginning of the summary or of the text; Chinese in simplified
    characters, as all queries are read."""
    beginning = (row.summary or row.body)[: 2 * BEGINNING]
    parts = [row.title, *map(str, row.aliases[:_ALIASES]), beginning]
    text = _SPACE.sub(" ", "。".join(part for part in parts if part)).strip()
    whole = text[: len(row.title) + BEGINNING]
    return to_simplified(whole) if row.language.startswith("zh") else whole


def digest(text: str) -> str:
    """Names a text; the same for the same text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
