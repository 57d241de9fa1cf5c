"""Letters filled in for somebody who has not sent them: written here, and cleared when stale."""

from hashlib import sha256

from django.utils import timezone

from portal.interaction import form_keys, waiting_files
from portal.interaction.models import PreparedLetter
from portal.interaction.selectors.drafts import KEPT
from portal.plugin_api import take_turn

from .leftovers import clear_left_behind


def prepare_draft(
    *, site: int, kind: str, subject: str, text: str, language: str, page_path: str = "",
    error_kind: str = "", conversation: str = "",
) -> str:  # fmt: skip
    """Keep a draft for ``KEPT``; its token, which names it and opens nothing else."""
    token = form_keys.new_token()
    PreparedLetter.objects.create(
        site_id=site,
        token_hash=sha256(token.encode()).hexdigest(),
        kind=kind,
        subject=subject[:120],
        text=text,
        language=language,
        page_path=page_path[:500],
        error_kind=error_kind,
        conversation=conversation,
    )
    return token


def clear_unsent(site: int | None = None) -> None:
    """Drafts and attachments that nobody sent end by themselves."""
    take_turn()
    rows = PreparedLetter.objects.filter(made_at__lt=timezone.now() - KEPT)
    if site is not None:
        rows = rows.filter(site=site)
    rows.delete()
    waiting_files.clear_old()
    clear_left_behind()
