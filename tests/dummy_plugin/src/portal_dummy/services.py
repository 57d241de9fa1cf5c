from portal.plugin_api import SiteLike, site_pk

from .models import Note


def take_note(*, site: SiteLike, text: str) -> Note:
    """Write down what happened."""
    return Note.objects.create(site_id=site_pk(site), text=text[:200])
