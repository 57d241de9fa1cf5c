"""Below ``/policies/``. Reversed as ``policy_interpretation:<name>``."""

from django.urls import path

from . import comparison_views, feeds, library_views, views

urlpatterns = [
    path("", library_views.library, name="library"),
    path("feed.xml", feeds.latest, name="feed"),
    path("c/<int:pk>-<slug:clause>/", views.clause_link, name="clause"),
    path("c/<int:pk>-<slug:clause>.svg", views.clause_code, name="clause_code"),
    path("<int:pk>/relations/", library_views.relations, name="relations"),
    path("<int:pk>/compare/", comparison_views.compare, name="compare"),
]
