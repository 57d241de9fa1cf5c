"""Fields of the knowledge base that are edited otherwise than they are stored."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

MOST_PHRASINGS = 60
LONGEST_PHRASING = 200


def tidy_lines(lines: list[str]) -> list[str]:
    """Each line once, without outer and doubled spaces, in the order given."""
    return list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))


class LinesFormField(forms.CharField):
    """One entry a line; a list of strings outside the form."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return tidy_lines((super().to_python(value) or "").splitlines())

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        too_long = [line for line in value if len(line) > LONGEST_PHRASING]
        if too_long:
            raise ValidationError(
                _("At most %(most)d characters a line: “%(line)s…” is longer.")
                % {"most": LONGEST_PHRASING, "line": too_long[0][:30]}
            )
        if len(value) > MOST_PHRASINGS:
            raise ValidationError(
                _("At most %(most)d lines; these are %(count)d.")
                % {"most": MOST_PHRASINGS, "count": len(value)}
            )

    def run_validators(self, value: Any) -> None:
        """Those of a text, which a list is not."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return tidy_lines(list(initial or ())) != tidy_lines(str(data or "").splitlines())


class PhrasingsField(models.JSONField):
    """A list of strings, edited one a line."""

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {
            "form_class": LinesFormField,
            "required": False,
            "label": self.verbose_name,
            "help_text": self.help_text,
            "widget": forms.Textarea(attrs={"rows": 6}),
        }
        return super(models.JSONField, self).formfield(**(options | kwargs))

    def deconstruct(self) -> Any:
        """Migrations see the column that it is: how it is edited is none of their concern."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
