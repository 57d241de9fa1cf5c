"""Below each language: ``/search/``, ``/en/search/``. Reversed as ``search_language:<name>``."""

from django.urls import path

from . import feeds, views

urlpatterns = [
    path("search/", views.search_page, name="page"),
    path("search/feed/", feeds.feed, name="feed"),
    path("search/opensearch.xml", views.description, name="description"),
    path("search/opened/", views.opened, name="opened"),
]
