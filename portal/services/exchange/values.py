"""Single values of a row as the guide wants them. Each says in a sentence what is wrong."""

import re
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.whitelist import (
    Whitelister,
    allow_without_attributes,
    attribute_rule,
    check_url,
)

_YES = frozenset({"1", "true", "yes", "是", "有", "y"})
_NO = frozenset({"", "0", "false", "no", "否", "无", "n"})
_MARKUP = re.compile(r"</?[a-z]+[^<>]*>", re.IGNORECASE)


class _Plain(Whitelister):
    """What the editor of conditions and notes can write, and nothing else."""

    element_rules = {
        "[document]": allow_without_attributes,
        "a": attribute_rule({"href": check_url, "linktype": True, "id": True}),
        **dict.fromkeys(("p", "b", "strong", "ol", "ul", "li", "br"), allow_without_attributes),
    }


_whitelister = _Plain()


def text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise ValidationError(_("A text is expected here."))
    text = str(value).replace("\x00", "").strip()
    if text != storable(text):
        raise ValidationError(_("The text has half a character in it: type it again."))
    return text


def storable(text: str) -> str:
    """Without what no database keeps: NUL, and halves of characters, as JSON can write them."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def rich_of(value: Any) -> str:
    """Markup as the editor writes it; plain text becomes a paragraph for each line."""
    text = text_of(value)
    if _MARKUP.search(text):
        return str(_whitelister.clean(text))
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())


def flag_of(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = text_of(value).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": word[:40]})


def number_of(value: Any) -> int | None:
    text = text_of(value)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise ValidationError(_("“%(text)s” is no number.") % {"text": text[:40]})
    return int(text)


def choice_of(value: Any, choices: Iterable[tuple[str, Any]]) -> str:
    """A stored key by itself, or by how it is called in Chinese or in the language in use."""
    text = text_of(value)
    pairs = [(str(key), label) for key, label in choices]
    if not text or text in (key for key, _label in pairs):
        return text
    for language in (None, "zh-hans"):
        for key, label in pairs:
            with override(language) if language else nullcontext():
                if _bare(str(label)) == _bare(text):
                    return key
    known = ", ".join(key for key, _label in pairs)
    raise ValidationError(
        _("“%(text)s” is none of: %(known)s.") % {"text": text[:40], "known": known}
    )


def _bare(label: str) -> str:
    """即办件 of "done at once (即办件)"."""
    return re.sub(r"\s*[（(].*[)）]\s*", "", label).strip().casefold()
