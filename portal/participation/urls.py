"""Below ``/participation/``. Reversed as ``participation:<name>``."""

from django.urls import path

from . import urls_hub, urls_interviews
from .views import solicitations, surveys

urlpatterns = [
    *urls_hub.urlpatterns,
    path("<int:pk>/thanks/", solicitations.sent, name="thanks"),
    path("opinions/<int:pk>/", solicitations.opinion, name="opinion"),
    path("surveys/<int:pk>/", surveys.answer, name="survey"),
    *urls_interviews.urlpatterns,
]
