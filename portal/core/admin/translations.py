"""The report on translations, within the own sites."""

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page
from wagtail_localize.views.report import TranslationsReportView

from portal.core.permissions import own_tree


class OwnTranslationsView(TranslationsReportView):
    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset().order_by("pk")
        wanted = own_tree(self.request.user)
        if wanted is None:
            return found
        keys = Page.objects.filter(wanted).values("translation_key")
        return found.filter(source__object_id__in=keys)
