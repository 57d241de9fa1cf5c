"""Forms of the admin around interpretations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.plugin_api import pages_to_add_below

from .models import InterpretationPage, ProductForm


class ColumnChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_parent().title} › {obj.title}" if obj.depth > 2 else obj.title


class NewProductForm(forms.Form):
    """Where the interpretation is to stand and what it is; only columns of the account."""

    form = forms.ChoiceField(label=_("form"), choices=ProductForm.choices)
    column = ColumnChoice(label=_("column"), queryset=Page.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = Page.objects.type(*InterpretationPage.clean_parent_page_models())
        self.fields["column"].queryset = pages_to_add_below(user) & parents  # type: ignore[attr-defined]
