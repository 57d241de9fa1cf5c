"""The members of the own sites: who holds which role."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from portal.core import roles
from portal.core.models import SiteRecord, SiteRoleGroup, User
from portal.core.roles import Action


def may_manage(user: Any, site_pk: int) -> bool:
    return roles.may(user, Action.MEMBERS, site_pk)


class MemberForm(forms.Form):
    """Gives an existing account a role. Accounts are made by the security administrator."""

    username = forms.CharField(
        label=_("Account"), max_length=150, help_text=_("The exact name of an existing account.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.key, role.label) for role in roles.SITE_ROLES]  # type: ignore[attr-defined]

    def clean_username(self) -> User:
        user = User.objects.filter(
            username=self.cleaned_data["username"].strip(), is_active=True
        ).first()
        if user is None:
            raise ValidationError(_("There is no active account of this name."))
        return user


class MembersView(WagtailAdminTemplateMixin, FormView):
    template_name = "portal/admin/members.html"
    form_class = MemberForm
    page_title = _("Members")
    header_icon = "group"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.record = get_object_or_404(SiteRecord, pk=kwargs["site_pk"])
        if not may_manage(request.user, self.record.pk):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.record.short_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        groups = SiteRoleGroup.objects.filter(site=self.record).select_related("group")
        by_role = {row.role: row for row in groups.prefetch_related("group__user_set")}
        context["rows"] = [
            {
                "role": role,
                "group": by_role[role.key].group,
                "users": sorted(by_role[role.key].group.user_set.all(), key=lambda u: u.username),
            }
            for role in roles.SITE_ROLES
            if role.key in by_role
        ]
        context["record"] = self.record
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "remove" in request.POST:
            return self._remove(request)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def _here(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("portal_members", args=[self.record.pk]))

    def _remove(self, request: HttpRequest) -> HttpResponse:
        user_pk, _separator, role = request.POST["remove"].partition(":")
        # The group is found by site and role: a forged group cannot be named at all.
        row = get_object_or_404(SiteRoleGroup, site=self.record, role=role)
        user = get_object_or_404(User, pk=user_pk if user_pk.isdecimal() else 0)
        user.groups.remove(row.group)
        self._log(user, row.group, "removed")
        messages.success(
            request,
            gettext("%(user)s no longer holds the role here.") % {"user": user.username},
        )
        return self._here()

    def form_valid(self, form: MemberForm) -> HttpResponse:
        user: User = form.cleaned_data["username"]
        row = get_object_or_404(SiteRoleGroup, site=self.record, role=form.cleaned_data["role"])
        user.groups.add(row.group)
        self._log(user, row.group, "added")
        messages.success(
            self.request,
            gettext("%(user)s holds the role now.") % {"user": user.username},
        )
        return self._here()

    def _log(self, user: User, group: Group, what: str) -> None:
        log(
            instance=self.record,
            action="wagtail.edit",
            user=self.request.user,
            data={"member": user.username, "group": group.name, "change": what},
        )
