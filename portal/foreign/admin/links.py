"""Addresses in the admin that several screens lead to."""

from django.urls import NoReverseMatch, reverse


def desk_url(translation_pk: int) -> str:
    """The translators' desk for a translation."""
    try:
        return reverse("foreign_desk", args=[translation_pk])
    except NoReverseMatch:
        return "#"
