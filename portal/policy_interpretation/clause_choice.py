"""Choosing clauses of a document: the field, its stream block, and the list that it shows.

What is stored is a list of clause ids. The list of check boxes is rendered by the server for the
document that is chosen beside the field; clauses that the document no longer has stay in the list
with their last words until somebody takes them out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static

from portal.plugin_api import ClauseIdsFormField, checked_clause_ids

from .clauses import ClauseData

_SHOWN_WORDS = 60


class ClauseInput(forms.TextInput):
    """Holds the ids as JSON; the script beside it shows the clauses of the chosen document.

    The document is what stands in the field ``document`` of the same form or block; of
    interpretations else the first document that the page interprets.
    """

    def __init__(self, attrs: Any = None, *, document: str = "policy") -> None:
        super().__init__(attrs)
        self.document = document

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        hidden = {"hidden": True, "data-clause-ids": self.document}
        field = super().render(name, value, hidden | (attrs or {}), renderer)
        context = {
            "field": field,
            "number": _number(value),
            "list_url": reverse("policy_products_admin:clauses", args=[0]),
        }
        return render_to_string("policy_interpretation/admin/clause_input.html", context)

    @cached_property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[versioned_static("policy_interpretation/admin/clauses.js")],
            css={"all": [versioned_static("policy_interpretation/admin/clauses.css")]},
        )


def _number(value: Any) -> int:
    try:
        found = json.loads(value or "[]")
    except (TypeError, ValueError):
        return 0
    return len(found) if isinstance(found, list) else 0


class ClauseChoiceBlock(blocks.FieldBlock):
    """Clauses of the document that is chosen in the block's ``policy``; a list of ids.

    That something is chosen is checked on publishing: a draft may be unfinished.
    """

    def __init__(self, required: bool = True, help_text: Any = None, **kwargs: Any) -> None:
        self.field = ClauseIdsFormField(document="policy", required=required, help_text=help_text)
        super().__init__(**kwargs)

    class Meta:
        icon = "list-ol"

    def get_default(self) -> list[str]:
        return []

    def normalize(self, value: Any) -> list[str]:
        return list(value) if isinstance(value, list | tuple) else []

    def value_from_form(self, value: Any) -> Any:
        """A submitted form brings JSON; what is no JSON stays, so that ``clean`` can refuse it."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value or "[]")
        except ValueError:
            return value

    def clean(self, value: Any) -> list[str]:
        found = checked_clause_ids(value)
        if self.field.required and not found:
            raise ValidationError(_("Choose at least one clause."))
        return found


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the list. ``depth`` counts from 0; ``words`` are the beginning of the text."""

    id: str
    number: str
    words: str
    depth: int
    is_chosen: bool
    is_gone: bool = False


def choices(
    clauses: Sequence[ClauseData], chosen: Sequence[str], earlier: Sequence[ClauseData] = ()
) -> list[Choice]:
    """The clauses to choose from, then those chosen before that the text no longer has.

    Args:
        clauses: the text as it is to be chosen from.
        chosen: the ids that are stored.
        earlier: clauses of former versions, for the words of what is gone.
    """
    depths: dict[str, int] = {"": -1}
    found = []
    for clause in clauses:
        depths[clause.id] = depths[clause.parent] + 1
        found.append(_choice(clause, depths[clause.id], clause.id in chosen))
    known = {clause.id: clause for clause in earlier}
    for clause_id in chosen:
        if clause_id not in depths:
            before = known.get(clause_id)
            found.append(
                _choice(before, 0, True, gone=True)
                if before is not None
                else Choice(clause_id, "", "", 0, True, True)
            )
    return found


def _choice(clause: ClauseData, depth: int, is_chosen: bool, *, gone: bool = False) -> Choice:
    words = " ".join(clause.text.split())
    shown = words if len(words) <= _SHOWN_WORDS else words[:_SHOWN_WORDS] + "…"
    return Choice(clause.id, clause.number, shown, depth, is_chosen, gone)
