"""What starters leave for the editor, such as 【请填写：活动时间】. It never becomes public."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

PLACEHOLDER = re.compile(r"【请填写[^】]{0,80}】")
_AT_MOST = 8


def placeholders_in(*values: Any) -> list[str]:
    """The placeholders in texts and raw blocks, each once, in their order."""
    found = (match for text in _texts(values) for match in PLACEHOLDER.findall(text))
    return list(dict.fromkeys(found))


def placeholder_problems(page: Any, fields: Iterable[str]) -> list[tuple[str, str]]:
    """What speaks against publishing a page: each field with what is still to be filled in."""
    problems = []
    for name in fields:
        value = getattr(page, name)
        found = placeholders_in(getattr(value, "raw_data", value))
        if found:
            texts = "、".join(found[:_AT_MOST]) + ("…" if len(found) > _AT_MOST else "")
            message = _("Fill in or delete what the starter left open: %(placeholders)s")
            problems.append((name, message % {"placeholders": texts}))
    return problems


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, Iterable):
        for item in value:
            yield from _texts(item)
