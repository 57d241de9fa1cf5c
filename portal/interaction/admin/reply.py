"""The reply that is being written: one form with several buttons, so that nothing typed is lost.

Inserting a template, a basis or another letter's answer saves what stands in the form first. The
page's script sends the same form by itself from time to time.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from portal.interaction.guard import Finding, from_stored
from portal.interaction.masking import without_writer
from portal.interaction.models import Letter, LetterSender, Reply, ReplyTemplate
from portal.interaction.permissions import may_see_writer, visible_letters
from portal.interaction.selectors.desk import templates_for
from portal.interaction.selectors.guarding import findings
from portal.interaction.selectors.ledger import public_letters
from portal.interaction.services import flow
from portal.interaction.typed import row_key
from portal.interaction.uploads import ACCEPTED, LARGEST, FileRefused, check_file, too_large
from portal.plugin_api import ClauseIdsFormField, checked_clause_ids

_LONGEST = 8_000


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Reply"),
        required=False,
        max_length=_LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("Plain paragraphs. An empty line begins a new one."),
    )
    translation = forms.CharField(
        label=gettext_lazy("Reply in the writer's language"),
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    basis_page: Any = forms.ModelChoiceField(
        label=gettext_lazy("Document or page"),
        queryset=Page.objects.all(),
        required=False,
        widget=AdminPageChooser(),
    )
    basis_clauses = ClauseIdsFormField(
        document="basis_page", label=gettext_lazy("Clauses"), required=False
    )
    guard_reason = forms.CharField(
        label=gettext_lazy("Why it is right nevertheless"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed where the reply guard stops; the reviewer reads it."),
    )


class ReplyDesk:
    """``is_open``: the account may write it now."""

    def __init__(self, request: HttpRequest, letter: Letter, *, is_open: bool) -> None:
        self.request, self.letter, self.is_open = request, letter, is_open
        self.row: Reply | None = flow.open_reply(letter)
        row = self.row
        initial = {
            "text": row.text if row else "",
            "translation": row.translation if row else "",
            "guard_reason": row.guard_reason if row else "",
        }
        is_sent = request.method == "POST" and "do" in request.POST
        self.form = ReplyForm(request.POST if is_sent else None, initial=initial)
        self._findings: list[Finding] | None = None
        self._is_saved = False

    # --- shown ----------------------------------------------------------------------------------
    @property
    def text(self) -> str:
        if self.form.is_bound:
            return str(self.form.data.get("text", ""))
        return self.row.text if self.row else ""

    @property
    def version(self) -> str:
        """Of the draft that the form was made from; that of now once the form is kept."""
        if self.form.is_bound and not self._is_saved:
            return str(self.form.data.get("version", flow.version_of(self.row)))
        return flow.version_of(self.row)

    @property
    def findings(self) -> list[Finding]:
        """Of what is being written now; of a reply in review those it was handed in with."""
        if self._findings is None:
            if self.is_open:
                self._findings = findings(self.letter, self.text) if self.text.strip() else []
            else:
                self._findings = from_stored(self.row.guard) if self.row else []
        return self._findings

    def findings_as_json(self) -> list[dict[str, Any]]:
        return [
            {"message": one.message, "blocking": one.blocking, "span": one.span}
            for one in self.findings
        ]

    @property
    def basis(self) -> list[Any]:
        return list(self.row.basis.select_related("target")) if self.row else []

    @property
    def files(self) -> list[Any]:
        return list(self.row.files.all()) if self.row else []

    @property
    def templates(self) -> list[ReplyTemplate]:
        return templates_for(self.letter)

    accepted = ACCEPTED

    def released(self) -> list[Reply]:
        rows = self.letter.replies.filter(state="released").select_related("unit")
        return list(rows.prefetch_related("basis__target", "files").order_by("pk"))

    # --- done -----------------------------------------------------------------------------------
    def do(self, what: str) -> str:
        """What the pressed button says; the sentence that tells it.

        Raises:
            ValidationError: it cannot be; what was typed stands in the form.
        """
        if not self.form.is_valid():
            raise ValidationError(
                [str(error) for errors in self.form.errors.values() for error in errors]
            )
        name, _colon, value = what.partition(":")
        match name:
            case "save":
                self._save()
                return _("The draft is saved.")
            case "hand_in":
                self._save()
                reason = self.form.cleaned_data["guard_reason"]
                flow.hand_in(letter=self.letter, by=self.request.user, guard_reason=reason)
                return _("Handed in. The head of the unit looks at it now.")
            case "template":
                return self._insert_template()
            case "answer":
                return self._use_answer(value)
            case "rest":
                return self._add_rest(value)
            case "basis":
                return self._add_chosen()
            case "drop_basis":
                return self._drop(value)
            case "file":
                return self._add_files()
        raise ValidationError(_("Choose what is to be done."))

    def _save(
        self,
        *,
        text: str | None = None,
        basis: list[flow.Rests] | None = None,
        template: ReplyTemplate | None = None,
    ) -> None:
        told = self.form.cleaned_data
        self.row = flow.save_draft(
            letter=self.letter,
            by=self.request.user,
            text=told["text"] if text is None else text,
            translation=told["translation"],
            basis=basis,
            template=template,
            version=self.request.POST.get("version"),
        )
        self._is_saved = True

    def _rests(self) -> list[flow.Rests]:
        return [flow.Rests(row.target, row.clauses, row.label) for row in self.basis]

    def _insert_template(self) -> str:
        asked = self.request.POST.get("template", "")
        template = next((row for row in self.templates if str(row.pk) == asked), None)
        if template is None:
            raise ValidationError(_("Choose a template."))
        self._save(text=self._joined(template.text), template=template)
        return _("The template is inserted. Fill its gaps: {…}")

    def _joined(self, more: str) -> str:
        written = self.form.cleaned_data["text"].rstrip()
        return f"{written}\n\n{more}" if written else more

    def _use_answer(self, value: str) -> str:
        """Words and basis of another letter's reply, of a letter that the account may read."""
        rows = Reply.objects.filter(pk=row_key(value), state="released")
        readable = visible_letters(self.request.user).values("pk")
        public = public_letters(self.letter.site_id).values("pk")
        own = rows.filter(letter__in=readable).first()
        if own is not None and not may_see_writer(self.request.user, own.letter):
            own = None
        shown = rows.filter(letter__in=public, published_at__isnull=False)
        other = own or shown.first()
        if other is None:
            raise ValidationError(_("This answer is not there any more."))
        rests = self._rests()
        rests += [flow.Rests(row.target, row.clauses, row.label) for row in other.basis.all()]
        text = self._without_its_writer(other) if own else other.masked_text
        self._save(text=self._joined(text), basis=_once(rests))
        return _("The answer is inserted with its basis. Change what is different here.")

    def _without_its_writer(self, other: Reply) -> str:
        """The words go to somebody else: whom they greeted must not stand in them."""
        sender = LetterSender.objects.filter(letter=other.letter_id).first()
        if sender is None:
            return other.text
        return without_writer(
            other.text, [sender.name], (sender.phone, sender.email, sender.address)
        )

    def _add_rest(self, value: str) -> str:
        """``page|clause|label``, as the panel of policies has it."""
        page_pk, clause, label = [*value.split("|", 2), "", ""][:3]
        page = Page.objects.filter(pk=row_key(page_pk), live=True).first()
        if page is None:
            raise ValidationError(_("This page is not there any more."))
        return self._add(page, checked_clause_ids([clause] if clause else []), label)

    def _add_chosen(self) -> str:
        page = self.form.cleaned_data["basis_page"]
        if page is None:
            raise ValidationError(_("Choose a document or page."))
        return self._add(page, self.form.cleaned_data["basis_clauses"], page.title)

    def _add(self, page: Page, clauses: list[str], label: str) -> str:
        rest = flow.Rests(page, clauses, label[:255] or page.title)
        self._save(basis=_once([*self._rests(), rest]))
        return _("“%(title)s” is a basis of the reply now.") % {"title": rest.label}

    def _drop(self, value: str) -> str:
        rests = [
            flow.Rests(row.target, row.clauses, row.label)
            for row in self.basis
            if str(row.pk) != value
        ]
        self._save(basis=rests)
        return _("The basis is taken out.")

    def _add_files(self) -> str:
        files = self.request.FILES.getlist("files")
        if not files:
            raise ValidationError(_("Choose a file."))
        checked = []
        for file in files:
            if (file.size or 0) > LARGEST:
                raise ValidationError(too_large(file.name or ""))
            try:
                checked.append(check_file(file.read(), file.name or ""))
            except FileRefused as error:
                raise ValidationError(str(error)) from error
        self._save()
        for one in checked:
            flow.add_file(letter=self.letter, file=one, by=self.request.user)
        return ngettext("%(count)d file is added.", "%(count)d files are added.", len(checked)) % {
            "count": len(checked)
        }


def _once(rests: list[flow.Rests]) -> list[flow.Rests]:
    """Each page with the same clauses once."""
    found: dict[tuple[Any, ...], flow.Rests] = {}
    for rest in rests:
        found.setdefault((getattr(rest.page, "pk", rest.label), tuple(rest.clauses)), rest)
    return list(found.values())
