"""The public forms: an opinion, a question. Names and contacts are never asked for by force."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_OPINION, LONGEST_QUESTION = 3_000, 500


class _PublicForm(forms.Form):
    """Says beside each field what is wrong with it, also to those who hear the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            described = [f"id_{name}_helptext"] if field.help_text else []
            if self.is_bound and name in self.errors:
                described.append(f"id_{name}_error")
                field.widget.attrs["aria-invalid"] = "true"
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("text", "name", "contact"):
            if isinstance(cleaned.get(name), str):
                cleaned[name] = cleaned[name].replace("\r\n", "\n").strip()
        return cleaned


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Your name (you need not give it)"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


def _contact() -> forms.CharField:
    return forms.CharField(
        label=_("Telephone or e-mail address (you need not give it)"),
        max_length=120,
        required=False,
        help_text=_("Only for questions about what you wrote. Never shown, and deleted later."),
    )


class OpinionForm(_PublicForm):
    text = forms.CharField(
        label=_("Your opinion"),
        max_length=LONGEST_OPINION,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What should be different, and why. At most 3,000 characters."),
    )
    name = _name()
    contact = _contact()


class QuestionForm(_PublicForm):
    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One question, at most 500 characters."),
    )
    name = _name()
    contact = _contact()
