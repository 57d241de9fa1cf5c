"""The admin's own JSON endpoints for images and documents, within what an account may choose."""

from typing import Any

from django.db.models import QuerySet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permissions import policy_registry


class _Own:
    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset()  # type: ignore[misc]
        policy = policy_registry.get_by_type(found.model)
        own = policy.instances_user_has_any_permission_for(
            self.request.user,  # type: ignore[attr-defined]
            ["choose", "change"],
        )
        return found.filter(pk__in=own.values("pk"))


class OwnImagesEndpoint(_Own, ImagesAdminAPIViewSet):
    pass


class OwnDocumentsEndpoint(_Own, DocumentsAdminAPIViewSet):
    pass
