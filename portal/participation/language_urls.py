"""Below each language (``/en/participation/``). Reversed as ``participation_language:<name>``."""

from django.urls import path

from .views import hub

urlpatterns = [
    path("participation/", hub.hub, name="hub"),
    path("participation/feed.xml", hub.feed, name="feed"),
]
