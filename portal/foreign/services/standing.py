"""Validity: a translated document is in force as long as the Chinese one is."""

from wagtail.models import Page

from portal.plugin_api import follow_validity


def follow_standing(*, source_pk: int) -> int:
    """Say anew how the translations of a page stand, after the page did; how many changed."""
    targets = Page.objects.filter(foreign_translation__source_id=source_pk, live=True)
    return sum(follow_validity(page) for page in targets.specific())
