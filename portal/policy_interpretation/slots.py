"""What the plugin contributes to pages of others."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from portal.plugin_api import ListItem, list_sources

from .selectors.library import latest_documents
from .selectors.product_list import latest_products


class LatestInterpretations:
    label = _("Interpretations of policies")

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        return latest_products(site, language, count)


list_sources.register("latest_interpretations", LatestInterpretations())


class LatestDocuments:
    label = _("Newest policy documents")

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        return latest_documents(site, language, count)


list_sources.register("latest_documents", LatestDocuments())
