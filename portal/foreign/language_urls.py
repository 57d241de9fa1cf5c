"""Below each language: ``/en/card/…`` and others. Reversed as ``foreign_language:<name>``."""

from django.urls import path

from . import card_views, letter_views

urlpatterns = [
    path("card/", card_views.kept_cards, name="kept_cards"),
    path("card/worker.js", card_views.worker, name="card_worker"),
    path("card/<int:pk>/", card_views.page_card, name="card"),
    path("letters/", letter_views.write_letter, name="letter"),
    path("letters/sent/", letter_views.letter_sent, name="letter_sent"),
    path("card/<str:source>/<slug:key>/", card_views.text_card, name="text_card"),
]
