"""The translators' desk in the admin: its addresses, lines of the history, mails to reviewers."""

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from .admin.desk import DeskView
from .admin.desk_actions import DeskSaveView, desk_help, desk_history, desk_preview
from .permissions import may_see
from .selectors.translations import translation_of
from .services.release import LOG_RELEASED


@register_wagtail_hook("register_admin_urls")
def desk_urls() -> list[Any]:
    return [
        path("foreign/desk/<int:pk>/", DeskView.as_view(), name="foreign_desk"),
        path("foreign/desk/<int:pk>/save/", DeskSaveView.as_view(), name="foreign_desk_save"),
        path("foreign/desk/<int:pk>/help/", desk_help, name="foreign_desk_help"),
        path("foreign/desk/<int:pk>/preview/", desk_preview, name="foreign_desk_preview"),
        path("foreign/desk/<int:pk>/history.csv", desk_history, name="foreign_desk_history"),
    ]


@register_wagtail_hook("register_log_actions")
def releases_in_history(actions: Any) -> None:
    actions.register_action(
        LOG_RELEASED, _("Translation released"), _("Released the translation after its reviews")
    )


# Before wagtail-localize's own, which shows an editor that knows no reviews.
@register_wagtail_hook("before_edit_page", order=-100)
def to_the_desk(request: HttpRequest, page: Page) -> HttpResponseBase | None:
    """Translations are written at the desk, not in the page editor."""
    translation = translation_of(page)
    if translation is None or not may_see(request.user, translation.section):
        return None
    return HttpResponseRedirect(reverse("foreign_desk", args=[translation.pk]))
