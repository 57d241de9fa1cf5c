"""How moved answers are told in templates of the admin."""

from django import template

from assistant.portal_plugin.services.golden import GoldenMove
from assistant.portal_plugin.wording_of_moves import direction_text, stand_text

register = template.Library()


@register.filter
def stand_before(moved: GoldenMove) -> str:
    return stand_text(moved.move.before, moved.before)


@register.filter
def stand_after(moved: GoldenMove) -> str:
    return stand_text(moved.move.after, moved.after)


@register.filter
def direction_words(moved: GoldenMove) -> str:
    return direction_text(moved.move.direction)
