"""Each theme keeps 4.5:1 for every pair of colours that carries text (WCAG 2.2, 1.4.3)."""

import re
from pathlib import Path

import pytest

import portal

TOKENS = Path(portal.__path__[0]) / "core/static/portal/css/tokens.css"
THEMES = ("lake", "pine", "indigo", "ochre")
TEXT = 4.5
GRAPHIC = 3.0

# (foreground, background, least contrast): what the styles put upon what.
PAIRS = [
    ("ink", "surface", TEXT),
    ("ink", "paper", TEXT),
    ("ink", "brand-soft", TEXT),
    ("ink", "sky", TEXT),
    ("ink-soft", "sky", TEXT),
    ("brand", "sky", TEXT),
    ("brand-strong", "sky", TEXT),
    ("brand-strong", "paper", TEXT),
    ("ink-soft", "surface", TEXT),
    ("ink-soft", "paper", TEXT),
    ("ink-soft", "brand-soft", TEXT),
    ("brand", "surface", TEXT),
    ("brand", "paper", TEXT),
    ("brand", "brand-soft", TEXT),
    ("brand-strong", "surface", TEXT),
    ("brand-strong", "brand-soft", TEXT),
    ("link", "surface", TEXT),
    ("link", "paper", TEXT),
    ("link-visited", "surface", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-strong", TEXT),
    ("on-brand-soft", "brand-strong", TEXT),
    ("alert", "surface", TEXT),
    ("alert", "alert-soft", TEXT),
    ("line-strong", "surface", GRAPHIC),
    ("focus", "surface", GRAPHIC),
    ("focus", "paper", GRAPHIC),
]

RULE = re.compile(r"(?P<selector>[^{}]+)\{(?P<body>[^{}]*)\}")
COLOUR = re.compile(r"--color-(?P<name>[a-z-]+):\s*(?P<value>[^;]+);")


def declared(css: str, selector: str) -> dict[str, str]:
    """The colours that the first rule with exactly this selector declares."""
    for rule in RULE.finditer(css):
        if rule["selector"].strip() == selector:
            return {
                found["name"]: found["value"].strip() for found in COLOUR.finditer(rule["body"])
            }
    raise AssertionError(f"tokens.css has no rule for {selector}")


def palette(theme: str, *, more_contrast: bool) -> dict[str, str]:
    css = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.DOTALL)
    normal, _, contrast = css.partition("@media (prefers-contrast: more) {")
    # The rule that opens the layer stands behind "@layer tokens {".
    colours = declared(normal.replace("@layer tokens {", ""), ":root")
    if more_contrast:
        colours |= declared(contrast, ":root")
    if theme != "lake":
        colours |= declared(normal, f':root[data-theme="{theme}"]')
    return colours


def resolved(colours: dict[str, str], name: str) -> str:
    value = colours[name]
    reference = re.fullmatch(r"var\(--color-([a-z-]+)\)", value)
    return resolved(colours, reference[1]) if reference else value


def luminance(colour: str) -> float:
    assert re.fullmatch(r"#[0-9a-f]{6}", colour), f"{colour}: tokens are written as #rrggbb"
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("more_contrast", [False, True], ids=["normal", "more-contrast"])
@pytest.mark.parametrize("theme", THEMES)
def test_every_text_pair_is_legible(theme: str, more_contrast: bool) -> None:
    colours = palette(theme, more_contrast=more_contrast)
    too_weak = {
        f"{front} on {back}": round(found, 2)
        for front, back, least in PAIRS
        if (found := contrast(resolved(colours, front), resolved(colours, back))) < least
    }
    assert not too_weak


@pytest.mark.parametrize("theme", THEMES)
def test_white_text_on_the_main_colour_is_comfortable(theme: str) -> None:
    colours = palette(theme, more_contrast=False)
    assert contrast(colours["brand"], colours["on-brand"]) >= 6.5


def test_a_theme_changes_brand_colours_only() -> None:
    """Ink, paper and the urgent red stay: a sub-site is a colour, not another design."""
    for theme in THEMES[1:]:
        css = TOKENS.read_text(encoding="utf-8")
        names = declared(css, f':root[data-theme="{theme}"]')
        assert set(names) == {
            "brand",
            "brand-strong",
            "brand-soft",
            "brand-line",
            "on-brand-soft",
        }
