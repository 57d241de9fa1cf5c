"""What this plugin can do for others."""

from django.conf import settings

from portal.plugin_api import translator

from .translators import made

if (machine := made(settings.PORTAL_TRANSLATOR)) is not None:
    translator.provide(machine)
