"""Below ``/policies/``. Reversed as ``policy_interpretation:<name>``."""

from django.urls import path

from . import api, comparison_views, feeds, library_views, product_views, views

urlpatterns = [
    path("", library_views.library, name="library"),
    path("api/v1/documents", api.documents, name="api_documents"),
    path("api/v1/documents/<int:pk>", api.document, name="api_document"),
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
]
