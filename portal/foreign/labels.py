"""What people call the place of a text in a page: field and block, in the active language."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from wagtail import blocks
from wagtail.fields import StreamField


def label_of(model: Any, field_path: str) -> str:
    """Such as "Text · Table · Caption" for ``body.table.caption``; "" without a model."""
    if model is None or not field_path:
        return ""
    name, *rest = field_path.split(".")
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    labels = [str(getattr(field, "verbose_name", name))]
    if isinstance(field, StreamField):
        labels += _block_labels(field.stream_block, rest)
    elif rest and getattr(field, "related_model", None) is not None:
        return label_of(field.related_model, rest[-1])
    return " · ".join(dict.fromkeys(label for label in labels if label))


def _block_labels(block: Any, names: list[str]) -> list[str]:
    labels = []
    for name in names:
        if isinstance(block, blocks.ListBlock):
            block = block.child_block
            continue
        children = getattr(block, "child_blocks", {})
        if name not in children:
            break
        block = children[name]
        labels.append(str(block.label))
    return labels
