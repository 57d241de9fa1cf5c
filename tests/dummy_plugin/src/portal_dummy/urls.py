"""Below the prefix in PluginMeta. Reversed as ``dummy:notes``."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.notes, name="notes"),
    path("<int:pk>/", views.note, name="note"),
]
