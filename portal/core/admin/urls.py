"""The admin's addresses: Wagtail's behind the guard, and stricter views in place of some."""

from django.urls import include, path
from django.views.decorators.cache import never_cache
from wagtail.admin import urls as wagtail_urls
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .guard import guarded
from .history import OwnHistoryView
from .pages import OrderedAddSubpageView, OwnBrowseView
from .previews import LivePreviewOnCreateView, LivePreviewOnEditView
from .translations import OwnTranslationsView

decorate_urlpatterns(wagtail_urls.urlpatterns, guarded)

# Without names: the names lead to Wagtail's, which have the same addresses.
_stricter = [
    path("reports/site-history/", OwnHistoryView.as_view()),
    path("reports/site-history/results/", OwnHistoryView.as_view(results_only=True)),
    path("choose-page/", OwnBrowseView.as_view()),
    path("pages/<int:parent_page_id>/add_subpage/", OrderedAddSubpageView.as_view()),
    path("pages/<int:page_id>/edit/preview/", LivePreviewOnEditView.as_view()),
    path(
        "pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/"
        "<int:parent_page_id>/preview/",
        LivePreviewOnCreateView.as_view(),
    ),
    path("localize/reports/translations/", OwnTranslationsView.as_view()),
    path("localize/reports/translations/results/", OwnTranslationsView.as_view(results_only=True)),
]
for _decorator in (require_admin_access, guarded, never_cache):
    decorate_urlpatterns(_stricter, _decorator)
urlpatterns = [*_stricter, path("", include(wagtail_urls))]
