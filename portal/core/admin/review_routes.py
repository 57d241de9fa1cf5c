"""Who reviews at a site: the steps of the site and of columns, stand-ins, approvers on duty."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.log_actions import log
from wagtail.models import Page

from portal.core import roles, structure
from portal.core.models import (
    DutyShift,
    ReviewDelegation,
    ReviewStep,
    SiteRecord,
    SiteRoleGroup,
    User,
)
from portal.core.reviews import routes
from portal.core.reviews.routes import Takers
from portal.core.roles import Action

_SEPARATORS = re.compile(r"[\s,，、;；]+")


def may_settle(user: Any, site_pk: int) -> bool:
    return roles.may(user, Action.REVIEW_ROUTES, site_pk)


def active_account(name: str) -> User:
    """The account of an exact name.

    Raises:
        ValidationError: there is no active account of this name.
    """
    user = User.objects.filter(username=name.strip(), is_active=True).first()
    if user is None:
        raise ValidationError(_("There is no active account of this name."))
    return user


class _PeriodForm(forms.ModelForm):
    """Accounts are typed by their exact names: a list of all would show those of other sites."""

    accounts: tuple[str, ...] = ()

    def __init__(self, *args: Any, record: SiteRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.site = record

    def _account(self, field: str) -> User:
        return active_account(self.cleaned_data[field])


def _moments() -> dict[str, forms.Widget]:
    return {"since": AdminDateTimeInput(), "until": AdminDateTimeInput()}


class DelegationForm(_PeriodForm):
    absent = forms.CharField(label=_("Who is away"), max_length=150)
    stand_in = forms.CharField(label=_("Who signs instead"), max_length=150)

    class Meta:
        model = ReviewDelegation
        fields = ["absent", "stand_in", "since", "until", "reason"]
        widgets = _moments()

    def clean_absent(self) -> User:
        return self._account("absent")

    def clean_stand_in(self) -> User:
        return self._account("stand_in")


class ShiftForm(_PeriodForm):
    account = forms.CharField(label=_("Account"), max_length=150)

    class Meta:
        model = DutyShift
        fields = ["account", "since", "until"]
        widgets = _moments()

    def clean_account(self) -> User:
        return self._account("account")


class _OfSite(WagtailAdminTemplateMixin):
    header_icon = "tasks"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.record = get_object_or_404(SiteRecord, pk=kwargs["site_pk"])
        if not may_settle(request.user, self.record.pk):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.record.short_name


class RoutesView(_OfSite, TemplateView):
    template_name = "portal/admin/review_routes.html"
    page_title = _("Who reviews")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        found = routes.routes_of(self.record)
        own = {route.page.pk for route in found}
        now = timezone.now()
        others = roles.sites_allowing(self.request.user, Action.REVIEW_ROUTES)
        records = structure.current().records.values()
        context |= {
            "record": self.record,
            "steps": list(ReviewStep),
            "routes": [
                (route, [(step.label, route.steps.get(step)) for step in ReviewStep])
                for route in found
            ],
            "columns": [node for node in routes.columns_of(self.record) if node.pk not in own],
            "delegations": ReviewDelegation.objects.filter(
                site=self.record, until__gte=now
            ).select_related("absent", "stand_in", "made_by"),
            "shifts": DutyShift.objects.filter(site=self.record, until__gte=now).select_related(
                "account", "made_by"
            ),
            "delegation_form": getattr(self, "delegation_form", None)
            or DelegationForm(record=self.record, prefix="stand-in"),
            "shift_form": getattr(self, "shift_form", None)
            or ShiftForm(record=self.record, prefix="duty"),
            "sites": sorted(
                (record for record in records if others is None or record.pk in others),
                key=lambda record: (record.kind, record.code),
            ),
        }
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "column" in request.POST:
            pk = request.POST["column"]
            nodes = {str(node.pk) for node in routes.columns_of(self.record)}
            if pk not in nodes:
                raise Http404
            return HttpResponseRedirect(
                reverse("portal_review_route", args=[self.record.pk, int(pk)])
            )
        if "end-stand-in" in request.POST:
            return self._end(ReviewDelegation, request.POST["end-stand-in"])
        if "end-duty" in request.POST:
            return self._end(DutyShift, request.POST["end-duty"])
        return self._add(request)

    def _add(self, request: HttpRequest) -> HttpResponse:
        form: _PeriodForm
        if "add-stand-in" in request.POST:
            form = DelegationForm(request.POST, record=self.record, prefix="stand-in")
            self.delegation_form = form
        else:
            form = ShiftForm(request.POST, record=self.record, prefix="duty")
            self.shift_form = form
        if not form.is_valid():
            return self.get(request, site_pk=self.record.pk)
        form.instance.made_by = request.user
        row = form.save()
        self._log(str(row), "added")
        messages.success(request, gettext("Saved."))
        return self._here()

    def _end(self, model: Any, pk: str) -> HttpResponse:
        row = get_object_or_404(model, pk=pk if pk.isdecimal() else 0, site=self.record)
        self._log(str(row), "ended")
        row.delete()
        messages.success(self.request, gettext("Ended."))
        return self._here()

    def _here(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("portal_review_routes", args=[self.record.pk]))

    def _log(self, what: str, change: str) -> None:
        log(
            instance=self.record,
            action="wagtail.edit",
            user=self.request.user,
            data={"review": what, "change": change},
        )


class RouteForm(forms.Form):
    """For each step the roles that take it, and accounts by name."""

    def __init__(self, *args: Any, record: SiteRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = SiteRoleGroup.objects.filter(site=record).select_related("group")
        labels = {role.key: role.label for role in roles.SITE_ROLES}
        order = {role.key: place for place, role in enumerate(roles.SITE_ROLES)}
        self._groups = {
            row.role: row.group
            for row in sorted(rows, key=lambda row: order.get(row.role, 99))
            if row.role in labels
        }
        for step in ReviewStep:
            self.fields[f"{step}_roles"] = forms.MultipleChoiceField(
                label=_("%(step)s: roles") % {"step": step.label},
                choices=[(key, labels[key]) for key in self._groups],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            self.fields[f"{step}_names"] = forms.CharField(
                label=_("%(step)s: accounts by name") % {"step": step.label},
                required=False,
                help_text=_("Exact names of accounts, separated by commas or spaces."),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.takers: dict[str, Takers] = {}
        for step in ReviewStep:
            names = [name for name in _SEPARATORS.split(cleaned.get(f"{step}_names", "")) if name]
            accounts, unknown = routes.accounts_named(names)
            if unknown:
                self.add_error(
                    f"{step}_names",
                    _("No active account: %(names)s.") % {"names": "、".join(unknown)},
                )
            groups = [self._groups[key] for key in cleaned.get(f"{step}_roles", [])]
            if not groups and not names:
                self.add_error(
                    f"{step}_roles", _("Every step needs a role or an account that takes it.")
                )
            self.takers[step] = Takers(tuple(groups), tuple(accounts))
        return cleaned

    @staticmethod
    def initial_of(steps: Any, record: SiteRecord) -> dict[str, Any]:
        by_group = dict(SiteRoleGroup.objects.filter(site=record).values_list("group_id", "role"))
        initial: dict[str, Any] = {}
        for step in ReviewStep:
            takers = steps.get(step, Takers())
            initial[f"{step}_roles"] = [
                by_group[group.pk] for group in takers.groups if group.pk in by_group
            ]
            initial[f"{step}_names"] = ", ".join(user.username for user in takers.reviewers)
        return initial


class RouteFormView(_OfSite, FormView):
    """The steps of one place. A column without steps of its own begins with those of its site."""

    template_name = "portal/admin/review_route_form.html"
    page_title = _("Who reviews here")
    form_class = RouteForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.page = get_object_or_404(Page, pk=kwargs["page_pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return f"{self.record.short_name} · {self.page.title}"

    def get_form_kwargs(self) -> dict[str, Any]:
        if structure.current().site_pk_for(self.page.path) != self.record.pk:
            raise Http404
        found = {route.page.pk: route for route in routes.routes_of(self.record)}
        self.own = found.get(self.page.pk)
        start = self.own or found.get(self.record.root_page_id)
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return kwargs | {
            "record": self.record,
            "initial": RouteForm.initial_of(start.steps if start else {}, self.record),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = context["form"]
        context |= {
            "record": self.record,
            "steps": [
                (step.label, form[f"{step}_roles"], form[f"{step}_names"]) for step in ReviewStep
            ],
            "may_drop": self.own is not None and not self.own.is_site,
        }
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "drop" in request.POST:
            try:
                routes.drop_route(record=self.record, page=self.page)
            except ValueError:
                raise Http404 from None
            return self._done(gettext("The column follows its site again."), "dropped")
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: RouteForm) -> HttpResponse:
        routes.set_route(record=self.record, page=self.page, steps=form.takers)
        return self._done(gettext("Saved. It holds for what is in review as well."), "set")

    def _done(self, text: str, change: str) -> HttpResponse:
        log(
            instance=self.record,
            action="wagtail.edit",
            user=self.request.user,
            data={"review_route": self.page.title, "change": change},
        )
        messages.success(self.request, text)
        return HttpResponseRedirect(reverse("portal_review_routes", args=[self.record.pk]))
