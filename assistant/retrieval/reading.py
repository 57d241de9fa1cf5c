"""How texts are read by this version of the index."""

from portal.text.segmentation import normalise, search_tokens

from .segment import Reading


def _same(text: str) -> str:
    return "".join(character for character in normalise(text) if character.isalnum())


READING = Reading(search_tokens, _same, "1")
