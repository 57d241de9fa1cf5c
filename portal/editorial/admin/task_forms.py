"""Forms of tasks: issuing, delivering, judging."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput, AdminPageChooser
from wagtail.models import Page

from portal.editorial.models import DeliverableKind, UnitTask
from portal.editorial.permissions import sites_issuing
from portal.editorial.services.tasks import Cooperation
from portal.plugin_api import ColumnPage, site_of_path


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; an empty list where none is chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in given]


# Set for each form: what may be chosen depends on who asks.
_NONE: Any = None


def _units() -> Any:
    return UnitTask._meta.get_field("unit").related_model._default_manager.all()


class IssueForm(forms.Form):
    site: Any = forms.ModelChoiceField(label=_("Site"), queryset=_NONE)
    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ModelChoiceField(
        label=_("Kind of delivery"),
        queryset=DeliverableKind.objects.none(),
        required=False,
        help_text=_("Says which form and which parts are required, and how long there is."),
    )
    wanted = forms.CharField(
        label=pgettext_lazy("task", "What is wanted"), widget=forms.Textarea(attrs={"rows": 4})
    )
    unit: Any = forms.ModelChoiceField(label=_("Lead unit"), queryset=_NONE)
    person = forms.CharField(
        label=_("Responsible person"), max_length=60, help_text=_("Who in the unit answers for it.")
    )
    due_on = forms.DateField(
        label=_("Deliver by"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Empty: as many working days as the kind says."),
    )
    column = forms.ModelChoiceField(
        label=_("Column in which it will be published"),
        queryset=ColumnPage.objects.none(),
        required=False,
        widget=AdminPageChooser(target_models=[ColumnPage]),
    )
    link = forms.URLField(
        label=_("Link to the basis"),
        required=False,
        assume_scheme="https",
        help_text=_("A notice or document that the task rests on."),
    )
    material = FilesField(label=_("Files that go with it"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        records = UnitTask._meta.get_field("site").related_model._default_manager
        sites = sites_issuing(user)
        fields["site"].queryset = records.all() if sites is None else records.filter(pk__in=sites)
        if sites is not None and len(sites) == 1:
            fields["site"].initial = next(iter(sites))
            fields["site"].widget = forms.HiddenInput()
        kinds = DeliverableKind.objects.filter(is_active=True).select_related("site")
        fields["kind"].queryset = kinds if sites is None else kinds.filter(site__in=sites)
        fields["unit"].queryset = _units()
        fields["column"].queryset = ColumnPage.objects.all()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        site, kind, column = (cleaned.get(name) for name in ("site", "kind", "column"))
        if site and kind and kind.site_id != site.pk:
            self.add_error("kind", _("This kind belongs to another site."))
        if site and column and site_of_path(column.path) != site.pk:
            self.add_error("column", _("This column belongs to another site."))
        return cleaned


class CooperationForm(forms.Form):
    unit: Any = forms.ModelChoiceField(label=_("Cooperating unit"), queryset=_NONE, required=False)
    person = forms.CharField(label=_("Responsible person"), max_length=60, required=False)
    wanted = forms.CharField(
        label=_("Its part"),
        required=False,
        help_text=_("Empty: the same as the whole."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = _units()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("unit") and not cleaned.get("person"):
            self.add_error("person", _("Name the person who answers for it."))
        if not cleaned.get("unit") and (cleaned.get("person") or cleaned.get("wanted")):
            self.add_error("unit", _("Choose the unit."))
        return cleaned


CooperationFormSet = formset_factory(CooperationForm, extra=3, max_num=12)


def cooperations(formset: Any) -> list[Cooperation]:
    """The rows of a valid formset in which a unit was chosen."""
    rows = (form.cleaned_data for form in formset.forms)
    return [
        Cooperation(row["unit"], row["person"], row.get("wanted", ""))
        for row in rows
        if row.get("unit")
    ]


class DeliveryForm(forms.Form):
    """What the unit hands over; each required part has a box of its own."""

    parts = forms.MultipleChoiceField(
        label=_("Required parts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    page = forms.ModelChoiceField(
        label=_("Page"),
        queryset=Page.objects.none(),
        required=False,
        widget=AdminPageChooser(),
        help_text=_("Where the delivery is a page that you wrote, draft or public."),
    )
    material = FilesField(label=_("Files"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )

    def __init__(self, *args: Any, task: UnitTask, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        fields: Any = self.fields
        fields["page"].queryset = Page.objects.filter(depth__gt=1)
        if task.required_parts:
            fields["parts"].choices = [(part, part) for part in task.required_parts]
        else:
            del fields["parts"]

    def clean_page(self) -> Page | None:
        page: Any = self.cleaned_data["page"]
        # Public, or one's own to write: nobody finds out titles of drafts of others.
        if page is not None and not page.live:
            specific = page.specific
            if not specific.permissions_for_user(self.user).can_edit():
                # The chooser would show the title of what was asked for.
                data: Any = self.data
                data = data.copy()
                data["page"] = ""
                self.data = data
                raise ValidationError(_("Choose a page that is public, or that you may edit."))
        return page


class ReturnForm(forms.Form):
    reason = forms.CharField(label=_("What is missing"), widget=forms.Textarea(attrs={"rows": 3}))
    due_on = forms.DateField(
        label=_("Deliver again by"),
        required=False,
        widget=AdminDateInput,
        help_text=_("Empty: the site's usual time."),
    )


class AmendForm(forms.Form):
    due_on = forms.DateField(label=_("New last day"), required=False, widget=AdminDateInput)
    person = forms.CharField(label=_("New responsible person"), max_length=60, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is no longer wanted"), widget=forms.Textarea(attrs={"rows": 2})
    )
