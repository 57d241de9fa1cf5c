"""The screen on which editors say that a document is no longer in force, or take that back."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput, AdminPageChooser

from portal.plugin_api import ConsequenceSource, consequences, site_of_path
from portal.policy_interpretation.clauses import with_all_below
from portal.policy_interpretation.models import (
    CascadeCase,
    EffectKind,
    PolicyEffect,
    PolicyPage,
    PolicyRelation,
    RelationKind,
)
from portal.policy_interpretation.selectors.cascade import may_end
from portal.policy_interpretation.services import effects

_SHOWN = 40  # characters of a clause's text


class EndingForm(forms.Form):
    """What ended, from when, and what that rests on."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (EffectKind.REPEALED, _("It was repealed.")),
            (EffectKind.REPLACED, _("It was replaced by a new document.")),
            (EffectKind.EXPIRED, _("It expired early.")),
            (EffectKind.PARTLY, _("Some clauses are no longer in force.")),
        ],
        widget=forms.RadioSelect,
    )
    since = forms.DateField(
        label=_("First day"),
        widget=AdminDateInput,
        initial=timezone.localdate,
        help_text=_("The first day in the new state. It may lie in the future."),
    )
    by = forms.ModelChoiceField(
        label=_("Document that says so"),
        queryset=PolicyPage.objects.filter(alias_of=None),
        required=False,
        widget=AdminPageChooser(target_models=[PolicyPage]),
        help_text=_("If the library has it. Readers are led there."),
    )
    basis = forms.CharField(
        label=_("or its title and number"),
        required=False,
        max_length=300,
        help_text=_("Where the library does not have it; or another basis, in words."),
    )
    chosen = forms.MultipleChoiceField(
        label=_("Clauses that end"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for “some clauses”. What lies below a chosen clause ends with it."),
    )
    along = forms.ModelMultipleChoiceField(
        label=_("These fall with it"),
        queryset=PolicyPage.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Documents that it forwarded or that came with it. Choose, none is implied."),
    )

    def __init__(self, *args: Any, policy: PolicyPage, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        clauses = [
            (clause.id, f"{clause.number} {clause.text[:_SHOWN]}".strip())
            for clause in policy.clauses()
        ]
        _field(self, "chosen", forms.MultipleChoiceField).choices = clauses
        fallible = [page.pk for page in carried(policy) if may_end(user, page)]
        _field(self, "along", forms.ModelMultipleChoiceField).queryset = PolicyPage.objects.filter(
            pk__in=fallible
        )
        if not clauses:
            del self.fields["chosen"]
        if not fallible:
            del self.fields["along"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("by") == self.policy:
            self.add_error("by", _("A document does not end itself."))
        elif not cleaned.get("by") and not (cleaned.get("basis") or "").strip():
            self.add_error("by", _("Choose the document that says so, or write what it rests on."))
        if cleaned.get("kind") == EffectKind.PARTLY:
            if not cleaned.get("chosen"):
                field = "chosen" if "chosen" in self.fields else None
                self.add_error(field, _("Choose the clauses that end."))
            if cleaned.get("along"):
                self.add_error("along", _("Others fall only with the whole document."))
        return cleaned


def _field[F: forms.Field](form: forms.Form, name: str, kind: type[F]) -> F:
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(name)
    return field


def consequences_of(policy: PolicyPage, values: Mapping[str, Any]) -> list[str]:
    """What plugins say would change when it ends as the form has it."""
    is_partly = values["kind"] == EffectKind.PARTLY
    chosen = values.get("chosen") or () if is_partly else ()
    pages = [policy, *(values.get("along") or ())]
    ids = with_all_below(policy.clauses(), chosen)
    work = partial(_told_by, pages=pages, ids=ids)
    found: list[str] = []
    for entry in consequences.entries(site_of_path(policy.path)):
        found += entry.run(work, [])
    return found


def _told_by(
    source: ConsequenceSource, /, *, pages: Sequence[PolicyPage], ids: Sequence[str]
) -> list[str]:
    return [str(line) for line in source.consequences(pages=pages, clauses=ids)]


def digest_of(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def carried(policy: PolicyPage) -> Iterator[PolicyPage]:
    """What a document forwarded, and what is attached to it, as far as the library has it."""
    forwarded = PolicyRelation.objects.filter(
        page=policy, kind=RelationKind.FORWARDS, target__isnull=False
    ).select_related("target")
    attached = PolicyRelation.objects.filter(
        target=policy, kind=RelationKind.ATTACHMENT_OF, page__alias_of=None
    ).select_related("page")
    found = [row.target for row in forwarded if row.target] + [row.page for row in attached]
    yield from {page.pk: page for page in found if page.pk != policy.pk}.values()


class EndingView(WagtailAdminTemplateMixin, FormView):
    template_name = "policy_interpretation/admin/ending.html"
    form_class = EndingForm
    page_title = _("No longer in force …")
    header_icon = "history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.policy = get_object_or_404(PolicyPage.objects.filter(alias_of=None), pk=kwargs["pk"])
        if not may_end(request.user, self.policy):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        title: str = self.policy.get_admin_display_title()
        return title

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"policy": self.policy, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = CascadeCase.objects.filter(policy=self.policy, closed=False).first()
        return super().get_context_data(**kwargs) | {
            "policy": self.policy,
            "validity": self.policy.validity(),
            "effects": self.policy.effects.select_related("by", "entered_by", "undone_by"),
            "case": case,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[self.policy.pk]),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "undo" in request.POST:
            return self._undo(request.POST["undo"])
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def _undo(self, number: str) -> HttpResponse:
        # Found by its document, whose publisher this is: effects on others cannot be named.
        own = PolicyEffect.objects.filter(policy=self.policy)
        effect = get_object_or_404(own, pk=int(number) if number.isdecimal() else 0)
        reason = self.request.POST.get(f"reason-{effect.pk}", "")
        try:
            effects.undo_effect(effect=effect, reason=reason, user=self.request.user)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
        else:
            messages.success(self.request, gettext("Taken back. The reason is kept."))
        return HttpResponseRedirect(reverse("policy_ending", args=[self.policy.pk]))

    def form_valid(self, form: EndingForm) -> HttpResponse:
        values = form.cleaned_data
        found = consequences_of(self.policy, values)
        if found and self.request.POST.get("seen") != digest_of(found):
            # Said before it is recorded: the same button confirms what was seen, and nothing else.
            context = self.get_context_data(form=form, consequences=found, seen=digest_of(found))
            return self.render_to_response(context)
        effects.end_document(
            policy=self.policy,
            kind=EffectKind(values["kind"]),
            since=values["since"],
            by=values["by"],
            basis=values["basis"],
            chosen=values.get("chosen") or (),
            along=list(values.get("along") or ()),
            user=self.request.user,
        )
        messages.success(self.request, gettext("Recorded. See below what rests on the document."))
        case = CascadeCase.objects.filter(policy=self.policy, closed=False).first()
        name, pk = ("policy_case", case.pk) if case else ("policy_ending", self.policy.pk)
        return HttpResponseRedirect(reverse(name, args=[pk]))
