"""Below ``/verify/``. Reversed as ``evidence:<name>``."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.verify_page, name="verify"),
    path("roots.xml", views.roots_feed, name="roots"),
    path("key.pem", views.key, name="key"),
    path("keys/<slug:fingerprint>.pem", views.key, name="old_key"),
]
