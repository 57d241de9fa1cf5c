"""A drawing as SVG: real text, so that it is searched, read out and sharp at any size."""

from xml.sax.saxutils import escape, quoteattr

from .drawing import Box, Disc, Drawing, Polygon, Shape, Words

_FAMILIES = {
    "sans": "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif",
    "serif": "'Noto Serif CJK SC','Source Han Serif SC','Songti SC',SimSun,serif",
}


def svg(drawing: Drawing, language: str = "zh-Hans") -> str:
    """The whole document; ``title`` and ``desc`` hold the picture in words."""
    size = f'width="{drawing.width}" height="{drawing.height}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
        f'viewBox="0 0 {drawing.width} {drawing.height}" role="img" '
        f'xml:lang={quoteattr(language)} aria-labelledby="t d">'
        f'<title id="t">{_text(drawing.title)}</title><desc id="d">{_text(drawing.alt)}</desc>'
        f'<rect width="100%" height="100%" fill="{drawing.background}"/>'
    )
    shapes = "".join(_shape(shape) for shape in drawing.shapes)
    words = "".join(_words(line, drawing.is_measured) for line in drawing.words)
    return f"{head}{shapes}{words}</svg>\n"


def _shape(shape: Shape) -> str:
    match shape:
        case Box():
            radius = f' rx="{_n(shape.radius)}"' if shape.radius else ""
            return (
                f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" '
                f'height="{_n(shape.height)}"{radius} fill="{shape.fill}"/>'
            )
        case Disc():
            return (
                f'<circle cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}" '
                f'fill="{shape.fill}"/>'
            )
        case Polygon():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
            return f'<polygon points="{points}" fill="{shape.fill}"/>'


def _words(line: Words, is_measured: bool) -> str:
    family = _FAMILIES["serif" if line.style == "serif" else "sans"]
    weight = "" if line.style == "regular" else ' font-weight="700"'
    # Whatever font a viewer has, the line is as wide as it was laid out: nothing runs over.
    fixed = (
        f' textLength="{_n(line.width)}" lengthAdjust="spacingAndGlyphs"'
        if is_measured and len(line.text) > 1
        else ""
    )
    return (
        f'<text x="{_n(line.x)}" y="{_n(line.y)}" font-size="{line.size}"{weight} '
        f'font-family="{family}" fill="{line.fill}"{fixed}>{_text(line.text)}</text>'
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    """Without the control characters that XML does not allow."""
    return escape("".join(sign for sign in text if sign >= " " or sign in "\n\t"))
