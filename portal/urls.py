"""The portal's addresses (design: fixed contracts). Pages come last: they take what is left."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal.api.urls import api_urls, unknown_address
from portal.core import health, views
from portal.core.preference_views import settings_page
from portal.core.routing import serve_page
from portal.plugins.urls import plugin_language_urlpatterns, plugin_urlpatterns

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("admin/", include("portal.core.admin.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:path>", views.media, name="media"),
    path("qr/<int:page_id>.svg", views.qr_code, name="qr_code"),
    path("shared-preview/<str:token>/", views.shared_preview, name="shared_preview"),
    path(
        "shared-preview/<str:token>/<int:page_id>/",
        views.shared_preview,
        name="shared_preview_page",
    ),
    path("sitemap/", views.site_map, name="site_map"),
    path("sitemap/<slug:code>/", views.site_map, name="site_map_of_site"),
    path("api/v1/", api_urls),
    *plugin_urlpatterns(),
    path("api/", unknown_address),  # after the plugins, whose own API addresses lie here too
    path("api/<path:rest>", unknown_address),
    *wagtail_urls.urlpatterns[:-1],  # sign-in and password forms of private pages
    *i18n_patterns(
        path("preferences/", settings_page, name="preferences"),
        *plugin_language_urlpatterns(),
        re_path(r"^((?:[\w\-]+/)*[\w\-]*)$", serve_page, name="wagtail_serve"),
        prefix_default_language=False,
    ),
]
handler400 = "portal.core.views.bad_request"
handler403 = "portal.core.views.permission_denied"
handler404 = "portal.core.views.page_not_found"
handler500 = "portal.core.outage.server_error"
