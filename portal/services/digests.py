"""What the public reads of a guide, as one short sum: what a counter confirms (R-SVC-07)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from portal.plugin_api import PortalDocument

from .models import GuideBasis, GuideMaterial, GuidePage, GuidePlace, GuideStep

# Helps to find the guide and is no part of its text.
_NOT_READ = frozenset({"page_ptr", "keywords", "everyday_names"})
_OF_ROWS = frozenset({"id", "page", "sort_order", "translation_key", "locale"})
_PARTS: Mapping[str, type[Any]] = {
    "basis": GuideBasis,
    "materials": GuideMaterial,
    "places": GuidePlace,
    "steps": GuideStep,
}
_FILES = ("blank_form_id", "instruction_file_id", "sample_id")


def digests_of(pages: Iterable[GuidePage]) -> dict[int, str]:
    """By primary key. One query for the files of all of them, those of their parts beside it."""
    texts = {page.pk: _text_of(page) for page in pages}
    pks = {pk for text in texts.values() for pk in _files_in(text)}
    hashes = dict(PortalDocument.objects.filter(pk__in=pks).values_list("pk", "file_hash"))
    found = {}
    for page_pk, text in texts.items():
        files = [hashes.get(pk, "") for pk in _files_in(text)]
        stored = json.dumps([text, files], cls=DjangoJSONEncoder, sort_keys=True)
        found[page_pk] = hashlib.sha256(stored.encode()).hexdigest()
    return found


def _text_of(page: GuidePage) -> dict[str, Any]:
    own = page._meta.local_concrete_fields
    text: dict[str, Any] = {
        field.attname: field.value_to_string(page) for field in own if field.name not in _NOT_READ
    }
    text["title"] = page.title
    for name, model in _PARTS.items():
        fields = [field for field in model._meta.concrete_fields if field.name not in _OF_ROWS]
        text[name] = [
            {field.attname: getattr(row, field.attname) for field in fields}
            for row in getattr(page, name).all()
        ]
    return text


def _files_in(text: Mapping[str, Any]) -> list[int]:
    found = [text.get("result_sample_id")]
    found += [row[name] for row in text["materials"] for name in _FILES]
    return [int(pk) for pk in found if pk and pk != "None"]
