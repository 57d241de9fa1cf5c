"""What this plugin can do for others."""

from django.conf import settings

from portal.plugin_api import translator, trusts

from .selectors.trust import SectionTrusts
from .translators import made

trusts.provide(SectionTrusts())
if (machine := made(settings.PORTAL_TRANSLATOR)) is not None:
    translator.provide(machine)
