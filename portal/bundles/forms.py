"""Forms of the screens."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput, AdminPageChooser
from wagtail.models import Page

from portal.plugin_api import Action, sites_allowing

from .models import Bundle, BundleQuerySet


class BundleForm(forms.ModelForm):
    """A new set, or what may still be changed of one: its site stays."""

    class Meta:
        model = Bundle
        fields = ("title", "site", "embargo_until", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3}), "embargo_until": AdminDateTimeInput}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            del self.fields["site"]
            return
        field: Any = self.fields["site"]
        sites = sites_allowing(user, Action.PAGE_CHANGE)
        if sites is not None:
            field.queryset = field.queryset.filter(pk__in=sites)
        if field.queryset.count() == 1:
            field.initial = field.queryset.first()


class AddPageForm(forms.Form):
    page = forms.ModelChoiceField(
        label=_("Page"),
        queryset=Page.objects.all(),
        widget=AdminPageChooser(),
        help_text=_("A draft, or a public page with changes that wait."),
    )


class ScheduleForm(forms.Form):
    at = forms.DateTimeField(
        label=_("Goes public"),
        widget=AdminDateTimeInput(),
        help_text=_("To the minute. Who decides on the time now is named as its releaser."),
    )

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("Choose a time to come, or release it now."))
        return at


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with the set."),
    )


class JoinForm(forms.Form):
    """Puts a page into an open set, or into a new one that gets a title here."""

    bundle = forms.ModelChoiceField(
        label=_("Set"), queryset=Bundle.objects.none(), required=False, empty_label=_("a new set")
    )
    title = forms.CharField(label=_("Title of the new set"), max_length=120, required=False)

    def __init__(self, *args: Any, bundles: BundleQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bundle"]
        field.queryset = bundles

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("bundle") and not (cleaned.get("title") or "").strip():
            self.add_error("title", _("Choose a set, or give the new one a title."))
        return cleaned
