"""What the style guide shows: the samples beside the templates, and the blocks' preview values.

A sample file stands beside its template and has its name (``rows.html``, ``rows.sample.yaml``). It
is a list of ``{note, context}``; the context is what the template is included with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail import blocks

from portal.core.context import PortalContext
from portal.pages.blocks import BodyBlock, SectionsBlock

_ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("core/templates", "pages/templates")
_ENDING = ".sample.yaml"
_SECTION = "pages/sections/preview.html"  # how the block picker shows what only homes hold


@dataclass(frozen=True, slots=True)
class Sample:
    """One component or block as it is shown; ``name`` is where it is found in the code."""

    name: str
    note: str
    html: SafeString


@cache
def sample_files() -> dict[str, Path]:
    """Template name → its sample file."""
    found = {}
    for folder in _FOLDERS:
        base = _ROOT / folder
        for path in sorted(base.rglob(f"*{_ENDING}")):
            name = path.relative_to(base).as_posix().removesuffix(_ENDING) + ".html"
            found[name] = path
    return found


def components(portal: PortalContext) -> Iterator[Sample]:
    for template, path in sample_files().items():
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            context = {"portal": portal, **(entry.get("context") or {})}
            yield Sample(template, entry["note"], render_to_string(template, context))


def families(portal: PortalContext) -> Iterator[tuple[str, list[Sample]]]:
    """(stream, its blocks): what stands in bodies, and what homes are built from."""
    body, sections = BodyBlock().child_blocks, SectionsBlock().child_blocks
    yield "BodyBlock", [_block(child, portal) for child in body.values()]
    # What both hold looks the same in both.
    yield (
        "SectionsBlock",
        [
            _block(child, portal)
            for name, child in sections.items()
            if name not in body or _is_section(child)
        ],
    )


def _block(block: blocks.Block, portal: PortalContext) -> Sample:
    html = render_to_string(
        "pages/style_guide/block.html",
        {
            "bound_block": block.bind(block.get_preview_value()),
            "is_section": _is_section(block),
            "portal": portal,
            "request": portal.request,
        },
    )
    return Sample(str(block.label), str(block.meta.description or ""), html)


def _is_section(block: blocks.Block) -> bool:
    return getattr(block.meta, "preview_template", "") == _SECTION
