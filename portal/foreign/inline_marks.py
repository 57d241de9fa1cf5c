"""Inline marks of a text as a translator types them: ``<a1>…</a1>`` for a link, ``<b>…</b>``.

wagtail-localize keeps a text as HTML of inline tags, links by number. In a text field people see
the plain characters, a line break for ``<br>``, and the tags that the source has as short marks.
Anything else that looks like a tag is text.
"""

import re
from collections import Counter

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail_localize.strings import INLINE_TAGS, StringValue

# A tag of the kept HTML: name, attributes (links: their number) or the end of one.
_TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z]+)(?: id="(?P<id>[a-z]+\d+)")?\s*/?>')
_BREAK = re.compile(r"<br\s*/?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&nbsp;", "\xa0"))


def typed(data: str) -> str:
    """The kept HTML as it is shown in a text field."""
    parts: list[str] = []
    open_links: list[str] = []
    position = 0
    for tag in _TAG.finditer(data):
        parts.append(_plain(data[position : tag.start()]))
        position = tag.end()
        name = tag["name"]
        if name == "br":
            parts.append("\n")
        elif tag["end"]:
            mark = open_links.pop() if name == "a" and open_links else name
            parts.append(f"</{mark}>")
        else:
            mark = tag["id"] or name
            if name == "a":
                open_links.append(mark)
            parts.append(f"<{mark}>")
    parts.append(_plain(data[position:]))
    return "".join(parts)


def marks_of(data: str) -> list[str]:
    """The opening marks of a text in reading order (``a1``, ``b``)."""
    return [
        tag["id"] or tag["name"]
        for tag in _TAG.finditer(data)
        if not tag["end"] and tag["name"] != "br"
    ]


def kept(text: str, source: str) -> str:
    """What was typed, as wagtail-localize keeps it; checked against the marks of the source.

    Raises:
        ValidationError: a mark that is not closed, a link that is missing or there twice.
    """
    text = text.replace("\r\n", "\n").strip()
    if not _BREAK.search(source):
        text = " ".join(text.split("\n"))
    known = set(marks_of(source))
    parts: list[str] = []
    stack: list[str] = []
    position = 0
    for mark in re.finditer(r"<(/?)([a-z]+\d*)>", text):
        name = mark[2]
        if name not in known:
            continue
        parts.append(escape(text[position : mark.start()]))
        position = mark.end()
        tag = name.rstrip("0123456789") if name not in INLINE_TAGS else name
        if not mark[1]:
            stack.append(name)
            parts.append(f'<{tag} id="{name}">' if name != tag else f"<{tag}>")
        elif not stack or stack.pop() != name:
            raise ValidationError(_not_closed(name), code="marks")
        else:
            parts.append(f"</{tag}>")
    if stack:
        raise ValidationError(_not_closed(stack[-1]), code="marks")
    parts.append(escape(text[position:]))
    return checked("".join(parts).replace("\n", "<br/>"), source)


def checked(data: str, source: str) -> str:
    """The kept HTML of a translation, normalised.

    Raises:
        ValidationError: other tags than inline ones, or other links than the source has.
    """
    try:
        value: str = StringValue.from_translated_html(data).data
    except ValueError as error:
        raise ValidationError(str(error), code="marks") from error
    wanted, found = _links(source), _links(value)
    for link in wanted:
        if found[link] == 0:
            message = _(
                "The link %(mark)s is missing: write the words of the link between %(pair)s."
            )
        elif found[link] > 1:
            message = _("The link %(mark)s is there twice; it belongs once: %(pair)s.")
        else:
            continue
        raise ValidationError(
            message, code="marks", params={"mark": link, "pair": f"<{link}>…</{link}>"}
        )
    for link in found - wanted:
        message = _("The Chinese text has no link %(mark)s.")
        raise ValidationError(message, code="marks", params={"mark": link})
    return value


def _links(data: str) -> Counter[str]:
    return Counter(mark for mark in marks_of(data) if re.fullmatch(r"a\d+", mark))


def _not_closed(name: str) -> ValidationError:
    return ValidationError(
        _("The mark %(mark)s has to be closed where it belongs: %(pair)s."),
        params={"mark": name, "pair": f"<{name}>…</{name}>"},
    )


def _plain(html: str) -> str:
    for entity, character in _ENTITIES:
        html = html.replace(entity, character)
    return html.replace("&amp;", "&")
