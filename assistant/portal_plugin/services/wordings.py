"""Writing what the assistant says: checked, for one site or all, with every change on record."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext, override

from assistant.dialogue.cleaning import clean
from assistant.portal_plugin.answering.sentences import SENTENCES
from assistant.portal_plugin.answering.wording import placeholders
from assistant.portal_plugin.models.wordings import Wording, WordingChange
from portal.plugin_api import Action, may, touch_content

LONGEST = 600


def may_word(user: Any, site: int | None) -> bool:
    """Administrators of the site; for all sites at once those of the platform."""
    return may(user, Action.SITE_SETTINGS, site)


def set_wordings(*, key: str, site: int | None, texts: Mapping[str, str], user: Any) -> int:
    """Put texts by language in the place of the portal's own; "" goes back to these.

    Returns how many changed.

    Raises:
        PermissionDenied: the account may not speak for this site.
        ValidationError: by language, what is wrong; nothing is written then.
    """
    if not may_word(user, site):
        raise PermissionDenied
    cleaned = {language: clean(text) for language, text in texts.items()}
    wrong = {
        language: problems
        for language, text in cleaned.items()
        if (problems := problems_of(key, language, text))
    }
    if wrong:
        raise ValidationError(wrong)
    with transaction.atomic():
        changed = sum(_set(key, language, site, text, user) for language, text in cleaned.items())
        if changed:
            touch_content()  # every process says it from the next message on
    return changed


def problems_of(key: str, language: str, text: str) -> list[str]:
    """What speaks against a text; nothing of an empty one."""
    if not text:
        return []
    problems = []
    if len(text) > LONGEST:
        problems.append(gettext("Longer than %(longest)s characters.") % {"longest": LONGEST})
    with override(language):
        wanted = placeholders(str(SENTENCES[key]))
    given = placeholders(text)
    problems += [
        gettext("%(name)s is missing: visitors would not be told it.") % {"name": f"%({name})s"}
        for name in sorted(wanted - given)
    ]
    problems += [
        gettext("%(name)s means nothing here.") % {"name": f"%({name})s"}
        for name in sorted(given - wanted)
    ]
    return problems


def _set(key: str, language: str, site: int | None, text: str, user: Any) -> bool:
    row = Wording.objects.select_for_update().filter(key=key, language=language, site=site).first()
    before = row.text if row is not None else ""
    if text == before:
        return False
    if row is None:
        row = Wording(key=key, language=language, site_id=site)
    row.text = text
    row.save()
    WordingChange.objects.create(wording=row, before=before, after=text, by=user)
    return True
