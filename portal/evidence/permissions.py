"""Who looks at the log, who explains findings, who rotates keys."""

from typing import Any

from portal.plugin_api import Action, sites_allowing


def may_look(user: Any) -> bool:
    """Those of the platform: the log is about all sites."""
    return may_explain(user) or sites_allowing(user, Action.PUBLICATION_RECORD) is None


def may_explain(user: Any) -> bool:
    """Whoever runs the platform, and whoever answers for its security."""
    return may_rotate(user) or sites_allowing(user, Action.SUB_SITES) is None


def may_rotate(user: Any) -> bool:
    """The security administrator only (and superusers)."""
    return sites_allowing(user, Action.USERS) is None
