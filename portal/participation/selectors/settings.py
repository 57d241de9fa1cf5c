"""What holds at a site, and who stands behind a column."""

from portal.participation.models import ParticipationSettings, ServiceTeam
from portal.plugin_api import site_of_path


def settings_of(site_pk: int | None) -> ParticipationSettings:
    """The row of a site, or an unsaved one with the defaults."""
    found = ParticipationSettings.objects.filter(site=site_pk).first() if site_pk else None
    return found or ParticipationSettings()


def settings_for_path(path: str) -> ParticipationSettings:
    return settings_of(site_of_path(path))


def has_team(column_pk: int) -> bool:
    return ServiceTeam.objects.filter(column=column_pk).exists()
