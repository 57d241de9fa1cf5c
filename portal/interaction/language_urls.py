"""Below each language: ``/en/letters/…``. Reversed as ``interaction_language:<name>``."""

from django.urls import include, path

from . import urls_public

urlpatterns = [path("letters/", include(urls_public.pages))]
