"""Below ``/policies/``. Reversed as ``policy_interpretation:<name>``."""

from django.urls import path

from . import views

urlpatterns = [
    path("c/<int:pk>-<slug:clause>/", views.clause_link, name="clause"),
]
