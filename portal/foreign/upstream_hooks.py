"""Where wagtail-localize's own screens would go around teams, desk and gates: ours instead."""

from typing import Any

from django.http import HttpRequest
from django.urls import path

from portal.plugin_api import register_wagtail_hook

from .admin.upstream_screens import instead_of_editing, instead_of_submitting


# Before wagtail-localize's, whose addresses these are; its names lead here, too.
@register_wagtail_hook("register_admin_urls", order=-100)
def screens() -> list[Any]:
    return [
        path("localize/submit/page/<int:page_id>/", instead_of_submitting),
        path("localize/update/<int:translation_source_id>/", instead_of_submitting),
        path("localize/page/<int:page_id>/convert_to_alias/", instead_of_submitting),
        path("localize/translate/<int:translation_id>/<path:rest>", instead_of_editing),
    ]


@register_wagtail_hook("construct_reports_menu")
def one_report_of_translations(request: HttpRequest, items: list[Any]) -> None:
    """The boards say what wagtail-localize's report does not know: what fell behind."""
    items[:] = [item for item in items if "/localize/reports/" not in item.url]
