"""Forms of the knowledge base in the admin."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Page

from assistant.portal_plugin.clause_lookup import is_document
from assistant.portal_plugin.models import Audience, QuestionPage, SourceKind, Topic
from portal.plugin_api import BasePageForm, pages_to_add_below

ZH_HANT = ("zh-hant", "繁體中文")


def language_choices(*more: str) -> list[tuple[str, str]]:
    """The languages of the portal, and whatever else entries are written in."""
    known = [*settings.LANGUAGES, ZH_HANT]
    return known + [(code, code) for code in more if code and code not in dict(known)]


def language_name(code: str) -> str:
    return dict(language_choices()).get(code, code)


class QuestionPageForm(BasePageForm):
    """The question is the title; what a translation was made from is confirmed by its editor."""

    confirm_source = forms.BooleanField(
        required=False,
        label=gettext_lazy("The translation says what its source says now"),
        help_text=gettext_lazy("Tick this once you have compared the two."),
    )
    # The fingerprint of the moves that were seen: other moves are to be seen again.
    moves_seen = forms.CharField(
        required=False,
        max_length=40,
        label=gettext_lazy("I have seen which answers move, and want it so"),
    )
    moves_preview: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            language = self.fields["language"]
            self.fields["language"] = forms.ChoiceField(
                label=language.label, choices=language_choices(self.instance.language)
            )
        for name in ("topic", "owner_unit"):
            if name in self.fields:
                field: Any = self.fields[name]
                # Read once: Django reads for each rendering, and ``list`` has them counted before.
                field.choices = [choice for choice in field.choices]  # noqa: C416

    def clean(self) -> dict[str, Any]:
        self._derive_title()
        cleaned: dict[str, Any] = super().clean()
        begin, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begin and end and end <= begin:
            self.add_error("valid_until", _("This lies before the beginning."))
        successor = cleaned.get("superseded_by")
        if successor is not None and self.instance.pk:
            if successor.pk == self.instance.pk:
                self.add_error("superseded_by", _("An entry does not replace itself."))
            elif successor.superseded_by_id == self.instance.pk:
                self.add_error("superseded_by", _("That entry is replaced by this one."))
        self._clean_sources()
        return cleaned

    def _post_clean(self) -> None:
        """Before it becomes public, its editor sees which golden questions move by it."""
        super()._post_clean()
        asked = "action-publish" in self.data or "action-submit" in self.data
        if not asked or self.errors or "moves_seen" not in self.fields:
            return
        from assistant.portal_plugin.services.golden_moves import on_publishing

        self.moves_preview = on_publishing([self.instance], self.parent_page)
        wanted = self.moves_preview.fingerprint
        if wanted and self.cleaned_data.get("moves_seen") != wanted:
            count = len(self.moves_preview.moves)
            self.add_error(
                "moves_seen",
                ngettext(
                    "This moves %(count)d answer. Look at it, tick the box and submit again.",
                    "This moves %(count)d answers. Look at them, tick the box and submit again.",
                    count,
                )
                % {"count": count},
            )

    def _derive_title(self) -> None:
        """Before the base form looks for one, to make the address of it."""
        draft = QuestionPage(
            question=self.cleaned_data.get("question") or "",
            answer=self.cleaned_data.get("answer") or "",
        )
        title = draft.derived_title()
        if title:
            self.cleaned_data["title"] = self.instance.title = title
        elif "question" in self.fields and "question" not in self.errors:
            self.add_error("question", _("Write the question, or at least the answer."))

    def _clean_sources(self) -> None:
        lines = self.formsets.get("sources")
        if lines is None:
            return
        lines.is_valid()  # otherwise read only after the page's own fields
        seen: set[int] = set()
        for line in lines.forms:
            data = getattr(line, "cleaned_data", {})
            target = data.get("target")
            if not data or data.get("DELETE"):
                continue
            if target is None and not data.get("url"):
                line.add_error("target", _("Choose a page or document, or give an address."))
            elif target is not None and target.pk in seen:
                line.add_error("target", _("This one is above already."))
            elif target is not None and target.pk == self.instance.pk:
                line.add_error("target", _("An entry is no source of itself."))
            if target is not None:
                seen.add(target.pk)
            line.instance.kind = _kind_of(target)

    def save(self, commit: bool = True) -> Any:
        original = self.instance.translation_of
        if original is not None and self.cleaned_data.get("confirm_source"):
            self.instance.source_state = original.text_state
        return super().save(commit)


def _kind_of(target: Page | None) -> SourceKind:
    if target is None:
        return SourceKind.ADDRESS
    return SourceKind.POLICY if is_document(target) else SourceKind.PAGE


class TopicNamesField(forms.CharField):
    """Names by language, one a line: ``en: Housing``."""

    widget = forms.Textarea(attrs={"rows": 5})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("One a line: the language, a colon, the name."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{code}: {name}" for code, name in value.items())
        return value

    def to_python(self, value: Any) -> Any:
        known = dict(language_choices())
        found = {}
        for line in (super().to_python(value) or "").splitlines():
            if not line.strip():
                continue
            code, colon, name = line.replace("：", ":").partition(":")
            if not colon or not name.strip() or code.strip() not in known:
                raise forms.ValidationError(
                    _("“%(line)s” is not of the form “en: Housing”.") % {"line": line[:40]}
                )
            found[code.strip()] = name.strip()[:60]
        return found

    def run_validators(self, value: Any) -> None:
        """Those of a text, which names by language are not."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


class ColumnChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_parent().title} › {obj.title}" if obj.depth > 2 else str(obj.title)


def columns_for(user: Any) -> Any:
    """The columns below which an account may write entries."""
    parents = Page.objects.type(*QuestionPage.clean_parent_page_models())
    return (pages_to_add_below(user) & parents).order_by("path")


class TranslationForm(forms.Form):
    """Into which language, and where the draft is to stand."""

    language = forms.ChoiceField(label=gettext_lazy("language"))
    column = ColumnChoice(label=gettext_lazy("column"), queryset=Page.objects.none())

    def __init__(self, *args: Any, user: Any, languages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            pair for pair in language_choices() if pair[0] in languages
        ]
        self.fields["column"].queryset = columns_for(user)  # type: ignore[attr-defined]


class BulkChangeForm(forms.Form):
    """What to change in all chosen entries; what is left empty stays as it is in each."""

    topic = forms.ModelChoiceField(
        queryset=Topic.objects.all(), required=False, label=gettext_lazy("topic")
    )
    owner_unit: Any = forms.ModelChoiceField(
        queryset=None, required=False, label=gettext_lazy("answered by")
    )
    audience = forms.MultipleChoiceField(
        choices=Audience.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("for whom"),
    )
    valid_from = forms.DateTimeField(
        required=False, widget=AdminDateTimeInput, label=gettext_lazy("in force from")
    )
    valid_until = forms.DateTimeField(
        required=False, widget=AdminDateTimeInput, label=gettext_lazy("in force until")
    )
    open_end = forms.BooleanField(
        required=False, label=gettext_lazy("Take away the end: in force until further notice")
    )
    publish = forms.BooleanField(
        required=False,
        label=gettext_lazy("Submit for review at once"),
        help_text=gettext_lazy(
            "Where nothing speaks against it. Drafts that were begun stay drafts."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = QuestionPage._meta.get_field("owner_unit").related_model
        self.fields["owner_unit"].queryset = units._default_manager.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        begin, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if begin and end and end <= begin:
            self.add_error("valid_until", _("This lies before the beginning."))
        if end and cleaned.get("open_end"):
            self.add_error("open_end", _("Choose one: an end, or none."))
        if not self.errors and not self.changes():
            raise forms.ValidationError(_("Say what is to change."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """The fields to set, by name, as an entry stores them."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            name: data[name]
            for name in ("topic", "owner_unit", "valid_from", "valid_until")
            if data.get(name)
        }
        if data.get("audience"):
            found["audience"] = ",".join(data["audience"])
        if data.get("open_end"):
            found["valid_until"] = None
        return found
