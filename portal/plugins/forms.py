from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ActivationForm(forms.Form):
    """The explicit yes of the activation gate, bound to exactly what was shown."""

    confirm = forms.BooleanField(
        label=_(
            "I have read what this plugin declares and take responsibility for switching it on."
        ),
        error_messages={"required": _("Confirm that you have read the declaration.")},
    )
    digest = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, digest: str) -> None:
        super().__init__(data, initial={"digest": digest})
        self._digest = digest

    def clean_digest(self) -> str:
        shown: str = self.cleaned_data["digest"]
        if shown != self._digest:
            raise forms.ValidationError(
                _("The plugin was updated and declares other rights now. Read them again.")
            )
        return shown
