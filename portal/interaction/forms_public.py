"""The forms that visitors fill in: a letter, number and code, a rating, one more question."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import ErrorKind, LetterKind
from .selectors.kinds import ENTRIES
from .surroundings import own_path

LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_NAME, LONGEST_PHONE = 100, 4_000, 60, 40
SHORTEST_TEXT = 5
_LINES = re.compile(r"\n{4,}")
# Bidirectional overrides would let a reader see another text than the one that was sent.
_UNSEEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b")


def written(text: str) -> str:
    """As it was typed, without what cannot be seen: control characters, direction overrides."""
    kept = "".join(
        sign
        for sign in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        if sign in "\n\t"
        or (sign not in _UNSEEN and unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn"))
    )
    return _LINES.sub("\n\n\n", kept).strip()


class _Text(forms.CharField):
    """Characters are counted as a browser's counter counts them: a line end is one."""

    def to_python(self, value: Any) -> str:
        return written(super().to_python(value) or "")


class WriteForm(forms.Form):
    """A letter. ``homepage`` is for programs that fill in everything: people do not see it."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("letter", "What do you want to do?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what you want to do.")},
    )
    error_kind = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[("", _("Please choose")), *ErrorKind.choices],
        required=False,
    )
    page = forms.CharField(
        label=_("On which page?"),
        required=False,
        max_length=500,
        help_text=_("Its address, as it stands in the browser."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    marked = _Text(
        label=_("The words that are wrong"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    subject = _Text(
        label=_("Subject"),
        max_length=LONGEST_SUBJECT,
        help_text=_("In a few words: what it is about."),
        error_messages={"required": _("Please say in a few words what it is about.")},
    )
    text = _Text(
        label=_("Your letter"),
        max_length=LONGEST_TEXT,
        min_length=SHORTEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "What happened, where and when, and what you ask for. At most 4,000 characters. Please "
            "write no identity or bank card numbers: nobody needs them here."
        ),
        error_messages={"required": _("Please write your letter.")},
    )
    name = _Text(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("So that we know how to address you. It is never published."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Telephone (optional)"),
        max_length=LONGEST_PHONE,
        required=False,
        help_text=_("Only to ask you where something is unclear."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "dir": "ltr"}),
    )
    email = forms.EmailField(
        label=_("E-mail (optional)"),
        required=False,
        help_text=_("You are told of the answer by mail: number and link, nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    may_publish = forms.BooleanField(
        label=_("The answer may be published, without anything that tells who I am"),
        required=False,
        initial=True,
    )
    homepage = forms.CharField(label=_("Leave this empty"), required=False)

    def __init__(
        self, data: Any = None, *, kinds: Sequence[LetterKind], is_abroad: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [(value.value, ENTRIES[value][0]) for value in kinds]
        if is_abroad:  # nobody rings up in a language that he may not speak
            del self.fields["phone"]
        for name in self.fields:
            self._describe(name)

    def _describe(self, name: str) -> None:
        """Hints and errors are read out with their field."""
        field = self.fields[name]
        described = [f"{self[name].auto_id}_helptext"] if field.help_text else []
        if self.is_bound and name in self.errors:
            described.insert(0, f"{self[name].auto_id}_error")
            field.widget.attrs["aria-invalid"] = "true"
        if described and name != "kind":
            field.widget.attrs["aria-describedby"] = " ".join(described)

    def clean_page(self) -> str:
        typed: str = self.cleaned_data["page"]
        if not typed:
            return ""
        path = own_path(typed)
        if not path:
            raise forms.ValidationError(_("This is not the address of a page of this website."))
        return path

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"].strip()
        if typed and not re.fullmatch(r"[+\d(（][\d\s()（）\-－转ext.]{4,39}", typed):
            raise forms.ValidationError(_("This does not look like a telephone number."))
        return typed

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError(
                _("This field has to stay empty: programs fill it in, people do not see it.")
            )
        return ""

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        is_error = told.get("kind") == LetterKind.ERROR
        if is_error:
            if not told.get("error_kind") and "error_kind" not in self.errors:
                self.add_error("error_kind", _("Please choose what is wrong."))
        elif not told.get("name") and "name" not in self.errors and "kind" in told:
            self.add_error("name", _("Please give your name."))
        return told


class LookUpForm(forms.Form):
    """Number and code, as they stand on the receipt; spaces and small letters do not matter."""

    number = forms.CharField(
        label=_("Number of the letter"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Query code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_number(self) -> str:
        return "".join(self.cleaned_data["number"].split()).upper()

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


SCORES = (
    (5, pgettext_lazy("rating", "Very content")),
    (4, pgettext_lazy("rating", "Content")),
    (3, pgettext_lazy("rating", "So-so")),
    (2, pgettext_lazy("rating", "Discontent")),
    (1, pgettext_lazy("rating", "Very discontent")),
)


class RatingForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("How content are you with the answer?"),
        choices=SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how content you are.")},
    )
    solved = forms.ChoiceField(
        label=_("Is the matter settled?"),
        choices=(
            ("", pgettext_lazy("settled", "I do not say")),
            ("yes", pgettext_lazy("settled", "Yes")),
            ("no", pgettext_lazy("settled", "No")),
        ),
        required=False,
    )
    words = _Text(
        label=_("In your words (optional)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "prefix": "rate", **kwargs})

    @property
    def is_solved(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["solved"])


class FollowUpForm(forms.Form):
    text = _Text(
        label=_("Your question"),
        max_length=1_000,
        min_length=SHORTEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Please write your question.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "prefix": "ask", **kwargs})
