"""The form of a document: the page that says the same is chosen among the own ones."""

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminPageChooser
from wagtail.documents.forms import BaseDocumentForm
from wagtail.models import Page

from portal.core.permissions import own_tree
from portal.core.public_files import refuse_exchange


class PortalDocumentForm(BaseDocumentForm):
    class Meta(BaseDocumentForm.Meta):
        widgets = BaseDocumentForm.Meta.widgets | {"web_version": AdminPageChooser}

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        field = self.fields.get("web_version")
        if not isinstance(field, forms.ModelChoiceField):
            return
        if self.prefix:
            # In a chooser, where no second chooser can open, and where many are uploaded at once:
            # it is chosen later, when there is such a page.
            del self.fields["web_version"]
            return
        wanted = own_tree(user) if user is not None else None
        if wanted is not None:
            kept = self.instance.web_version_id
            own = Page.objects.filter(wanted)
            field.queryset = own | Page.objects.filter(pk=kept) if kept else own

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        refuse_exchange(self, "file")
        return cleaned
