from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PluginsConfig(AppConfig):
    """The mechanism. Listed before the core, which is listed before the plugins."""

    name = "portal.plugins"
    label = "plugins"
    verbose_name = _("Plugins")

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers itself
        from .breaker import breaker
        from .incidents import incident_log

        breaker.report_to(incident_log.record)
