from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The spine: sites, organisations, roles, publish gate, outbox, listings, routing."""

    name = "portal.core"
    label = "core"
    verbose_name = _("Portal core")

    def ready(self) -> None:
        from portal.plugins import sites, switches

        from . import (  # noqa: F401
            actions,
            checks,
            dependants,
            rebuilding,
            renditions,
            signals,
            structure,
        )

        actions.in_one_transaction()
        sites.use_page_resolver(lambda page: structure.current().site_pk_for(page.path))
        switches.follow(structure.last_token)
        switches.on_change(lambda slug, site, enabled: structure.touch())
