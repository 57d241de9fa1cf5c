"""What a plugin may say about rights on pages: where translators and partners work."""

from collections.abc import Collection
from typing import Any

from django.conf import settings

from portal.plugin_api import site_home

from .models import ForeignSection
from .permissions import reach_of


class TeamLimits:
    """Entered in the registry ``page_limits``: the teams of the sections and their columns."""

    def paths(self, *, user: Any, site: int, language: str) -> Collection[str] | None:
        memberships = reach_of(user).memberships
        languages = dict(
            ForeignSection.objects.filter(
                site=site, pk__in=[held.section for held in memberships]
            ).values_list("pk", "locale__language_code")
        )
        if language == settings.LANGUAGE_CODE:
            # Whoever works for a language works nowhere else; others as their role says.
            return () if languages else None
        root = site_home(site, language)
        found: set[str] = set()
        for held in memberships:
            if languages.get(held.section) != language or root is None:
                continue
            found.update(held.paths if held.paths is not None else (root.path,))
        return found
