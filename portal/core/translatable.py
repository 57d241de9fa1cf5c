"""What translations of a page keep for themselves."""

from wagtail_localize.fields import BaseTranslatableField


class OwnField(BaseTranslatableField):
    """A field in which each language has its own value: neither translated nor copied."""

    def is_editable(self, obj: object) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<OwnField {self.field_name}>"
