"""Addresses in the admin that several screens lead to."""

from django.urls import reverse


def desk_url(translation_pk: int) -> str:
    """The translators' desk for a translation."""
    return reverse("foreign_desk", args=[translation_pk])
