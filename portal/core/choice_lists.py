"""Several values of a list of choices in one column, joined by commas."""

from typing import Any

from django import forms
from django.db import models


class ChoiceListField(models.CharField):
    """Stores "教育,就业", edits as a list of choices."""

    def __init__(
        self, *args: Any, choices_class: type[models.TextChoices] | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("max_length", 120)
        self.choices_class = choices_class
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Migrations see the column that it is: how it is edited is none of their concern."""
        name, path, args, kwargs = super().deconstruct()
        if type(self) is ChoiceListField:
            path = "django.db.models.CharField"
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field:
        assert self.choices_class is not None
        default = self.get_default()
        return forms.MultipleChoiceField(
            choices=self.choices_class.choices,
            widget=forms.CheckboxSelectMultiple,
            label=self.verbose_name,
            help_text=self.help_text,
            required=not self.blank,
            initial=[default] if default else [],
        )

    def value_from_object(self, obj: models.Model) -> Any:
        return split(getattr(obj, self.attname))

    def value_to_string(self, obj: models.Model) -> str:
        """For revisions: the stored form, not the list that the form shows."""
        return getattr(obj, self.attname) or ""

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        value = ",".join(data) if isinstance(data, list | tuple) else data
        super().save_form_data(instance, value)

    def to_python(self, value: Any) -> Any:
        return ",".join(value) if isinstance(value, list | tuple) else super().to_python(value)


def split(value: str | None) -> list[str]:
    """The single values of a stored list."""
    return [part.strip() for part in (value or "").split(",") if part.strip()]
