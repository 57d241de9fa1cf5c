"""What is half typed - an address, a number, a day - must not stop a preview.

A field that does not validate keeps the value that the page had before; inside a stream, the
smallest part that is wrong does: a field of a block, else the block.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.blocks.list_block import ListValue

# Returned in place of a value: nothing of this part can be shown.
_DROPPED = object()


def leave_out(form: Any) -> list[str]:
    """Give the fields with errors their last valid value, and validate again.

    Args:
        form: a bound ``WagtailAdminModelForm`` whose ``is_valid()`` was false.

    Returns:
        The labels of the fields that hold another value than was typed.
    """
    labels = _keep_last_values(form)
    for formset in form.formsets.values():
        for child in formset.forms:
            labels += _keep_last_values(child)
            child.full_clean()
        formset.full_clean()
    form.full_clean()
    return labels


def _keep_last_values(form: BaseForm) -> list[str]:
    labels = []
    for name, errors in form.errors.as_data().items():
        if name not in form.fields:
            continue
        field, bound = form.fields[name], form[name]
        labels.append(str(field.label or bound.label))
        block = getattr(field, "block", None)
        if block is not None:
            last = bound.initial
            typed = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
            kept = _mended(block, typed, errors[0], last)
            form.initial[name] = last if kept is _DROPPED else kept
        field.disabled = True  # Django takes the initial value then, whatever was sent
        bound.__dict__.pop("initial", None)
    return labels


def _mended(block: blocks.Block, typed: Any, error: ValidationError, last: Any) -> Any:
    """``typed`` with the wrong parts as they were in ``last``, or without them."""
    wrong: dict[Any, ValidationError] = getattr(error, "block_errors", {})
    if isinstance(block, blocks.StreamBlock) and isinstance(typed, StreamValue):
        return _mended_stream(block, typed, wrong, last)
    if isinstance(block, blocks.ListBlock) and isinstance(typed, ListValue):
        return _mended_list(block, typed, wrong, last)
    if isinstance(block, blocks.StructBlock) and wrong:
        return _mended_struct(block, typed, wrong, last)
    if last is not None and _is_clean(block, last):
        return last
    default = block.get_default()
    return default if _is_clean(block, default) else _DROPPED


def _mended_stream(
    block: blocks.StreamBlock, typed: StreamValue, wrong: dict[Any, ValidationError], last: Any
) -> Any:
    before = {child.id: child for child in last or ()}
    kept = []
    for index, child in enumerate(typed):
        value = child.value
        if index in wrong:
            old = before.get(child.id)
            if old is not None and old.block_type != child.block_type:
                old = None
            value = _mended(child.block, value, wrong[index], old.value if old else None)
        if value is not _DROPPED:
            kept.append((child.block_type, value, child.id))
    stream = StreamValue(block, kept)
    return stream if _is_clean(block, stream) else _DROPPED


def _mended_list(
    block: blocks.ListBlock, typed: ListValue, wrong: dict[Any, ValidationError], last: Any
) -> Any:
    before = {child.id: child.value for child in getattr(last, "bound_blocks", ())}
    kept = []
    for index, child in enumerate(typed.bound_blocks):
        value = child.value
        if index in wrong:
            value = _mended(block.child_block, value, wrong[index], before.get(child.id))
        if value is not _DROPPED:
            kept.append(ListValue.ListChild(block.child_block, value, id=child.id))
    found = ListValue(block, bound_blocks=kept)
    return found if _is_clean(block, found) else _DROPPED


def _mended_struct(
    block: blocks.StructBlock, typed: Any, wrong: dict[Any, ValidationError], last: Any
) -> Any:
    kept = dict(typed)
    for name, error in wrong.items():
        child = block.child_blocks[name]
        kept[name] = _mended(child, kept.get(name), error, last.get(name) if last else None)
    if any(value is _DROPPED for value in kept.values()):
        return _DROPPED
    value = block.normalize(kept)
    if _is_clean(block, value):
        return value
    return last if last is not None and _is_clean(block, last) else _DROPPED


def _is_clean(block: blocks.Block, value: Any) -> bool:
    try:
        block.clean_deferred(value)
    except ValidationError:
        return False
    return True
