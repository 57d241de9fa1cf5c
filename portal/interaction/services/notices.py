"""Notices that leave the portal: number, state and link, never what a letter says.

Each is a row, written with the step that it tells of. A mail to the writer goes through the queue
of the portal; other programs are told by a background task that tries again, and by a job for those
whose task was lost.
"""

import datetime
import hashlib
import hmac
import json
import os
from functools import partial
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.interaction.models import (
    Letter,
    LetterNotice,
    LetterSender,
    LetterStep,
    NoticeHook,
    Verb,
)
from portal.interaction.states import TRANSITIONS
from portal.interaction.surroundings import address, code_of
from portal.plugin_api import PrivateAddress, ask_outside

MOST_TRIES = 6
# A task that was not seen after this is taken for lost.
LOST_AFTER = datetime.timedelta(minutes=30)
# Signing keys are in the environment, under names that cannot mean another secret of the portal.
SECRET_PREFIX = "PORTAL_LETTERS_HOOK_"  # noqa: S105 - a name
_NO_STATE = {Verb.NOTE, Verb.REMIND, Verb.ESCALATE, Verb.ERASE, Verb.DRAFT, Verb.ADVISE,
             Verb.ASK_ADVICE, Verb.RATE, Verb.TRANSLATE}  # fmt: skip


def prepare(letter: Letter, step: LetterStep) -> None:
    """Note whom a step has to be told to; sent when the transaction is committed."""
    move = TRANSITIONS.get(Verb(step.verb))
    if move is None or move.tells_writer:
        _prepare_mail(letter, step)
    if step.verb in _NO_STATE:
        return
    for hook in NoticeHook.objects.filter(site=letter.site_id, is_active=True):
        row = LetterNotice.objects.create(letter=letter, hook=hook, what=step.verb, seq=step.seq)
        transaction.on_commit(partial(deliver_notice.enqueue, row.pk), robust=True)


def link_of(letter: Letter) -> str:
    """The page on which a letter is looked up, in the writer's language; the code is not in it."""
    root = letter.site.root_page.full_url or settings.WAGTAILADMIN_BASE_URL
    language = letter.language if letter.language in dict(settings.LANGUAGES) else "zh-hans"
    return urljoin(root, address("status", language=language, site=code_of(letter.site_id)))


# --- mails ----------------------------------------------------------------------------------------
def _prepare_mail(letter: Letter, step: LetterStep) -> None:
    sender = LetterSender.objects.filter(letter=letter).first()
    if sender is None or not sender.email or not sender.wants_mail:
        return
    LetterNotice.objects.create(
        letter=letter, what=step.verb, seq=step.seq, sent_at=timezone.now(), tries=1
    )
    language = letter.language if letter.language in dict(settings.LANGUAGES) else "zh-hans"
    with override(language):
        subject = _("Your letter %(number)s: %(state)s") % {
            "number": letter.number,
            "state": letter.get_state_display(),
        }
        body = _(
            "Your letter %(number)s is now: %(state)s.\n\n"
            "You can read more with your query code at\n%(link)s\n\n"
            "This mail was sent by a program. Please do not answer it."
        ) % {
            "number": letter.number,
            "state": letter.get_state_display(),
            "link": link_of(letter),
        }
        send_mail(subject, body, None, [sender.email])


# --- other programs -------------------------------------------------------------------------------
@task
def deliver_notice(pk: int) -> None:
    """Tell another program; what fails is tried again after 1, 4, 9, 16 and 25 minutes."""
    if deliver(pk):
        return
    row = LetterNotice.objects.filter(pk=pk, sent_at__isnull=True).first()
    if row is None or row.tries >= MOST_TRIES or not deliver_notice.get_backend().supports_defer:
        return
    later = timezone.now() + datetime.timedelta(minutes=row.tries**2)
    deliver_notice.using(run_after=later).enqueue(pk)


def deliver(pk: int) -> bool:
    """One try; whether there is nothing left to do."""
    row = LetterNotice.objects.select_related("hook", "letter__site").filter(pk=pk).first()
    if row is None or row.hook is None or row.sent_at is not None or not row.hook.is_active:
        return True
    body = json.dumps(told(row), ensure_ascii=False).encode()
    failure = ""
    try:
        answer = ask_outside("POST", row.hook.url, body=body, headers=_headers(row.hook, body))
        if not 200 <= answer.status < 300:
            failure = f"status {answer.status}"
    except PrivateAddress:
        failure = "leads into a private network"
    except (OSError, ValueError) as error:
        failure = str(error) or type(error).__name__
    row.tries += 1
    row.failure = failure[:200]
    row.sent_at = None if failure else timezone.now()
    row.save()
    return not failure


def told(row: LetterNotice) -> dict[str, Any]:
    """What another program learns of a step."""
    step = LetterStep.objects.filter(letter=row.letter_id, seq=row.seq).first()
    return {
        "number": row.letter.number,
        "site": row.letter.site.code,
        "event": row.what,
        "state": step.to_state if step else row.letter.state,
        "at": step.at.isoformat(timespec="seconds") if step else "",
        "link": link_of(row.letter),
        "upstream_number": row.letter.upstream_number,
    }


def _headers(hook: NoticeHook, body: bytes) -> dict[str, str]:
    """With a signature over the body, where the hook has a key.

    Raises:
        ValueError: the environment has no such key: nothing is sent unsigned by mistake.
    """
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "portal-letters"}
    if hook.secret_name:
        secret = os.environ.get(hook.secret_name, "")
        if not secret or not hook.secret_name.startswith(SECRET_PREFIX):
            raise ValueError("no signing key")
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers["X-Portal-Signature"] = f"sha256={signature}"
    return headers


def send_lost(site_pk: int | None) -> int:
    """Tell what was not told although its time has come: the process that had to do it has died."""
    lost = LetterNotice.objects.filter(
        hook__isnull=False,
        hook__site=site_pk,
        hook__is_active=True,
        sent_at__isnull=True,
        tries__lt=MOST_TRIES,
        made_at__lt=timezone.now() - LOST_AFTER,
    )
    pks = list(lost.values_list("pk", flat=True)[:500])
    for pk in pks:
        deliver(pk)
    return len(pks)
