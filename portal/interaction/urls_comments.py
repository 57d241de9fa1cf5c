"""What the form for comments is sent to."""

from typing import Any

from django.urls import path

from .comments.views_public import comments

urlpatterns: list[Any] = [path("comments/<int:pk>/", comments, name="comments")]
