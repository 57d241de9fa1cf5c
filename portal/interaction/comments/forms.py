"""The form under a page, and those of the desk."""

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from portal.interaction.models import Comment


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("At most 1000 characters. Please leave out names, telephones and addresses."),
        validators=[ProhibitNullCharactersValidator()],
        error_messages={"required": _("Please write something.")},
    )
    name = forms.CharField(label=_("Name that is shown (optional)"), max_length=30, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    # Left empty by people, who do not see it.
    homepage = forms.CharField(required=False, max_length=200)


class ReplyForm(forms.Form):
    unit: Any = forms.ModelChoiceField(label=_("Unit"), queryset=None, required=False)
    text = forms.CharField(
        label=_("Reply"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown below the comment. Empty: no reply."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = Comment._meta.get_field("reply_unit").related_model
        fields: Any = self.fields
        fields["unit"].queryset = units._default_manager.all()
