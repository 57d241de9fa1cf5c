from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The spine: sites, organisations, roles, publish gate, outbox, listings, routing."""

    name = "portal.core"
    label = "core"
    verbose_name = _("Portal core")

    def ready(self) -> None:
        from portal.plugins import sites, switches
        from portal.plugins.breaker import breaker

        from . import (  # noqa: F401
            actions,
            checks,
            dependants,
            page_reads,
            rebuilding,
            renditions,
            signals,
            structure,
        )
        from .audit import sources  # noqa: F401
        from .staff import receivers  # noqa: F401

        actions.in_one_transaction()
        # A page without the part of a plugin that failed is shown once, not kept for everybody.
        breaker.watch(
            lambda plugin, point: page_reads.page_is_not_kept(f"{plugin} failed: {point}")
        )
        sites.use_page_resolver(lambda page: structure.current().site_pk_for(page.path))
        switches.follow(structure.last_token)
        switches.on_change(lambda slug, site, enabled: structure.touch())
