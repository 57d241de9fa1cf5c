"""Below each language: ``/services/``, ``/en/services/``. Reversed as ``services_language:…``."""

from django.urls import path

from . import entrance_views, platforms_views, ratings_views

urlpatterns = [
    path("services/", entrance_views.entrance, name="entrance"),
    path("services/catalogue/", entrance_views.catalogue, name="catalogue"),
    path("services/online/", entrance_views.online, name="online"),
    path("services/guided/", entrance_views.guided, name="guided"),
    path("services/progress/", platforms_views.progress, name="progress"),
    path("services/<int:pk>/ratings/", ratings_views.ratings, name="ratings"),
    path("services/<int:pk>/rate/", ratings_views.rate, name="rate"),
]
