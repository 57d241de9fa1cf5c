"""Accounts and groups, so that who manages them cannot become more by it.

Nobody gives roles to oneself; only a superuser makes or changes superusers; the groups of the table
of roles are changed in the code only.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.widgets import AdminDateInput
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import groups
from wagtail.users.views.users import CreateView, EditView, UserViewSet

from portal.core import roles
from portal.core.models import User


class _AccountForm(forms.ModelForm):
    """Offers only what the person at the keyboard may give."""

    def __init__(self, *args: Any, for_user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not for_user.is_superuser:
            self.fields.pop("is_superuser", None)
            if self.instance.pk == for_user.pk:
                del self.fields["groups"]

    def clean_groups(self) -> QuerySet[Group]:
        wanted: QuerySet[Group] = self.cleaned_data["groups"]
        roles.refuse_exclusive_roles({group.pk for group in wanted})
        return wanted

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        domains = settings.STAFF_MAIL_DOMAINS
        if email and domains and email.rpartition("@")[2].lower() not in domains:
            raise ValidationError(
                gettext("Accounts use the government's own mail: %(domains)s.")
                % {"domains": ", ".join(domains)}
            )
        return email


_MORE_FIELDS = {"organisation", "contractor", "ends_on"}


class PortalUserCreationForm(_AccountForm, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | _MORE_FIELDS
        widgets = UserCreationForm.Meta.widgets | {"ends_on": AdminDateInput}


class PortalUserEditForm(_AccountForm, UserEditForm):
    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | _MORE_FIELDS
        widgets = UserEditForm.Meta.widgets | {"ends_on": AdminDateInput}


class _ForUser:
    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]
        return kwargs | {"for_user": self.request.user}  # type: ignore[attr-defined]


class PortalUserCreateView(_ForUser, CreateView):
    pass


class PortalUserEditView(_ForUser, EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _refuse_superusers(request.user, [self.object])
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class PortalUserViewSet(UserViewSet):
    add_view_class = PortalUserCreateView
    edit_view_class = PortalUserEditView
    copy_view_enabled = False  # a copied account would bring roles that nobody chose

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[User]]:
        return PortalUserEditForm if for_update else PortalUserCreationForm


class _FromTheTable:
    """Shows the groups of roles, and leaves them as they are."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        group = self.get_object()  # type: ignore[attr-defined]
        if not roles.comes_from_the_table(group):
            response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
            return response
        messages.error(
            request,
            gettext("%(group)s stands for a role. Its rights come from the table of roles.")
            % {"group": group.name},
        )
        return redirect("wagtailusers_groups:index")


class PortalGroupEditView(_FromTheTable, groups.EditView):
    pass


class PortalGroupDeleteView(_FromTheTable, groups.DeleteView):
    pass


class PortalGroupViewSet(groups.GroupViewSet):
    edit_view_class = PortalGroupEditView
    delete_view_class = PortalGroupDeleteView


def _refuse_superusers(asking: Any, users: Iterable[User]) -> None:
    if not asking.is_superuser and any(user.is_superuser for user in users):
        raise PermissionDenied


def _open_or_close(users: Iterable[User], *, is_active: bool) -> None:
    """One by one before Wagtail does it with one statement, of which no receiver hears."""
    with transaction.atomic():
        for user in users:
            user.is_active = is_active
            user.save()


def same_rules_for_many(
    request: HttpRequest, action_type: str, objects: list[Any], action: BulkAction
) -> HttpResponse | None:
    """Wagtail's hook ``before_bulk_action``: what the forms refuse, refused for a selection."""
    if not (objects and isinstance(objects[0], User)):
        return None
    asking: Any = request.user
    _refuse_superusers(asking, objects)
    if action_type == "set_active_state":
        _open_or_close(
            [user for user in objects if user != asking],
            is_active=action.cleaned_form.cleaned_data["mark_as_active"],
        )
    if action_type != "assign_role":
        return None
    if asking in objects and not asking.is_superuser:
        raise PermissionDenied
    try:
        for user in objects:
            roles.refuse_conflicting_roles(user, {action.cleaned_form.cleaned_data["role"].pk})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(action.next_url)
    return None
