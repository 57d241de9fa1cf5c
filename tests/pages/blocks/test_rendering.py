"""Every block that editors can add: shown with content, with nothing, and with hostile words."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import RequestFactory
from wagtail import blocks
from wagtail.rich_text import RichText

from portal.pages.blocks import BodyBlock
from tests.pages.test_templates_strict import FORBIDDEN_IN_TEMPLATES, violations

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

BODY = BodyBlock()
OWN = [name for name, block in BODY.child_blocks.items() if name not in {"component", "paragraph"}]
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
# Written by the portal into attributes on purpose.
ALLOWED = {"address of another host", "frame"}


def show(block: blocks.Block, value: Any) -> str:
    request = RequestFactory().get("/")
    return str(block.render(value, context={"request": request}))


def poisoned(value: Any) -> Any:
    """The same value with something evil behind every text in it."""
    if isinstance(value, RichText):
        return value  # cleaned when it is typed; Wagtail's own matter
    if isinstance(value, str):
        return f"{value}{EVIL}"
    if isinstance(value, blocks.StructValue):
        for name, item in value.items():
            child = value.block.child_blocks[name]
            if not isinstance(child, (blocks.ChoiceBlock, blocks.DateBlock)):
                value[name] = poisoned(item)
    elif isinstance(value, blocks.list_block.ListValue):
        for bound in value.bound_blocks:
            bound.value = poisoned(bound.value)
    return value


@pytest.mark.parametrize("name", OWN)
def test_every_block_introduces_itself(name: str) -> None:
    block = BODY.child_blocks[name]
    assert block.meta.group, "no group"
    assert block.meta.icon != "placeholder", "no icon"
    assert str(block.get_description()), "no description"
    assert block.is_previewable, "no preview"


@pytest.mark.parametrize("name", OWN)
def test_the_preview_shows_something(name: str) -> None:
    block = BODY.child_blocks[name]
    value = block.get_preview_value()
    context = block.get_preview_context(value)
    html = str(block.render(value, context=context))
    assert re.sub(r"<[^>]*>|\s", "", html), html


@pytest.mark.parametrize("name", OWN)
def test_nothing_is_inline_or_run(name: str) -> None:
    block = BODY.child_blocks[name]
    value = poisoned(block.get_preview_value())
    html = str(block.render(value, context=block.get_preview_context(value)))
    assert "<script>" not in html
    assert "<img src=x" not in html
    found = list(violations(_tags(html), FORBIDDEN_IN_TEMPLATES))
    assert not [line for line in found if not any(word in line for word in ALLOWED)]


def _tags(html: str) -> str:
    """The tags alone: what stands between them is only text."""
    return "\n".join(re.sub(r'"[^"]*"', '""', tag) for tag in re.findall(r"<[^>]*>", html))


@pytest.mark.parametrize("name", OWN)
def test_an_empty_block_breaks_nothing(name: str) -> None:
    block = BODY.child_blocks[name]
    show(block, block.get_default())


@pytest.mark.parametrize("name", OWN)
def test_ids_are_those_of_one_block_only(name: str) -> None:
    """Two of a kind on one page: no id twice, which would break labels and patterns."""
    block = BODY.child_blocks[name]
    request = RequestFactory().get("/")
    value = block.get_preview_value()
    html = "".join(str(block.render(value, context={"request": request})) for _ in range(2))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def nested(value: Any) -> Iterator[Any]:
    if isinstance(value, blocks.list_block.ListValue):
        for bound in value.bound_blocks:
            yield bound
            yield from nested(bound.value)
    elif isinstance(value, blocks.StructValue):
        for item in value.values():
            yield from nested(item)


@pytest.mark.parametrize("name", OWN)
def test_entries_carry_the_mark_by_which_the_preview_finds_them(name: str) -> None:
    block = BODY.child_blocks[name]
    request = RequestFactory().get("/")
    request.is_preview = True
    value = block.get_preview_value()
    context = block.get_preview_context(value) | {"request": request}
    html = str(block.render(value, context=context))
    for bound in nested(value):
        assert f"<!--block {bound.id}-->" in html
