"""Writing switches."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from . import registry, switches
from .breaker import breaker
from .extension_points import plugin_switched
from .metadata import Declaration, Level
from .models import PluginSwitch
from .sites import SiteLike, site_pk


class SwitchRefused(Exception):
    """The plugin cannot be switched; the message says why, for people."""


def set_switch(
    *,
    slug: str,
    site: SiteLike,
    enabled: bool,
    user: Any = None,
    acknowledged: Declaration | None = None,
) -> PluginSwitch:
    """Switch a plugin on or off for a site, or (``site`` None) for the platform.

    For a site plugin the platform's switch is the stop for all sites.

    Flow: refuse what cannot work → write the row → tell the listeners, in the same transaction →
    log who did it → after the commit forget the memory of this process and send
    ``plugin_switched``.

    Args:
        user: who did it; None for the command line and tests.
        acknowledged: what the user confirmed at the activation gate.

    Raises:
        SwitchRefused: the plugin is not installed, has problems, or has no switch there.
    """
    place = site_pk(site)
    plugins = registry.installed()
    plugin = plugins.get(slug)
    if plugin is None:
        raise SwitchRefused(_("The plugin “%(slug)s” is not installed.") % {"slug": slug})
    if plugin.level is Level.PLATFORM and place is not None:
        raise SwitchRefused(
            _("The plugin “%(title)s” is switched for the whole platform, not for a site.")
            % {"title": plugin.title}
        )
    if enabled and (reasons := obstacles(slug, place)):
        raise SwitchRefused(" ".join(reasons))
    with transaction.atomic():
        row, _created = PluginSwitch.objects.update_or_create(
            slug=slug,
            site_id=place,
            defaults={
                "enabled": enabled,
                "changed_by": user,
                **({"acknowledged": acknowledged.as_json()} if acknowledged else {}),
            },
        )
        switches.changed(slug, place, enabled)
        log(
            instance=row,
            action="plugins.switch_on" if enabled else "plugins.switch_off",
            user=user,
            data={"slug": slug, "site": place},
        )
        transaction.on_commit(switches.invalidate)
        plugin_switched.send(slug=slug, site=place, enabled=enabled)
    if enabled:
        breaker.reset(slug)
    return row


def obstacles(slug: str, site: SiteLike) -> list[str]:
    """Say everything that keeps the plugin from being switched on there; empty if nothing."""
    place = site_pk(site)
    plugins = registry.installed()
    plugin = plugins.get(slug)
    if plugin is None:
        return []
    found = [str(problem) for problem in plugins.problems.get(slug, ())]
    for need in plugin.needs:
        other = plugins.get(need.slug)
        if other is not None and not switches.is_enabled(need.slug, place):
            found.append(_("The plugin “%(title)s” must be on first.") % {"title": other.title})
    return found
