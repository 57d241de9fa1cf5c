"""Addresses of the hub, below ``/participation/``."""

from django.urls import path

from .views import hub

urlpatterns = [
    path("", hub.hub, name="hub"),
    path("feed.xml", hub.feed, name="feed"),
]
