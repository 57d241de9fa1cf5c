"""What the blocks of homes and topics share: how they are checked and how the picker shows them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

__all__ = ["CheckedBlock", "PatternBlock", "SectionBlock", "is_preview"]


def is_preview(context: dict[str, Any]) -> bool:
    """Whether a block is printed for its editor, who is told what is missing."""
    return bool(getattr(context.get("request"), "is_preview", False))


class PatternBlock(blocks.CharBlock):
    """Text of a fixed form. Drafts, and previews while somebody types, may hold half of it."""

    def __init__(self, *, validators: Sequence[Callable[[str], None]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.patterns = validators

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned and not self.is_deferred_validation:
            for check in self.patterns:
                check(cleaned)
        return cleaned

    def deconstruct(self) -> tuple[str, Any, Any]:
        """For migrations, which store the same text, it is Wagtail's block."""
        _path, args, kwargs = super().deconstruct()
        return ("wagtail.blocks.CharBlock", args, kwargs)


class CheckedBlock(blocks.StructBlock):
    """A block with rules of its own, told together with those of its fields.

    Drafts may be incomplete: while Wagtail saves one, ``is_deferred_validation`` is set and only
    the fields' own formats are checked.
    """

    def problems(self, value: Any) -> dict[str, Any]:
        """Field name → what is wrong with it, for a value whose fields are right by themselves."""
        return {}

    def clean(self, value: Any) -> Any:
        errors: dict[str, Any] = {}
        cleaned = value
        try:
            cleaned = super().clean(value)
        except blocks.StructBlockValidationError as error:
            errors = dict(error.block_errors)
        if not self.is_deferred_validation:
            for name, message in self.problems(cleaned).items():
                errors.setdefault(name, ValidationError(message))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned


class SectionBlock(CheckedBlock):
    """A block that ``portal.pages.sections`` builds, with all others of its page together.

    ``sample()`` gives the value that the block picker previews. It may name pages and images: the
    first public ones that fit, None where there are none yet.
    """

    class Meta:
        preview_template = "pages/sections/preview.html"

    def sample(self) -> dict[str, Any]:
        return {}

    def get_preview_value(self) -> Any:
        return self.normalize(self.sample())
