"""Who may switch plugins.

The right itself is Django's ``plugins.change_pluginswitch``. Which sites it covers is the core's
knowledge: the setting ``PORTAL_PLUGIN_SWITCH_RULE`` names a function ``(user, site_pk) -> bool``
(``site_pk`` None: the platform), asked in addition.
"""

from functools import lru_cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

PERMISSION = "plugins.change_pluginswitch"


class SwitchRule(Protocol):
    def __call__(self, user: Any, site_pk: int | None, /) -> bool: ...


def may_open(user: Any) -> bool:
    """Tell whether the user sees the plugins' pages at all."""
    return bool(user.is_active and user.has_perm(PERMISSION))


def can_switch(user: Any, site: int | None) -> bool:
    """Tell whether the user may switch plugins for the site, or (None) for the platform."""
    return may_open(user) and _rule(getattr(settings, "PORTAL_PLUGIN_SWITCH_RULE", ""))(user, site)


def anywhere(user: Any, site: int | None, /) -> bool:
    """The rule without a core that knows better: the right covers everything."""
    return True


@lru_cache(maxsize=4)
def _rule(dotted: str) -> SwitchRule:
    return cast("SwitchRule", import_string(dotted)) if dotted else anywhere


def _forget_rule(*, setting: str, **kwargs: Any) -> None:
    if setting == "PORTAL_PLUGIN_SWITCH_RULE":
        _rule.cache_clear()


setting_changed.connect(_forget_rule)
