"""The log of what was done, within the own sites."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.admin.views.reports.audit_logging import LogEntriesView, SiteHistoryReportFilterSet
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.permissions import policy_registry

from portal.core.permissions import SiteScopedPolicy


def own_entries(entries: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Leave out entries on things of other sites. Wagtail asks for rights on the type only."""
    if entries.model is not ModelLogEntry or user.is_superuser:
        return entries
    foreign = Q(pk__in=[])
    for kind in ContentType.objects.get_for_models(*_site_scoped()).values():
        model = kind.model_class()
        assert model is not None
        policy = policy_registry.get_by_type(model)
        own = policy.instances_user_has_any_permission_for(user, ["add", "change", "delete"])
        keys = own.annotate(pk_text=Cast("pk", CharField())).values("pk_text")
        foreign |= Q(content_type=kind) & ~Q(object_id__in=keys)
    return entries.exclude(foreign)


def _site_scoped() -> list[type[Any]]:
    policies = policy_registry.values_by_class.items()
    return [model for model, policy in policies if isinstance(policy, SiteScopedPolicy)]


class OwnFilterSet(SiteHistoryReportFilterSet):
    def get_user_choices(self) -> QuerySet[Any]:
        """The people of the entries that are shown, not of everybody's."""
        user = self.request.user
        found: set[int] = set()
        for model in (PageLogEntry, ModelLogEntry):
            entries: Any = own_entries(model.objects.viewable_by_user(user), user)
            found |= entries.get_user_ids()
        users = get_user_model()._default_manager.filter(pk__in=found)
        return users.order_by("username")


class OwnHistoryView(LogEntriesView):
    filterset_class = OwnFilterSet

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found: QuerySet[Any] = super().filter_queryset(own_entries(queryset, self.request.user))
        return found
