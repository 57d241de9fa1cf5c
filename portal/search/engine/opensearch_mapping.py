"""What an OpenSearch index of the portal holds: the same fields as the tantivy one."""

from typing import Any

from . import moments, recency
from .contract import FACETS, Field, IndexedDocument

PUBLIC_FROM, PUBLIC_UNTIL, DATE = "public_from", "public_until", "date"
POSITION_ID = "portal:position"
EMBEDDING = "embedding"
_NEVER = 9 * 10**15  # beyond every moment, and a whole number that JSON keeps
_KEYWORDS = (Field.TITLE_KEY, Field.NUMBER_KEY)
_POSITIONS = (Field.TITLE, Field.ALIAS, Field.BODY, Field.BIGRAM)
# A factor must be above nothing, and below what drowns everything else.
_LEAST, _MOST = 1 / 8, 64.0


def rank_field(level: int) -> str:
    return f"rank_{level}"


def mapping(meta: dict[str, Any], *, dimensions: int = 0) -> dict[str, Any]:
    """The body that creates an index. ``dimensions`` of vectors; 0: none are kept."""
    fields: dict[str, Any] = {"key": {"type": "keyword"}, "position": {"type": "long"}}
    for field in Field:
        if field in _KEYWORDS:
            fields[field.value] = {"type": "keyword", "ignore_above": 1000}
        else:
            options = "positions" if field in _POSITIONS else "docs"
            fields[field.value] = {
                "type": "text", "analyzer": "whitespace", "index_options": options,
            }  # fmt: skip
    for name in (*FACETS, "language"):
        fields[name] = {"type": "keyword"}
    for name in (PUBLIC_FROM, PUBLIC_UNTIL, DATE):
        fields[name] = {"type": "long"}
    for level in range(len(recency.LEVELS)):
        fields[rank_field(level)] = {"type": "float"}
    settings: dict[str, Any] = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
    if dimensions:
        settings["knn"] = True
        fields[EMBEDDING] = {
            "type": "knn_vector",
            "dimension": dimensions,
            "method": {"name": "hnsw", "space_type": "cosinesimil", "engine": "lucene"},
        }
    # Rows are in the database: texts are not kept a second time.
    source = {"includes": ["key", "position", DATE]}
    return {
        "settings": {"index": settings},
        "mappings": {"dynamic": "strict", "_meta": meta, "_source": source, "properties": fields},
    }


def written(document: IndexedDocument) -> dict[str, Any]:
    order = moments.date_order(document.date, document.key)
    made: dict[str, Any] = {
        "key": document.key,
        "site": [document.site, *document.more_sites],
        "column": list(document.columns),
        "kind": document.kind,
        "theme": document.theme,
        "agency": list(document.agencies),
        "year": document.year,
        "standing": document.standing,
        "form": document.form,
        "language": document.language,
    }
    for name, value in list(made.items()):
        values = [one for one in value if one] if isinstance(value, list) else value
        if values:
            made[name] = values
        else:
            del made[name]
    made |= {field.value: text for field, text in document.texts.items() if text}
    if document.date is not None:
        made[DATE] = order
    if document.public_from is not None:
        made[PUBLIC_FROM] = moments.microseconds(document.public_from)
    if document.public_until is not None:
        made[PUBLIC_UNTIL] = moments.microseconds(document.public_until)
    for place, level in enumerate(recency.LEVELS):
        factor = document.weight * recency.factor(level, moments.seconds_of(order))
        made[rank_field(place)] = max(_LEAST, min(_MOST, factor))
    return made


def position_document(position: int) -> dict[str, Any]:
    return {"key": POSITION_ID, "position": position, PUBLIC_FROM: _NEVER}
