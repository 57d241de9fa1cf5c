"""Clauses of a document as a field: a list of ids, beside the field that holds the document.

Whoever knows the clauses (the capability ``clauses``) gives the list to choose from. Where nobody
does, what is stored stays and cannot be changed by hand.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from .extension_points import clauses

MOST_CLAUSES = 500
_LONGEST_ID = 40


def checked_clause_ids(value: Any) -> list[str]:
    """The ids of a stored or submitted value, each once, in order.

    Raises:
        ValidationError: it is no list of ids, or holds far too many.
    """
    if value in (None, ""):
        return []
    if not isinstance(value, list) or not all(
        isinstance(item, str) and 0 < len(item) <= _LONGEST_ID for item in value
    ):
        raise ValidationError(_("This is not a list of clauses. Choose them from the list."))
    if len(value) > MOST_CLAUSES:
        raise ValidationError(
            _("At most %(most)d clauses can be chosen. Choose the chapter, or leave it empty.")
            % {"most": MOST_CLAUSES}
        )
    return list(dict.fromkeys(value))


class ClauseIdsInput(forms.TextInput):
    """Holds the ids as JSON; looks as the plugin that knows the clauses has it.

    Asked when a form is shown: plugins may be installed without one another. That a site has
    switched the plugin off does not take the choice away from the others.
    """

    def __init__(self, attrs: Any = None, *, document: str = "document") -> None:
        super().__init__(attrs)
        self.document = document

    def _widget(self) -> forms.Widget:
        for _owner, item in clauses.contributions():
            return item.target.widget(document=self.document)
        return forms.HiddenInput()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        return self._widget().render(name, value, attrs, renderer)

    @property
    def media(self) -> forms.Media:
        return self._widget().media


class ClauseIdsFormField(forms.JSONField):
    """``document`` is the name of the field beside it, in the same form, that holds the page."""

    def __init__(self, *, document: str = "document", **kwargs: Any) -> None:
        options: dict[str, Any] = {"required": False, "widget": ClauseIdsInput(document=document)}
        super().__init__(**options | kwargs)

    def clean(self, value: Any) -> list[str]:
        return checked_clause_ids(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(initial or [], data or "[]"))


class ClauseIdsField(models.JSONField):
    """A list of clause ids, chosen from the clauses of the document beside it."""

    def __init__(self, *args: Any, document: str = "document", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {
            "form_class": ClauseIdsFormField,
            "document": self.document,
        } | kwargs
        return super().formfield(**options)

    def deconstruct(self) -> Any:
        """Migrations see the column that it is: how it is edited is none of their concern."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
