"""What this plugin can do for others."""

from django.conf import settings

from portal.plugin_api import counter_cards, language_teams, translator, trusts

from .card_addresses import SectionCards
from .selectors.people import SectionTeams
from .selectors.trust import SectionTrusts
from .translators import made

trusts.provide(SectionTrusts())
counter_cards.provide(SectionCards())
language_teams.provide(SectionTeams())
if (machine := made(settings.PORTAL_TRANSLATOR)) is not None:
    translator.provide(machine)
