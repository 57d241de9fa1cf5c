"""The videos, recordings and attachments that stand in texts.

Read from the stored blocks, so that those of many pages cost a query for each kind of file: a
stream that is asked for its values asks the database for each page.
"""

from collections.abc import Iterable
from typing import Any

from wagtailmedia.models import get_media_model

from portal.plugin_api import PortalDocument

_PLAYERS = ("video", "audio")


def files_of(pages: Iterable[Any]) -> dict[int, list[Any]]:
    """The files of each page that has some, in the order of its text."""
    named = {page.pk: list(_named(page)) for page in pages}
    media_pks = {pk for names in named.values() for is_media, pk in names if is_media}
    document_pks = {pk for names in named.values() for is_media, pk in names if not is_media}
    media: dict[int, Any] = get_media_model().objects.in_bulk(media_pks) if media_pks else {}
    documents = PortalDocument.objects.in_bulk(document_pks) if document_pks else {}
    found = {
        page: [
            (media if is_media else documents)[pk]
            for is_media, pk in names
            if pk in (media if is_media else documents)
        ]
        for page, names in named.items()
    }
    return {page: files for page, files in found.items() if files}


def _named(page: Any) -> Iterable[tuple[bool, int]]:
    """(whether it is a video or a recording, primary key) of each file that a text names."""
    for block in getattr(getattr(page, "body", None), "raw_data", ()):
        value = block["value"] if isinstance(block["value"], dict) else {}
        if block["type"] in _PLAYERS:
            pk = value.get(block["type"])
            if isinstance(pk, int):
                yield (True, pk)
        elif block["type"] == "attachments":
            for one in value.get("documents") or ():
                pk = one.get("value") if isinstance(one, dict) else one
                if isinstance(pk, int):
                    yield (False, pk)
