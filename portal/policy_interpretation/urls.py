"""Below ``/policies/``. Reversed as ``policy_interpretation:<name>``."""

from django.urls import path

from . import (
    api,
    comparison_views,
    disclosure_views,
    feeds,
    library_views,
    product_views,
    views,
)

urlpatterns = [
    path("", library_views.library, name="library"),
    path("api/v1/documents", api.moved, name="api_documents"),
    path("api/v1/documents/<int:pk>", api.moved, name="api_document"),
    path("feed.xml", feeds.latest, name="feed"),
    path("c/<int:pk>-<slug:clause>/", views.clause_link, name="clause"),
    # --- interpretations
    path("interpretations/", product_views.interpretations, name="interpretations"),
    path("interpretations/<int:pk>/picture.svg", product_views.picture_svg, name="picture_svg"),
    path("interpretations/<int:pk>/picture.png", product_views.picture_png, name="picture_png"),
    path("h5/<str:key>/<path:path>", product_views.animation, name="animation"),
    path("<int:pk>/reading/", product_views.reading_view, name="reading"),
    path("c/<int:pk>-<slug:clause>.svg", views.clause_code, name="clause_code"),
    path("<int:pk>/relations/", library_views.relations, name="relations"),
    path("<int:pk>/compare/", comparison_views.compare, name="compare"),
    # --- disclosure
    path("disclosure/", disclosure_views.entrance, name="disclosure"),
    path("disclosure/<int:pk>/", disclosure_views.platform, name="disclosure_platform"),
    path("disclosure/<int:pk>/guide/", disclosure_views.guide, name="disclosure_guide"),
    path("disclosure/<int:pk>/rules/", disclosure_views.rules, name="disclosure_rules"),
    path("disclosure/<int:pk>/content/", disclosure_views.content, name="disclosure_content"),
    path("disclosure/<int:pk>/reports/", disclosure_views.reports, name="disclosure_reports"),
    path(
        "disclosure/<int:pk>/request/",
        disclosure_views.request_information,
        name="disclosure_request",
    ),
    path("disclosure/<int:pk>/catalogue/", disclosure_views.catalogue, name="disclosure_catalogue"),
    path(
        "disclosure/<int:pk>/catalogue.<slug:kind>",
        disclosure_views.catalogue_file,
        name="disclosure_catalogue_file",
    ),
]
