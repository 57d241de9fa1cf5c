from datetime import timedelta

from django.utils import timezone

from portal.plugin_api import SiteLike, site_pk

from .models import Note


def take_note(*, site: SiteLike, text: str) -> Note:
    """Write down what happened."""
    return Note.objects.create(site_id=site_pk(site), text=text[:200])


def forget_old_notes(site: int | None) -> None:
    """Delete a site's notes of more than a month ago: a job, run for each site by the clock."""
    Note.objects.filter(site_id=site, created_at__lt=timezone.now() - timedelta(days=31)).delete()
