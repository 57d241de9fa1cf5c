"""Addresses of letters in templates: ``{% letter_url place 'detail' number %}``."""

from django import template

from portal.interaction.surroundings import Place

register = template.Library()


@register.simple_tag
def letter_url(place: Place, name: str, *args: object) -> str:
    return place.url(name, *args)
