"""Units, messages and site records in the admin, each within the own sites."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from portal.core import roles
from portal.core.clocks.tasks import recount_after_commit
from portal.core.models import EditableMessage, Organisation, SiteRecord
from portal.core.permissions import SiteScopedPolicy
from portal.core.roles import Action

# The settings of a site that deadlines are counted by.
COUNTED_BY = frozenset(
    {
        "work_morning_from", "work_morning_until", "work_afternoon_from", "work_afternoon_until",
        "late_is_next_day", "counts_first_day", "moves_off_days",
    }
)  # fmt: skip

# Registered before anything asks for a fallback (Wagtail's rule).
register_permission_policy(Organisation, SiteScopedPolicy(Organisation, Action.ORGANISATIONS))
register_permission_policy(EditableMessage, SiteScopedPolicy(EditableMessage, Action.MESSAGES))
register_permission_policy(SiteRecord, SiteScopedPolicy(SiteRecord, Action.SITE_SETTINGS, "pk"))


class OwnSitesForm(WagtailAdminModelForm):
    """Offers only the sites that the person may answer for; refuses others even when forged."""

    site_action: Action

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("site")
        if not isinstance(field, forms.ModelChoiceField) or self.for_user is None:
            return
        sites = roles.sites_allowing(self.for_user, self.site_action)
        if sites is not None:
            field.queryset = SiteRecord.objects.filter(pk__in=sites)
            field.required = True
            if len(sites) == 1 and not self.instance.pk:
                field.initial = next(iter(sites))


class OrganisationForm(OwnSitesForm):
    site_action = Action.ORGANISATIONS


class MessageForm(OwnSitesForm):
    site_action = Action.MESSAGES


Organisation.base_form_class = OrganisationForm
EditableMessage.base_form_class = MessageForm  # type: ignore[attr-defined]


class OwnIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        allowed = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ["add", "change", "delete"]
        )
        found: QuerySet[Any] = super().get_base_queryset().filter(pk__in=allowed.values("pk"))
        return found


class _OwnObject:
    """For views on one object: another site's object is refused, not only hidden."""

    needed = "change"

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        found = super().get_object(*args, **kwargs)  # type: ignore[misc]
        policy = self.permission_policy  # type: ignore[attr-defined]
        if not policy.user_has_permission_for_instance(
            self.request.user,  # type: ignore[attr-defined]
            self.needed,
            found,
        ):
            raise PermissionDenied
        return found


class OwnEditView(_OwnObject, generic.EditView):
    pass


class OwnDeleteView(_OwnObject, generic.DeleteView):
    needed = "delete"


class OwnHistoryView(_OwnObject, generic.HistoryView):
    pass


class OwnUsageView(_OwnObject, generic.UsageView):
    pass


class OwnViewSet(ModelViewSet):
    index_view_class = OwnIndexView
    edit_view_class = OwnEditView
    delete_view_class = OwnDeleteView
    history_view_class = OwnHistoryView
    usage_view_class = OwnUsageView
    copy_view_enabled = False
    inspect_view_enabled = False


class OrganisationViewSet(OwnViewSet):
    model = Organisation
    name = "organisations"
    url_prefix = "organisations"
    icon = "group"
    menu_label = _("Organisations")
    list_display = ["full_name", "short_name", "kind", "parent", "site"]
    list_filter = ["kind", "site"]
    search_fields = ["full_name", "short_name"]
    search_backend_name = None


class MessageViewSet(OwnViewSet):
    model = EditableMessage
    name = "messages"
    url_prefix = "messages"
    icon = "comment"
    menu_label = _("Messages to visitors")
    list_display = ["key", "site", "language", "text"]
    list_filter = ["site", "language"]


class SiteRecordEditView(OwnEditView):
    """Office hours and rules move the due dates of what is open."""

    def save_instance(self) -> Any:
        changed = COUNTED_BY.intersection(self.form.changed_data)
        saved = super().save_instance()
        if changed:
            recount_after_commit(saved.pk)
        return saved


class SiteRecordViewSet(OwnViewSet):
    """Settings of the own sites. New ones come through "new sub-site", which provisions them."""

    model = SiteRecord
    name = "site_records"
    url_prefix = "site-records"
    icon = "site"
    menu_label = _("Site settings")
    list_display = ["name", "kind", "state", "domain", "owner"]
    edit_view_class = SiteRecordEditView

    def get_urlpatterns(self) -> list[Any]:
        return [
            pattern
            for pattern in super().get_urlpatterns()
            if getattr(pattern, "name", "") not in {"add", "delete"}
        ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        common: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        common["add_url_name"] = common["delete_url_name"] = None
        return common
