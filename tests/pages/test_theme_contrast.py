"""Each theme keeps 4.5:1 for every pair of colours that carries text (WCAG 2.2, 1.4.3)."""

import re
from pathlib import Path

import pytest

import portal

TOKENS = Path(portal.__path__[0]) / "core/static/portal/css/tokens.css"
THEMES = ("lake", "pine", "indigo", "ochre")
TEXT = 4.5
GRAPHIC = 3.0
# In the views of high contrast (WCAG 2.2, 1.4.6 and more than 1.4.11).
TEXT_MORE = 7.0
GRAPHIC_MORE = 4.5

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
    ("on-level", "level-red", TEXT),
    ("on-level", "level-orange", TEXT),
    ("on-level", "level-blue", TEXT),
    ("on-level-yellow", "level-yellow", TEXT),
]
# What a visitor can choose: the elder view changes sizes, and the softer ink into ink.
VIEWS = ("normal", "elder", "high", "dark", "elder+high", "elder+dark", "prefers-contrast")

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


def stylesheet() -> str:
    css = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.DOTALL)
    # The rule that opens the layer stands behind "@layer tokens {".
    return css.replace("@layer tokens {", "")


def palette(theme: str, view: str = "normal") -> dict[str, str]:
    """The colours in the order of the cascade: theme, contrast, elder view."""
    css, parts = stylesheet(), view.split("+")
    colours = declared(css, ":root")
    if theme != "lake":
        colours |= declared(css, f':root[data-theme="{theme}"]')
    for part in ("high", "dark"):
        if part in parts:
            colours |= declared(css, f':root[data-contrast="{part}"]')
    if view == "prefers-contrast":
        colours |= preferred_contrast()
    if "elder" in parts:
        colours |= declared(css, ':root[data-view="elder"]')
    return colours


def preferred_contrast() -> dict[str, str]:
    _before, _media, rest = stylesheet().partition("@media (prefers-contrast: more) {")
    return declared(rest, ':root:not([data-contrast="dark"])')


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


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("theme", THEMES)
def test_every_text_pair_is_legible(theme: str, view: str) -> None:
    colours = palette(theme, view)
    more = view not in ("normal", "elder")
    wanted = {TEXT: TEXT_MORE, GRAPHIC: GRAPHIC_MORE} if more else {TEXT: TEXT, GRAPHIC: GRAPHIC}
    too_weak = {
        f"{front} on {back}": round(found, 2)
        for front, back, least in PAIRS
        if (found := contrast(resolved(colours, front), resolved(colours, back))) < wanted[least]
    }
    assert not too_weak


def test_a_wish_of_the_system_is_the_visitors_choice() -> None:
    """The palette is written twice, since CSS cannot join a media query and an attribute."""
    assert preferred_contrast() == declared(stylesheet(), ':root[data-contrast="high"]')


def test_the_views_of_high_contrast_outrank_the_themes() -> None:
    """Equal specificity: the later rule wins, for every name that a theme sets."""
    css = stylesheet()
    last_theme = max(css.index(f'[data-theme="{theme}"]') for theme in THEMES[1:])
    for view in ("high", "dark"):
        assert css.index(f':root[data-contrast="{view}"] {{') > last_theme


def test_the_elder_view_is_as_large_as_the_standard_asks() -> None:
    """67号附2: body text of at least 18 px, the largest of at least 30; lines of 1.3 and more."""
    css = stylesheet()
    elder = rule(css, ':root[data-view="elder"]')
    body = number(elder, "--text-body", "rem")
    sizes = [
        16 * number(rule(css, selector), "font-size", "%") / 100
        for selector in (
            ':root[data-view="elder"]',
            ':root[data-view="elder"][data-font-size="large"]',
            ':root[data-view="elder"][data-font-size="larger"]',
        )
    ]
    assert min(sizes) * number(elder, "--text-small", "rem") >= 18
    assert max(sizes) * body >= 30
    assert number(elder, "--leading-tight", "") >= 1.3
    assert number(elder, "--leading-ui", "") >= 1.3
    # Main targets of 60 px: the token that buttons and entries share.
    assert min(sizes) * number(rule(css, ":root"), "--target", "rem") >= 60


def rule(css: str, selector: str) -> str:
    return next(r["body"] for r in RULE.finditer(css) if r["selector"].strip() == selector)


def number(body: str, name: str, unit: str) -> float:
    found = re.search(rf"(?:^|\s|;){name}:\s*([0-9.]+){unit};", body)
    assert found, f"{name} is not set in {unit or 'numbers'}"
    return float(found[1])


@pytest.mark.parametrize("theme", THEMES)
def test_white_text_on_the_main_colour_is_comfortable(theme: str) -> None:
    colours = palette(theme)
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
