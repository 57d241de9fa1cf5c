"""Mails leave by the worker: no step waits for a mail server, none is undone by one.

A mail is queued when its transaction is committed. What was rolled back is told to nobody.
"""

import datetime
import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.tasks import task
from django.utils import timezone

logger = logging.getLogger(__name__)

SERVER = "server"  # the mailer that talks to the mail server
TRIES = 5


class QueuedMail(BaseEmailBackend):
    """Puts mails into the queue of background tasks.

    Raises:
        ValueError: a mail with attachments; the queue keeps text only.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        told = [_stored(message) for message in email_messages if message.recipients()]
        for mail in told:
            transaction.on_commit(partial(_enqueue, mail), robust=True)
        return len(told)


def _stored(message: EmailMessage) -> dict[str, Any]:
    if message.attachments:
        raise ValueError("A queued mail has no attachments.")
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "reply_to": list(message.reply_to),
        "headers": {name: str(value) for name, value in message.extra_headers.items()},
        "alternatives": [
            [str(content), str(kind)] for content, kind in getattr(message, "alternatives", ())
        ],
    }


def _enqueue(mail: dict[str, Any]) -> None:
    send_stored.enqueue(mail, 1)


@task
def send_stored(mail: dict[str, Any], attempt: int) -> None:
    """Send; what fails is tried again after 1, 4, 9 and 16 minutes, then given up and logged."""
    message = EmailMultiAlternatives(
        **mail | {"alternatives": [tuple(each) for each in mail["alternatives"]]}
    )
    try:
        mailers[SERVER].send_messages([message])
    except Exception as error:
        # Neither address nor words: a log is read by others.
        if attempt >= TRIES or not send_stored.get_backend().supports_defer:
            logger.exception("A mail could not be sent and is given up")
            return
        logger.warning("A mail could not be sent (%s); it is tried again", type(error).__name__)
        later = timezone.now() + datetime.timedelta(minutes=attempt**2)
        send_stored.using(run_after=later).enqueue(mail, attempt + 1)


def is_on() -> bool:
    """Whether the portal has a mail server."""
    return SERVER in settings.MAILERS
