"""Fonts with Chinese signs on this machine: for measuring, and for drawing the PNG.

Looked for once in a process: in ``fonts/`` below the portal's data directory first, then where
systems keep them. Without one the portal measures by a table and offers the SVG alone.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from PIL import ImageFont

_PLACES = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
# Beginnings of file names, the better first; (regular, bold) of the sans, bold of the serif.
_REGULAR = ("NotoSansCJK-Regular", "NotoSansCJKsc-Regular", "NotoSansSC-Regular",
            "SourceHanSansSC-Regular", "SourceHanSansCN-Regular", "NotoSansSC", "wqy-microhei",
            "PingFang", "msyh.", "wqy-zenhei", "DroidSansFallback", "simhei")  # fmt: skip
_BOLD = ("NotoSansCJK-Bold", "NotoSansCJKsc-Bold", "NotoSansSC-Bold", "SourceHanSansSC-Bold",
         "SourceHanSansCN-Bold", "msyhbd.")  # fmt: skip
_SERIF = ("NotoSerifCJK-Bold", "NotoSerifCJKsc-Bold", "NotoSerifSC-Bold", "SourceHanSerifSC-Bold",
          "SourceHanSerifCN-Bold", "Songti")  # fmt: skip
_ENDINGS = frozenset({".ttc", ".otf", ".ttf", ".otc"})

type Face = tuple[str, int]  # file, place in a collection


@dataclass(frozen=True, slots=True)
class Fonts:
    """Files by style; where a machine has one font only, it serves for all."""

    faces: dict[str, Face]

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.faces.items())))


class Metrics(Protocol):
    def width(self, text: str, size: int, style: str) -> float:
        """Pixels; ``style`` is regular, bold or serif."""
        ...


@cache
def installed() -> Fonts | None:
    """The fonts of this machine; None where none has Chinese signs."""
    files = sorted(_files(), key=lambda file: file.name)
    regular = _first(files, _REGULAR) or _first(files, _BOLD)
    if regular is None:
        return None
    bold = _first(files, _BOLD) or regular
    return Fonts({"regular": regular, "bold": bold, "serif": _first(files, _SERIF) or bold})


def _files() -> Iterator[Path]:
    for place in (Path(settings.DATA_DIR) / "fonts", *map(Path, _PLACES)):
        if place.is_dir():
            yield from (file for file in place.rglob("*") if file.suffix.lower() in _ENDINGS)


def _first(files: list[Path], names: tuple[str, ...]) -> Face | None:
    for name in names:
        for file in files:
            if file.name.lower().startswith(name.lower()):
                return (str(file), _simplified(file))
    return None


def _simplified(file: Path) -> int:
    """The member of a collection that draws the signs as they are written in the mainland."""
    if file.suffix.lower() not in (".ttc", ".otc"):
        return 0
    for index in range(40):
        try:
            family, _style = ImageFont.truetype(str(file), 16, index=index).getname()
        except OSError:
            break
        if family and (family.endswith((" SC", " CN")) or " SC " in family):
            return index
    return 0


@lru_cache(maxsize=128)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    path, index = face
    return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)


class FontMetrics:
    """Measures with the fonts that the PNG is drawn with."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts

    def width(self, text: str, size: int, style: str) -> float:
        return font(self.fonts.faces[style], size).getlength(text)


class TableMetrics:
    """Without a font: a Hanzi is a square, Latin signs are taken for wide ones."""

    def width(self, text: str, size: int, style: str) -> float:
        return sum(
            size if unicodedata.east_asian_width(sign) in "WFA" else size * 0.62 for sign in text
        )


def metrics() -> Metrics:
    fonts = installed()
    return FontMetrics(fonts) if fonts else TableMetrics()
