"""Below ``/assistant/``. Reversed as ``assistant:<name>``."""

from django.urls import path

from . import answer_views

urlpatterns = [
    path("", answer_views.ask, name="ask"),
    path("answers/<str:answer_id>/", answer_views.show, name="answer"),
    path("answers/<str:answer_id>/choose/", answer_views.choose_entry, name="choose"),
    path("answers/<str:answer_id>/feedback/", answer_views.feedback, name="feedback"),
]
