"""Forms for sections, their columns and teams."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Locale, Page

from portal.foreign.models import ForeignColumn, ForeignSection, Need, TeamMember, TeamRole
from portal.foreign.selectors.columns import columns_of
from portal.foreign.selectors.starting_columns import starting_columns
from portal.plugin_api import Action, sites_allowing


def put_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """What a service refused, at the field that it is about."""
    told = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for field, problems in told.items():
        for problem in problems:
            form.add_error(field if field in form.fields else None, problem)


class SectionForm(forms.Form):
    """What a new section needs; everything else has a start that can be changed later."""

    site: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(label=_("Site"), queryset=None)
    language = forms.ChoiceField(label=_("Language"), choices=[])
    title = forms.CharField(
        label=_("Name of the site in this language"),
        max_length=120,
        help_text=_("Stands on top of each page, such as “Yunhu City”."),
    )
    needs = forms.MultipleChoiceField(
        label=_("Columns to begin with"),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("More can be added and names changed at any time."),
    )
    minimum_coverage = forms.IntegerField(
        label=_("Minimum coverage, per cent"),
        min_value=0,
        max_value=100,
        initial=80,
        help_text=_("How much of the core content must be up to date before the section opens."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = ForeignSection._meta.get_field("site").related_model
        sites = sites_allowing(user, Action.MEMBERS)
        records = model._default_manager.order_by("kind", "code")
        chosen: Any = self.fields["site"]
        chosen.queryset = records if sites is None else records.filter(pk__in=sites)
        languages: Any = self.fields["language"]
        languages.choices = [
            (code, label) for code, label in settings.LANGUAGES if code != settings.LANGUAGE_CODE
        ]
        needs: Any = self.fields["needs"]
        labels = dict(Need.choices)
        needs.choices = [(column.need, labels[column.need]) for column in starting_columns()]
        needs.initial = [column.need for column in starting_columns()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        site, language = cleaned.get("site"), cleaned.get("language")
        if (
            site is not None
            and ForeignSection.objects.filter(site=site, locale__language_code=language).exists()
        ):
            self.add_error("language", _("The site has a section in this language already."))
        return cleaned

    def locale(self) -> Locale:
        found, _created = Locale.objects.get_or_create(language_code=self.cleaned_data["language"])
        return found


class SettingsForm(forms.ModelForm):
    class Meta:
        model = ForeignSection
        fields = ["minimum_coverage", "closing_notice"]
        widgets = {"closing_notice": forms.Textarea(attrs={"rows": 3})}


class ClosingForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For the record; visitors do not see it."),
    )
    notice = forms.CharField(
        label=_("Notice to visitors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In the language of the section; without one, the portal's own words."),
    )


class MemberForm(forms.Form):
    """Somebody in the team. The account exists already; the security administrator makes it."""

    account = forms.CharField(
        label=_("Account"), max_length=150, help_text=_("The exact name of an existing account.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=TeamRole.choices)
    qualification = forms.CharField(
        label=_("Qualification"),
        max_length=200,
        required=False,
        help_text=_("Certificate or experience; translators and language reviewers need one."),
    )
    columns: "forms.ModelMultipleChoiceField[ForeignColumn]" = forms.ModelMultipleChoiceField(
        label=_("Columns"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: the whole section. Outside partners need at least one."),
    )
    active = forms.BooleanField(
        label=_("Active"),
        required=False,
        initial=True,
        help_text=_("Without it the person can do nothing in this section."),
    )

    def __init__(
        self, *args: Any, section: ForeignSection, member: TeamMember | None = None, **kwargs: Any
    ) -> None:
        if member is not None:
            kwargs["initial"] = {
                "account": member.user.get_username(),
                "role": member.role,
                "qualification": member.qualification,
                "columns": member.columns.all(),
                "active": member.active,
            }
        super().__init__(*args, **kwargs)
        columns: Any = self.fields["columns"]
        # The section's home holds everything: choosing it would be no choice.
        home = [column.pk for column in columns_of(section)[:1] if _is_home(column, section)]
        columns.queryset = (
            section.columns.select_related("page").exclude(pk__in=home).order_by("page__path")
        )

    def clean_account(self) -> Any:
        name = self.cleaned_data["account"].strip()
        user = get_user_model()._default_manager.filter(username=name, is_active=True).first()
        if user is None:
            raise ValidationError(_("There is no active account of this name."))
        return user


def _is_home(column: Any, section: ForeignSection) -> bool:
    same: bool = column.page.translation_key == section.site.root_page.translation_key
    return same


class ColumnForm(forms.Form):
    """A new column; its page is edited like any other afterwards."""

    title = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("In the language of the section.")
    )
    slug = forms.SlugField(
        label=_("Address"), max_length=60, help_text=_("Latin letters, digits and hyphens.")
    )
    need = forms.ChoiceField(label=_("Need"), choices=Need.choices)


class NeedForm(forms.Form):
    need = forms.ChoiceField(
        label=_("Need"), choices=Need.choices, help_text=_("What brings readers to this column.")
    )


class FeedForm(forms.Form):
    source = forms.ModelChoiceField(
        label=_("Chinese column or page"),
        queryset=Page.objects.filter(locale__language_code=settings.LANGUAGE_CODE),
        required=False,
        widget=AdminPageChooser(target_models=[Page]),
    )


FeedFormSet: type[BaseFormSet] = formset_factory(FeedForm, extra=3, can_delete=True)
