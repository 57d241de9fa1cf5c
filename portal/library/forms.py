"""Forms of the library's screens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from .house import house
from .models import ColumnDefaults, FiveOpen, LibraryRecord, Scheme, Sharing


def term_choices(scheme: str, *, empty: Any) -> list[tuple[str, str]]:
    terms = house().terms[scheme]
    if scheme == Scheme.GENRE:
        return [("", empty), *terms.items()]
    named = [
        (code, f"{code} {terms[code[:2]]}\\{name}" if len(code) > 2 else f"{code} {name}")
        for code, name in sorted(terms.items())
    ]
    return [("", empty), *named]


class RecordForm(forms.ModelForm):
    """What people may write. An empty field that was derived is derived again."""

    theme = forms.ChoiceField(label=_("Theme"), required=False)
    genre = forms.ChoiceField(label=_("Genre"), required=False)
    five_open = forms.MultipleChoiceField(
        label=_("Five kinds of openness"), choices=FiveOpen.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    class Meta:
        model = LibraryRecord
        fields = (
            "theme", "genre", "five_open", "summary", "keywords", "provider", "producer",
            "pub_kind", "source_name", "source_url", "made_on", "audience", "region", "doc_no",
            "sharing", "sharing_condition", "sharing_method", "openness", "update_period_days",
            "rights", "archive_state",
        )  # fmt: skip
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 3}),
            "made_on": forms.DateInput(attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty = _("from the item")
        for name in (Scheme.THEME, Scheme.GENRE):
            field: Any = self.fields[name]
            field.choices = term_choices(name, empty=empty)
        self.initial["five_open"] = self.instance.codes("five_open")

    def clean_five_open(self) -> str:
        return ",".join(self.cleaned_data["five_open"])

    def _post_clean(self) -> None:
        """Completeness is asked by the service, for the values as a whole."""

    def written(self) -> dict[str, Any]:
        """What was changed, as ``services.records.write`` takes it: None takes back."""
        values: dict[str, Any] = {}
        for name in self.changed_data:
            value = self.cleaned_data[name]
            if isinstance(value, str):
                value = value.replace("\r\n", "\n")  # as browsers send lines
                if value == self.initial.get(name):
                    continue
            key = "provider_id" if name == "provider" else name
            if name == "provider":
                value = value.pk if value is not None else None
            values[key] = None if value in ("", None) else value
        return values


class BatchForm(forms.Form):
    """One value or more for all chosen records; what is left empty stays as it is."""

    theme = forms.ChoiceField(label=_("Theme"), required=False)
    genre = forms.ChoiceField(label=_("Genre"), required=False)
    five_open = forms.ChoiceField(label=_("Five kinds of openness"), required=False)
    sharing = forms.ChoiceField(label=_("Sharing"), required=False)
    keywords = forms.CharField(label=_("Keywords"), max_length=200, required=False)
    region = forms.CharField(label=_("Region"), max_length=120, required=False)
    rights = forms.CharField(label=_("Rights"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        stays = _("stays as it is")
        for name in (Scheme.THEME, Scheme.GENRE):
            fields[name].choices = term_choices(name, empty=stays)
        fields["five_open"].choices = [("", stays), *FiveOpen.choices]
        fields["sharing"].choices = [("", stays), *Sharing.choices]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class PlaceForm(forms.Form):
    """Where a record is to be shown."""

    column = forms.TypedChoiceField(label=_("Column"), coerce=int)
    reason = forms.CharField(
        label=_("What it is needed for"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Asked where the provider shares on conditions."),
    )

    def __init__(self, *args: Any, columns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["column"]
        field.choices = ways_to(columns)


def ways_to(columns: Any) -> list[tuple[int, str]]:
    """Columns with the titles above them, without the root; two queries."""
    rows = list(columns.values_list("pk", "path", "title")[:500])
    steps = {path[:n] for _pk, path, _title in rows for n in range(8, len(path) + 1, 4)}
    titles = dict(Page.objects.filter(path__in=steps).values_list("path", "title"))
    return [
        (pk, " › ".join(titles[path[:n]] for n in range(8, len(path) + 1, 4) if path[:n] in titles))
        for pk, path, _title in rows
    ]


class DefaultsForm(forms.ModelForm):
    """What records of a column begin with."""

    theme = forms.ChoiceField(label=_("Theme"), required=False)
    genre = forms.ChoiceField(label=_("Genre"), required=False)
    five_open = forms.ChoiceField(label=_("Five kinds of openness"), required=False)
    sharing = forms.ChoiceField(label=_("Sharing"), required=False)

    class Meta:
        model = ColumnDefaults
        fields = ("theme", "genre", "five_open", "sharing")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        above = _("as the column above")
        for name in (Scheme.THEME, Scheme.GENRE):
            fields[name].choices = term_choices(name, empty=above)
        fields["five_open"].choices = [("", above), *FiveOpen.choices]
        fields["sharing"].choices = [("", above), *Sharing.choices]


class VersionForm(forms.Form):
    """A version of a table, as lines."""

    version = forms.RegexField(
        label=_("Version"), regex=r"^[0-9A-Za-z.\-]+$", max_length=20,
        help_text=_("Such as 2 or 2027.1; letters, digits, dots and dashes."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    terms = forms.CharField(
        label=_("Codes and names"),
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        help_text=_("One a line: code, space, name. Longer codes belong to the shorter ones."),
    )
    moves = forms.CharField(
        label=_("Codes that are replaced"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("One a line: old code -> new code. Records with the old code get the new one."),
    )
