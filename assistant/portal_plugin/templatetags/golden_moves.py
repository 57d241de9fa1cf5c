"""How moved answers are told in templates of the admin."""

from collections.abc import Mapping
from typing import Any

from django import template

from assistant.evaluation.moves import Direction, Stand
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


@register.filter
def kept_stand(stand: Mapping[str, Any]) -> str:
    """Of a report that is kept."""
    titles = tuple(stand["shown"])
    return stand_text(Stand(stand["status"], titles, stand["rank"], right=False), titles)


@register.filter
def kept_direction(direction: str) -> str:
    return direction_text(Direction(direction))
