"""One picture (一图读懂) from content: laid out once, written as SVG and as PNG."""

from .content import Picture, from_blocks, words_of
from .layout import PictureTooLong, lay_out
from .png import png
from .svg import svg

__all__ = ["Picture", "PictureTooLong", "from_blocks", "lay_out", "png", "svg", "words_of"]
