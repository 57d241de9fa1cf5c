"""What administrators set for the answers, from the environment; tests override the settings.

A setting of the same name in Django's settings wins, so that a project can set it there.
"""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

# name: default, smallest, largest
_NUMBERS = {
    "PORTAL_ASSISTANT_RETENTION_DAYS": (180, 1, 3650),
    "PORTAL_ASSISTANT_VISITOR_PER_MINUTE": (60, 1, 100_000),
    "PORTAL_ASSISTANT_PER_MINUTE": (3000, 1, 1_000_000),
}


class BadSetting(ValueError):
    """A value that nobody can use; names the variable."""


def _number(name: str) -> int:
    default, least, most = _NUMBERS[name]
    value = getattr(settings, name, None)
    if value is None:
        value = os.environ.get(name, "").strip() or default
    text = str(value)
    if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
        raise BadSetting(f"{name}: {text!r} is not a number from {least} to {most}")
    return int(text)


def retention_days() -> int:
    """Days that questions and answers are kept."""
    return _number("PORTAL_ASSISTANT_RETENTION_DAYS")


def visitor_limit() -> int:
    """Questions of one address in a minute; many people may share one."""
    return _number("PORTAL_ASSISTANT_VISITOR_PER_MINUTE")


def total_limit() -> int:
    """Questions of everybody in a minute."""
    return _number("PORTAL_ASSISTANT_PER_MINUTE")


def hotline() -> str:
    """The telephone number of people who help; "" for none."""
    value = getattr(settings, "PORTAL_ASSISTANT_HOTLINE", None)
    return str(os.environ.get("PORTAL_ASSISTANT_HOTLINE", "12345") if value is None else value)


@register()
def settings_are_usable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A bad value stops the start, with a line that names the variable."""
    problems: list[CheckMessage] = []
    for name in _NUMBERS:
        try:
            _number(name)
        except BadSetting as problem:
            problems.append(Error(str(problem), id="assistant.E010"))
    return problems
