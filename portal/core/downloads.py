"""Tables that visitors take home: a page gives the rows behind a block as CSV (``?csv=KEY``)."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Protocol, runtime_checkable

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page


@runtime_checkable
class HasRows(Protocol):
    """A block whose value can be given away as a table; both "" where it has no rows."""

    def csv_text(self, value: Any) -> str: ...

    def csv_name(self, value: Any) -> str: ...


def key_of(text: str) -> str:
    """Names a table in addresses by what stands in it, wherever its block stands."""
    return sha256(text.encode()).hexdigest()[:12]


def tables_in(page: Page) -> Iterator[tuple[HasRows, Any]]:
    """The blocks with rows of a page's streams, with their values, however deep."""
    for field in page._meta.get_fields():
        if isinstance(field, StreamField):
            stream = getattr(page, field.name)
            yield from _inside(stream.stream_block, stream)


def _inside(block: Any, value: Any) -> Iterator[tuple[HasRows, Any]]:
    if isinstance(block, HasRows):
        yield (block, value)
    elif isinstance(value, blocks.StreamValue):
        for child in value:
            yield from _inside(child.block, child.value)
    elif isinstance(value, blocks.StructValue):
        for name, item in value.items():
            yield from _inside(block.child_blocks.get(name), item)
    elif isinstance(value, blocks.list_block.ListValue):
        for item in value:
            yield from _inside(block.child_block, item)


def csv_response(page: Page, key: str) -> HttpResponse:
    """The table of a page that an address names.

    Raises:
        Http404: there is none; perhaps its rows have changed since the page was read.
    """
    for block, value in tables_in(page):
        text = block.csv_text(value)
        if text and key_of(text) == key:
            name = "".join(sign for sign in block.csv_name(value) if sign.isprintable())
            header = content_disposition_header(True, f"{name[:80].strip() or 'table'}.csv")
            response = HttpResponse(text, content_type="text/csv; charset=utf-8")
            response.headers["Content-Disposition"] = str(header).replace("/", "-")
            response.headers["X-Robots-Tag"] = "noindex"
            return response
    raise Http404
