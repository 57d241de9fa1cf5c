"""One picture (一图读懂) from content: laid out once, written as SVG and as PNG."""

from .content import Picture, from_blocks, words_of
from .layout import is_too_long, lay_out
from .png import png
from .svg import svg

__all__ = ["Picture", "from_blocks", "is_too_long", "lay_out", "png", "svg", "words_of"]
