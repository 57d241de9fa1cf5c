"""The form for a letter in the language of a section: no telephone number is asked for."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import DraftKind

LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_NAME = 100, 2_000, 80


class LetterForm(forms.Form):
    """``key`` names this sheet of paper: the same one is sent once only."""

    kind = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    subject = forms.CharField(label=_("Subject"), max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label=_("Your letter"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("What happened, where and when, and what you ask for. At most 2,000 characters."),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        help_text=_("The answer comes here. No phone number is needed."),
    )
    key = forms.RegexField(r"^[\w-]{22}$", widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, *, kinds: Sequence[DraftKind], key: str) -> None:
        super().__init__(data, initial={"key": key})
        self.fields["kind"].choices = [(kind.key, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        for name in ("subject", "text", "name", "email"):
            described = [f"id_{name}_helptext"] if self.fields[name].help_text else []
            if self.is_bound and name in self.errors:
                described.append(f"id_{name}_error")
                self.fields[name].widget.attrs["aria-invalid"] = "true"
            if described:
                self.fields[name].widget.attrs["aria-describedby"] = " ".join(described)
