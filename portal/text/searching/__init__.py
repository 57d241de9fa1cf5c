"""Texts and queries of the public search, cut the same way for every engine.

An engine splits on spaces and knows no language: what makes Chinese findable happens here.
"""

from .analysis import Analyser, analyser
from .folding import fold
from .regional import in_mainland_words, regional_words

__all__ = ["Analyser", "analyser", "fold", "in_mainland_words", "regional_words"]
