"""One document brought in: the file's own text beside what was read, to be corrected."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from portal.policy_interpretation.clauses import LEVELS, parents_of
from portal.policy_interpretation.importing import corrections
from portal.policy_interpretation.importing.corrections import Row
from portal.policy_interpretation.models import ImportItem, PolicyPage, PolicyTheme, RelationKind
from portal.policy_interpretation.models.documents import days_out_of_order
from portal.policy_interpretation.numbers import number_key
from portal.policy_interpretation.selectors.imports import left_out, next_to_check, source_lines

from .imports import batch_for

# Longer ones are corrected in the editor: each clause is four fields of one request.
MOST_CLAUSES = 2000
_FIELDS = (
    "title", "document_number", "issued_on", "effective_on", "valid_through", "genre", "level",
    "theme", "addressee",
)  # fmt: skip


class ReadForm(forms.ModelForm[PolicyPage]):
    """The fields that a file gives. ``bodies``: one issuing body a line."""

    bodies = forms.CharField(
        label=_("Issuing bodies"),
        required=False,
        help_text=_("One a line, the lead body first."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = PolicyPage
        fields = _FIELDS
        widgets = {
            "issued_on": AdminDateInput,
            "effective_on": AdminDateInput,
            "valid_through": AdminDateInput,
            "addressee": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bodies"].initial = "\n".join(self.instance.body_names())
        theme = self.fields["theme"]
        assert isinstance(theme, forms.ModelChoiceField)
        theme.queryset = PolicyTheme.objects.select_related("parent")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, sentence in days_out_of_order(cleaned):
            self.add_error(name, sentence)
        return cleaned


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with what the file says, where the draft says something else."""

    field: forms.BoundField
    file_says: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A clause, table or picture of the draft; ``depth`` is how far in it stands, from 0."""

    row: Row
    kind: str
    depth: int
    findings: tuple[dict[str, Any], ...]

    @property
    def lines(self) -> int:
        """How high its field has to be where the browser does not fit it to the text."""
        return min(len(self.row.text) // 32 + self.row.text.count("\n") + 1, 14)


@dataclass(frozen=True, slots=True)
class ShownRelation:
    kind: str
    title: str
    number: str
    edit_url: str
    evidence: str
    is_kept: bool


class ItemView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "policy_interpretation/admin/import_item.html"
    page_title = _("Check what was read")
    header_icon = "list-ol"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        items = ImportItem.objects.select_related("batch__column", "batch__site", "page")
        self.item = get_object_or_404(items, pk=kwargs["pk"])
        batch_for(request, self.item.batch_id)
        self.page = self.item.page
        self.draft: PolicyPage | None = None
        self.may_edit = False
        if self.page is not None:
            rights = self.page.permissions_for_user(request.user)
            if not rights.can_edit() and not self.page.live:
                raise PermissionDenied
            self.may_edit = rights.can_edit() and not rights.page_locked()
            self.draft = self.page.get_latest_revision_as_object()
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.item.name

    # --- showing ---------------------------------------------------------------------------------
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.item
        context: dict[str, Any] = super().get_context_data(**kwargs) | {
            "item": item,
            "page": self.page,
            "may_edit": self.may_edit,
            "lines": source_lines(item),
            "left_out": left_out(item),
            "remarks": self._remarks(),
            "next": next_to_check(item),
        }
        if self.draft is None:
            return context
        form = kwargs.get("form") or ReadForm(instance=self.draft)
        rows = kwargs.get("rows") or rows_of(self.draft)
        return context | {
            "form": form,
            "fields": [ShownField(field, self._file_says(field)) for field in form],
            "rows": self._shown(rows),
            "levels": LEVELS,
            "kinds": RelationKind.choices,
            "too_long": len(rows) > MOST_CLAUSES,
            "relations": self._relations(kwargs.get("kept")),
            "revision": self.draft.latest_revision_id or "",
            "compare_url": self._compare_url(),
        }

    def _file_says(self, field: forms.BoundField) -> str:
        """What the file says where the draft differs, "" elsewhere; as the field would show it."""
        taken = self.item.taken_over
        if field.name == "bodies":
            value = "\n".join(taken.get("bodies", []))
        else:
            value = taken.get("fields", {}).get(field.name)
        if value in (None, "") or str(value) == str(_plain(field.initial)):
            return ""
        choices = dict(getattr(field.field, "choices", ()) or ())
        return str(choices.get(value, value))

    def _shown(self, rows: list[tuple[str, Row]]) -> list[ShownRow]:
        findings: dict[str, list[dict[str, Any]]] = {}
        for remark in self._remarks():
            findings.setdefault(remark["clause_id"], []).append(remark)
        depths = _depths(rows)
        return [
            ShownRow(row, kind, depth, tuple(findings.get(row.id, ())) if row.id else ())
            for (kind, row), depth in zip(rows, depths, strict=True)
        ]

    def _remarks(self) -> list[dict[str, Any]]:
        """The findings, each with the id of the clause that it is about, or ""."""
        ids = self.item.taken_over.get("clause_ids", [])
        found = []
        for finding in self.item.findings:
            place = finding.get("clause")
            known = place is not None and place < len(ids)
            found.append(finding | {"clause_id": ids[place] if known else ""})
        return found

    def _relations(self, kept: dict[int, str] | None) -> list[ShownRelation]:
        assert self.draft is not None
        evidence = {
            (row["kind"], number_key(row["target_number"]), row["target_title"]): row["evidence"]
            for row in self.item.taken_over.get("relations", [])
        }
        found = []
        for place, relation in enumerate(self.draft.relations.all()):
            target = relation.target
            key = (relation.kind, number_key(relation.target_number), relation.target_title)
            found.append(
                ShownRelation(
                    kind=relation.kind if kept is None else kept.get(place, relation.kind),
                    title=relation.target_title or (target.title if target else ""),
                    number=relation.target_number or (target.document_number if target else ""),
                    edit_url=reverse("wagtailadmin_pages:edit", args=[target.pk]) if target else "",
                    evidence=evidence.get(key, ""),
                    is_kept=kept is None or place in kept,
                )
            )
        return found

    def _compare_url(self) -> str:
        """Old and new side by side, where the file was a new text of a document."""
        before = self.item.taken_over.get("revision_before")
        if self.page is None or not before or not self.page.revisions.filter(pk=before).exists():
            return ""
        names = [self.page.pk, str(before), "latest"]
        return reverse("wagtailadmin_pages:revisions_compare", args=names)

    # --- correcting ------------------------------------------------------------------------------
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.draft is None or not self.may_edit:
            raise PermissionDenied
        before = list(self.draft.body.raw_data)
        seen = str(self.draft.latest_revision_id or "")
        # What the form shows for comparison is the draft as it was, so a copy takes the values.
        form = ReadForm(request.POST, instance=self.draft)
        as_before = len(before) > MOST_CLAUSES
        rows = rows_of(self.draft) if as_before else _posted_rows(request, before)
        kept = _posted_relations(request)
        problems: list[str] = []
        if request.POST.get("end") != "1":
            problems.append(gettext("The form did not arrive whole. Nothing was changed."))
        elif request.POST.get("revision", "") != seen:
            problems.append(
                gettext(
                    "Somebody has changed the draft meanwhile. Below is what you entered: compare "
                    "it with the draft in the editor, then save again."
                )
            )
        blocks = before
        if not as_before:
            try:
                blocks = corrections.blocks_from((row for _kind, row in rows), before)
            except ValidationError as error:
                problems += error.messages
        if not form.is_valid() and not problems:
            problems.append(gettext("Please mend what is marked. Nothing was changed."))
        if problems:
            for problem in problems:
                messages.error(request, problem)
            context = self.get_context_data(form=form, rows=rows, kept=kept)
            return self.render_to_response(context, status=422)
        confirm = request.POST.get("do") == "confirm"
        corrections.correct(
            item=self.item,
            page=self.draft,
            bodies=form.cleaned_data["bodies"].splitlines(),
            blocks=blocks,
            relations=kept,
            confirm=confirm,
            user=request.user,
        )
        messages.success(
            request,
            gettext("Checked and saved as a draft.") if confirm else gettext("The draft is saved."),
        )
        follower = next_to_check(self.item) if confirm else self.item
        if follower is None:
            return HttpResponseRedirect(reverse("policy_import", args=[self.item.batch_id]))
        return HttpResponseRedirect(reverse("policy_import_item", args=[follower.pk]))


def _plain(value: Any) -> Any:
    """A form's initial value as the report writes it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def rows_of(draft: PolicyPage) -> list[tuple[str, Row]]:
    """The blocks of a draft as rows, each with its kind."""
    return [_row(block) for block in draft.body.raw_data]


def _row(block: Any) -> tuple[str, Row]:
    value = block["value"]
    if block["type"] == "clause":
        return "clause", Row(
            block["id"], value["level"], value.get("number") or "", value.get("text") or ""
        )
    caption = value.get("caption", "") if isinstance(value, dict) else ""
    return block["type"], Row(block["id"], "", "", caption)


def _posted_rows(request: HttpRequest, before: list[Any]) -> list[tuple[str, Row]]:
    known = {block["id"]: block for block in before}
    lists = [request.POST.getlist(f"clause-{name}") for name in ("id", "level", "number", "text")]
    rows = []
    for values in zip(*lists, strict=False):
        row = Row(*values)
        block = known.get(row.id)
        other = block is not None and block["type"] != "clause"
        rows.append(_row(block) if other else ("clause", row))
    return rows


def _posted_relations(request: HttpRequest) -> dict[int, str]:
    return {
        int(place): request.POST.get(f"relation-{place}", "")
        for place in request.POST.getlist("relation")
        if place.isascii() and place.isdecimal() and len(place) < 6
    }


def _depths(rows: list[tuple[str, Row]]) -> list[int]:
    """How deep each clause lies; what is no clause stands with the one before."""
    known = {level for level, _label in LEVELS}
    levels = [row.level if row.level in known else "paragraph" for _kind, row in rows]
    depths: list[int] = []
    for parent in parents_of(levels):
        depths.append(0 if parent is None else depths[parent] + 1)
    return depths
