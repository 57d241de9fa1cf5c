"""Addresses of online interviews."""

from django.urls import path

from .views import interviews

urlpatterns = [
    path("interviews/<int:pk>/ask/", interviews.ask, name="ask"),
    path("interviews/<int:pk>/asked/", interviews.asked, name="asked"),
    path("interviews/<int:pk>/live", interviews.live, name="live"),
    path("interviews/<int:pk>/news", interviews.news, name="news"),
]
