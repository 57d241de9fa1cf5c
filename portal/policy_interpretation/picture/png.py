"""A drawing as PNG, drawn with the fonts of this machine; no browser is needed."""

from io import BytesIO

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from .drawing import Box, Disc, Drawing, Polygon, Shape
from .fonts import Fonts, font

# Shapes are drawn twice as large and made smaller, which smooths their edges; in bands, so that a
# long picture needs no more memory for it than a short one.
_SCALE = 2
_BAND = 1000


def png(drawing: Drawing, fonts: Fonts) -> bytes:
    """The image, with its words in a text chunk for programs that read them."""
    image = Image.new("RGB", (drawing.width, drawing.height), drawing.background)
    for top in range(0, drawing.height, _BAND):
        height = min(_BAND, drawing.height - top)
        image.paste(_band(drawing, top, height), (0, top))
    pen = ImageDraw.Draw(image)
    for line in drawing.words:
        face = font(fonts.faces[line.style], line.size)
        pen.text((line.x, line.y), line.text, font=face, fill=line.fill, anchor="ls")
    info = PngInfo()
    info.add_itxt("Title", drawing.title, lang="zh")
    info.add_itxt("Description", drawing.alt, lang="zh")
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=False, pnginfo=info)
    return buffer.getvalue()


def _band(drawing: Drawing, top: int, height: int) -> Image.Image:
    large = Image.new("RGB", (drawing.width * _SCALE, height * _SCALE), drawing.background)
    pen = ImageDraw.Draw(large)
    for shape in drawing.shapes:
        _draw(pen, shape, top, height)
    return large.reduce(_SCALE)


def _draw(pen: ImageDraw.ImageDraw, shape: Shape, top: int, height: int) -> None:
    match shape:
        case Box(x, y, width, tall, fill, radius):
            if y > top + height or y + tall < top:
                return
            corners = (
                x * _SCALE,
                (y - top) * _SCALE,
                (x + width) * _SCALE - 1,
                (y + tall - top) * _SCALE - 1,
            )
            if radius:
                pen.rounded_rectangle(corners, radius * _SCALE, fill=fill)
            else:
                pen.rectangle(corners, fill=fill)
        case Disc(x, y, radius, fill):
            centre = (x * _SCALE, (y - top) * _SCALE)
            pen.ellipse(
                (
                    centre[0] - radius * _SCALE, centre[1] - radius * _SCALE,
                    centre[0] + radius * _SCALE, centre[1] + radius * _SCALE,
                ),
                fill=fill,
            )  # fmt: skip
        case Polygon(points, fill):
            pen.polygon([(x * _SCALE, (y - top) * _SCALE) for x, y in points], fill=fill)
