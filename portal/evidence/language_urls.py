"""Below each language (``/en/verify/``). Reversed as ``evidence_language:<name>``."""

from django.urls import path

from . import views

urlpatterns = [path("verify/", views.verify_page, name="verify")]
