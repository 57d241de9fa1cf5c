"""Filters of the answer page."""

from django import template

from assistant.portal_plugin.answering.shown import AnswerShown

register = template.Library()


@register.filter
def copied(shown: AnswerShown, address: str) -> str:
    """What "copy with sources" puts into the clipboard."""
    return shown.to_copy(address)
