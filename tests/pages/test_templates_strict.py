"""Public templates and styles keep what the strict content security policy promises.

No inline script or style, no event handler, nothing from another host.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines

import portal

ROOT = Path(portal.__path__[0])
TEMPLATE_FOLDERS = (
    ROOT / "core/templates/portal",
    ROOT / "pages/templates/pages",
)
ERROR_TEMPLATES = [ROOT / f"core/templates/{code}.html" for code in (400, 403, 404, 500)]
# The admin has a policy of its own (Wagtail's editor writes inline styles and scripts).
TEMPLATES = sorted(
    [
        path
        for folder in TEMPLATE_FOLDERS
        for path in folder.rglob("*.html")
        if "admin" not in path.parts
    ]
    + ERROR_TEMPLATES
)
STATIC = ROOT / "core/static/portal"
STYLES = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
PICTURES = sorted((STATIC / "img").rglob("*.svg"))

FORBIDDEN_IN_TEMPLATES = {
    "inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "event handler": re.compile(r"[\s\"']on[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "address of another host": re.compile(r"(?:https?:)?//[a-z0-9-]+\.", re.IGNORECASE),
    "frame": re.compile(r"<(?:i?frame|object|embed)\b", re.IGNORECASE),
}
FORBIDDEN_IN_STYLES = {
    "import": re.compile(r"@import"),
    "address of another host": re.compile(r"url\(\s*[\"']?(?:https?:)?//", re.IGNORECASE),
    "web font": re.compile(r"@font-face"),
    # Chromium knows no list of languages and drops the whole rule.
    "list of languages": re.compile(r":lang\([^)]*,"),
}
FORBIDDEN_IN_SCRIPTS = {
    "address of another host": re.compile(r"[\"'`](?:https?:)?//", re.IGNORECASE),
    "evaluated text": re.compile(r"\beval\(|new Function|innerHTML|insertAdjacentHTML"),
    "inline style": re.compile(r"\.style\b|setAttribute\([\"']style"),
}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def violations(text: str, forbidden: dict[str, re.Pattern[str]]) -> Iterator[str]:
    for name, pattern in forbidden.items():
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"line {line}: {name} ({found.group().strip()})"


def without_comments(text: str) -> str:
    return re.sub(
        r"/\*.*?\*/", lambda found: "\n" * found.group().count("\n"), text, flags=re.DOTALL
    )


def test_there_is_something_to_check() -> None:
    assert len(TEMPLATES) > 30
    assert STYLES
    assert SCRIPTS


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_hold_nothing_inline_or_foreign(path: Path) -> None:
    assert not list(violations(path.read_text(encoding="utf-8"), FORBIDDEN_IN_TEMPLATES))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_compile(path: Path) -> None:
    engines["django"].from_string(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_pictures_say_what_they_show_and_how_large_they_are(path: Path) -> None:
    for tag in re.findall(r"<img\b[^>]*>", path.read_text(encoding="utf-8")):
        assert " alt=" in tag, tag
        assert " width=" in tag, tag
        assert " height=" in tag, tag


@pytest.mark.parametrize("path", STYLES, ids=relative)
def test_styles_stay_on_this_host(path: Path) -> None:
    assert not list(
        violations(without_comments(path.read_text(encoding="utf-8")), FORBIDDEN_IN_STYLES)
    )


@pytest.mark.parametrize("path", STYLES, ids=relative)
def test_every_picture_of_a_style_exists(path: Path) -> None:
    for target in re.findall(r"url\(\"([^\"]+)\"\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).resolve().is_file(), target


@pytest.mark.parametrize("path", STYLES, ids=relative)
def test_directions_are_logical(path: Path) -> None:
    """Right-to-left sections need no style of their own."""
    physical = re.compile(r"^\s*(?:margin|padding|border|inset)?-?(?:left|right)\s*:", re.MULTILINE)
    assert not physical.findall(without_comments(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SCRIPTS, ids=relative)
def test_scripts_stay_on_this_host(path: Path) -> None:
    assert not list(
        violations(without_comments(path.read_text(encoding="utf-8")), FORBIDDEN_IN_SCRIPTS)
    )


@pytest.mark.parametrize("path", PICTURES, ids=relative)
def test_drawings_are_only_drawings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<script|<foreignObject|\son[a-z]+=|\bhref=", text, re.IGNORECASE)
    assert path.stat().st_size < 60_000


def test_every_static_file_of_a_template_exists() -> None:
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        named = re.findall(r"\{% static '([^']+)'", text)
        named += re.findall(r"\{% get_static_prefix %\}([^\"']+)", text)
        for name in named:
            assert (ROOT / "core/static" / name).is_file(), f"{path.name}: {name}"


def test_the_last_resort_needs_no_context() -> None:
    """500.html is rendered when nothing else works: no request, no site, no database."""
    html = engines["django"].get_template("500.html").render()
    assert "<h1>" in html
    assert "500" in html


@pytest.mark.parametrize("code", [400, 403, 404])
def test_errors_before_the_site_is_known(code: int) -> None:
    html = engines["django"].get_template(f"{code}.html").render()
    assert f">{code}<" in html
