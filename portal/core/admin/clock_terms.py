"""期限设置: how long there is for each kind of deadline at a site, who is reminded and when."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from portal.core import roles, structure
from portal.core.clocks import terms
from portal.core.clocks.kinds import MOST_STEPS, REMINDER_UNITS, Escalation, Terms
from portal.core.clocks.services import set_terms
from portal.core.clocks.wording import limit_text
from portal.core.clocks.worktime import LARGEST_AMOUNT, Limit, Unit
from portal.core.models import SiteRecord
from portal.core.models.clocks import LimitUnit
from portal.core.roles import Action

# What was missed is called in by days and hours, not by months.
_STEP_UNITS = [(unit.value, LimitUnit(unit.value).label) for unit in REMINDER_UNITS]


def may_set(user: Any, site_pk: int) -> bool:
    """Who may change what holds at a site."""
    return roles.may(user, Action.SITE_SETTINGS, site_pk)


def described(held: Terms) -> dict[str, Any]:
    """Terms in words, for lists."""
    return {
        "limit": limit_text(held.limit),
        "extension": limit_text(held.extension) if held.extension else "",
        "reminders": [limit_text(limit) for limit in held.reminders],
        "escalations": [
            (
                limit_text(step.after) if step.after.amount else gettext("at once"),
                roles.ROLES[step.role].label,
            )
            for step in held.escalations
        ],
    }


class _OfOneSite(WagtailAdminTemplateMixin):
    """Pages about one of the own sites."""

    header_icon = "time"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.record = get_object_or_404(SiteRecord, pk=kwargs["site_pk"])
        if not may_set(request.user, self.record.pk):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_page_subtitle(self) -> str:
        return self.record.short_name


class ClockTermsListView(_OfOneSite, TemplateView):
    """All kinds of a site with what holds for them."""

    template_name = "portal/admin/clock_terms.html"
    page_title = _("Limits of deadlines")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        own = terms.all_terms_at(self.record.pk)
        context["rows"] = [
            {
                "kind": entry.item,
                "is_own": entry.key in own,
                "url": reverse("portal_clock_terms_edit", args=[self.record.pk, entry.key]),
                **described(own.get(entry.key, entry.item.terms)),
            }
            for entry in terms.kinds_at(self.record.pk)
        ]
        allowed = roles.sites_allowing(self.request.user, Action.SITE_SETTINGS)
        context["others"] = [
            record
            for record in structure.current().records.values()
            if record.pk != self.record.pk and (allowed is None or record.pk in allowed)
        ]
        return context


class ClockTermsForm(forms.Form):
    """One kind's terms. Rows of steps that are left empty are none."""

    amount = forms.IntegerField(label=_("Limit"), min_value=1, max_value=LARGEST_AMOUNT)
    unit = forms.ChoiceField(label=_("counted in"), choices=LimitUnit.choices)
    extension_amount = forms.IntegerField(
        label=_("Extension, at most"),
        min_value=1,
        max_value=LARGEST_AMOUNT,
        required=False,
        help_text=_("Once, with a reason and a notice. Empty: it cannot be extended."),
    )
    extension_unit = forms.ChoiceField(
        label=_("counted in"), choices=LimitUnit.choices, required=False
    )

    def __init__(self, *args: Any, held: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = _initial(held)
        site_roles = [("", "—"), *((role.key, role.label) for role in roles.SITE_ROLES)]
        for number in range(1, MOST_STEPS + 1):
            self.fields[f"reminder_{number}"] = _amount(_("Before the end"), least=1)
            self.fields[f"reminder_{number}_unit"] = _unit()
        for number in range(1, MOST_STEPS + 1):
            self.fields[f"escalation_{number}"] = _amount(_("After the end"), least=0)
            self.fields[f"escalation_{number}_unit"] = _unit()
            self.fields[f"escalation_{number}_role"] = forms.ChoiceField(
                label=_("shown to"), choices=site_roles, required=False
            )

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields in lines, each with what it is about."""
        lines: list[tuple[Any, list[str]]] = [
            (_("Limit"), ["amount", "unit"]),
            (_("Extension"), ["extension_amount", "extension_unit"]),
        ]
        steps = range(1, MOST_STEPS + 1)
        lines += [(_("Reminder"), [f"reminder_{n}", f"reminder_{n}_unit"]) for n in steps]
        lines += [
            (_("Escalation"), [f"escalation_{n}{part}" for part in ("", "_unit", "_role")])
            for n in steps
        ]
        return [(heading, [self[name] for name in names]) for heading, names in lines]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("extension_amount") and not data.get("extension_unit"):
            self.add_error("extension_unit", _("Say what it is counted in."))
        for number in range(1, MOST_STEPS + 1):
            name = f"escalation_{number}"
            if data.get(name) is not None and not data.get(f"{name}_role"):
                self.add_error(f"{name}_role", _("Say to whom it is shown."))
            if data.get(f"{name}_role") and data.get(name) is None:
                self.add_error(name, _("Say how long after the end; 0 is at once."))
        if not self.errors:
            for name, steps in (("reminder_1", self._reminders()), ("escalation_1", self._ups())):
                if len(set(steps)) != len(steps):
                    self.add_error(name, _("Two of them are the same."))
        return data

    def terms(self) -> Terms:
        """What was filled in; call it when the form is valid."""
        data = self.cleaned_data
        extension = None
        if data["extension_amount"]:
            extension = Limit(data["extension_amount"], Unit(data["extension_unit"]))
        return Terms(
            limit=Limit(data["amount"], Unit(data["unit"])),
            extension=extension,
            reminders=tuple(self._reminders()),
            escalations=tuple(self._ups()),
        )

    def _reminders(self) -> list[Limit]:
        return [
            limit
            for number in range(1, MOST_STEPS + 1)
            if (limit := self._step("reminder", number))
        ]

    def _ups(self) -> list[Escalation]:
        found = []
        for number in range(1, MOST_STEPS + 1):
            limit = self._step("escalation", number)
            if limit is not None:
                found.append(Escalation(limit, self.cleaned_data[f"escalation_{number}_role"]))
        return found

    def _step(self, name: str, number: int) -> Limit | None:
        amount = self.cleaned_data.get(f"{name}_{number}")
        if amount is None:
            return None
        unit = self.cleaned_data.get(f"{name}_{number}_unit") or Unit.WORKING_DAYS
        return Limit(amount, Unit(unit))


def _amount(label: Any, *, least: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=LARGEST_AMOUNT, required=False
    )


def _unit() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("counted in"), choices=_STEP_UNITS, required=False)


def _initial(held: Terms) -> dict[str, Any]:
    found: dict[str, Any] = {"amount": held.limit.amount, "unit": held.limit.unit.value}
    if held.extension is not None:
        found["extension_amount"] = held.extension.amount
        found["extension_unit"] = held.extension.unit.value
    for number, limit in enumerate(held.reminders, start=1):
        found[f"reminder_{number}"] = limit.amount
        found[f"reminder_{number}_unit"] = limit.unit.value
    for number, step in enumerate(held.escalations, start=1):
        found[f"escalation_{number}"] = step.after.amount
        found[f"escalation_{number}_unit"] = step.after.unit.value
        found[f"escalation_{number}_role"] = step.role
    return found


class ClockTermsView(_OfOneSite, FormView):
    """What holds for one kind at one site."""

    template_name = "portal/admin/clock_terms_form.html"
    form_class = ClockTermsForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        entry = terms.kind_of(kwargs["kind"], kwargs["site_pk"])
        if entry is None:
            raise Http404
        self.entry = entry
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.entry.item.label)

    def get_form_kwargs(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_form_kwargs()
        found.pop("initial", None)
        return found | {"held": terms.terms_at(self.entry, self.record.pk)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["kind"] = self.entry.item
        context["default"] = described(self.entry.item.terms)
        context["back_url"] = self._list_url()
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "reset" in request.POST:
            return self._store(self.entry.item.terms)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: ClockTermsForm) -> HttpResponse:
        return self._store(form.terms())

    def _store(self, held: Terms) -> HttpResponse:
        with transaction.atomic():
            set_terms(site=self.record, kind=self.entry.key, held=held, default=self.entry.item)
            log(
                instance=self.record,
                action="wagtail.edit",
                user=self.request.user,
                data={"deadline": self.entry.key, "terms": terms.row_values(held)},
            )
        messages.success(
            self.request,
            gettext("Stored. Deadlines that run already keep the limit that was promised."),
        )
        return HttpResponseRedirect(self._list_url())

    def _list_url(self) -> str:
        return reverse("portal_clock_terms", args=[self.record.pk])
