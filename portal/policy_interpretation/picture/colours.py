"""The colours of a picture: those of the site's theme, as the style sheets have them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """The same roles as in ``tokens.css``; a test holds the two together."""

    brand: str
    brand_strong: str
    brand_soft: str
    brand_line: str
    on_brand: str = "#ffffff"
    on_brand_soft: str = "#d5e6ea"
    ink: str = "#1d2529"
    ink_soft: str = "#4b575d"
    surface: str = "#ffffff"
    paper: str = "#f7f5f0"
    line: str = "#ddd9cf"
    alert: str = "#b8322a"
    alert_soft: str = "#fbeeec"


THEMES = {
    "lake": Colours("#0f5c70", "#0b4455", "#e7f0f2", "#b5cfd6"),
    "pine": Colours("#2c5e45", "#1e4532", "#e9f1ec", "#bdd2c5", on_brand_soft="#d6e6dc"),
    "indigo": Colours("#35488a", "#26356a", "#eceef6", "#c0c7de", on_brand_soft="#dbe0f0"),
    "ochre": Colours("#85481a", "#633410", "#f6eee5", "#dcc7b2", on_brand_soft="#f1e1d1"),
}


def colours_of(theme: str) -> Colours:
    return THEMES.get(theme, THEMES["lake"])
