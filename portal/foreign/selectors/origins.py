"""How each text of a translation came to be."""

from portal.foreign.models import MadeBy, PageTranslation

from .texts import texts_of


def made_by_of(translation: PageTranslation) -> dict[tuple[str, str], MadeBy]:
    """(path, hash of the Chinese text) → who made what stands for it; written texts only."""
    return {text.key: text.made_by for text in texts_of(translation) if text.data}
