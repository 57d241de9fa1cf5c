"""Taking a letter in, and finding it again by number and code."""

import datetime
import hashlib
import secrets
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.interaction import deadlines
from portal.interaction.masking import masked
from portal.interaction.models import (
    Channel,
    ErrorKind,
    Letter,
    LetterFile,
    LetterKind,
    LetterSender,
    Verb,
)
from portal.interaction.profiles import profile_of
from portal.interaction.uploads import CheckedFile
from portal.plugin_api import SiteLike, count_in_window, site_pk, take_turn

from .codes import (
    code_fits,
    code_for,
    code_hash,
    is_number,
    new_number,
    tidy_code,
    tidy_number,
    token_hash,
)
from .moving import MoveRefused, record

__all__ = [
    "Received",
    "Sender",
    "code_of",
    "digest_of_letter",
    "find_by_code",
    "receive",
    "sent_with",
    "token_hash",
]

# How often somebody, or somebody about one letter, may be wrong within an hour.
WRONG_OF_VISITOR = 20
WRONG_OF_LETTER = 200
WINDOW = 3600
_NO_NUMBER = "-"  # no letter has it; asked for like any other
LONGEST_SUBJECT = 120
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes; all of it may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    wants_mail: bool = True


@dataclass(frozen=True, slots=True)
class Received:
    """``code`` is known only here: what is stored is a hash of it."""

    letter: Letter
    code: str


def receive(
    *,
    site: SiteLike,
    kind: str,
    subject: str,
    text: str,
    language: str = "zh-hans",
    sender: Sender | None = None,
    channel: str = Channel.WEB,
    page_path: str = "",
    page: Any = None,
    marked_text: str = "",
    error_kind: str = "",
    conversation: str = "",
    files: Iterable[CheckedFile] = (),
    token: str = "",
    may_publish: bool = True,
    visitor: str = "",
    received_at: datetime.datetime | None = None,
    upstream_name: str = "",
    upstream_number: str = "",
) -> Received:
    """Take a letter in. The same token again gives the same letter with the same code.

    Args:
        token: of the form (or of a program's request): random, known to whoever sends.
        received_at: when it came, where that was before now; its clock runs from then.
        visitor: a hash of who sends, against floods.

    Raises:
        MoveRefused: nothing is written in it, it is too long, the site does not take this kind at
            present, or the moment lies in the future. Nothing is kept then.
    """
    key = token or secrets.token_urlsafe(24)
    again = sent_with(key)
    if again is not None:
        return again
    stored: list[Any] = []
    try:
        with transaction.atomic():
            take_turn()
            letter = _letter(
                site=site_pk(site),
                kind=kind,
                subject=subject,
                text=text,
                received_at=received_at or timezone.now(),
                language=language,
                channel=channel,
                page=page,
                page_path=page_path[:500],
                marked_text=marked_text[:500],
                error_kind=error_kind if error_kind in ErrorKind.values else "",
                conversation=conversation,
                may_publish=may_publish,
                upstream_name=upstream_name[:80],
                upstream_number=upstream_number[:60],
            )
            letter.token_hash = token_hash(key)
            who = sender or Sender()
            names = [who.name] if who.name else []
            letter.masked_subject = masked(letter.subject, names)[:LONGEST_SUBJECT]
            letter.masked_text = masked(letter.text, names)
            code = _numbered(letter, key)
            LetterSender.objects.create(
                letter=letter,
                name=who.name[:60],
                phone=who.phone[:40],
                email=who.email[:254],
                address=who.address[:160],
                wants_mail=who.wants_mail,
                visitor=visitor[:64],
            )
            for file in files:
                stored.append(_store(letter, file))  # noqa: PERF401 - known one by one
            _start_clocks(letter)
            record(
                letter,
                Verb.RECEIVE,
                at=letter.received_at,
                data={"channel": letter.channel, "language": letter.language},
            )
    except IntegrityError:
        _forget(stored)
        again = sent_with(key)  # sent twice at the same time
        if again is None:
            raise
        return again
    except BaseException:
        _forget(stored)
        raise
    return Received(letter, code)


def code_of(letter: Letter, token: str) -> str:
    """The code of a letter for whoever has the token that it came with; else ""."""
    if not token or letter.token_hash != token_hash(token):
        return ""
    code = code_for(letter.number, token)
    return code if code_fits(letter.number, code, letter.code_hash) else ""


def find_by_code(*, number: str, code: str, visitor: str = "") -> Letter | None:
    """The letter of a number, for whoever has its code. None without telling which was wrong, and
    for a while after too many wrong guesses.

    One who never guessed wrong is not kept from a letter at which others guess.
    """
    wanted, typed = tidy_number(number), tidy_code(code)
    if not is_number(wanted):
        wanted = _NO_NUMBER
    own, of_letter = f"letters:wrong:{visitor}", f"letters:wrong:{wanted}"
    if visitor and cache.get(f"{own}:blocked"):
        return None
    # The same work whether there is such a letter or not: its texts are read when the code fits.
    row = Letter.objects.filter(number=wanted).values_list("pk", "code_hash").first()
    fits = code_fits(wanted, typed, row[1] if row else "0" * 64)
    guessed = bool(visitor) and bool(cache.get(own))
    is_blocked = bool(cache.get(f"{of_letter}:blocked"))
    if row is not None and fits and not (guessed and is_blocked):
        return Letter.objects.get(pk=row[0])
    for key, most in ((own, WRONG_OF_VISITOR), (of_letter, WRONG_OF_LETTER)):
        if key == own and not visitor:
            continue
        count, left = count_in_window(key, WINDOW)
        cache.set(key, True, timeout=left)
        if count >= most:
            cache.set(f"{key}:blocked", True, timeout=left)
    return None


def digest_of(text: str) -> str:
    """Of a text, whatever its spaces, signs and widths: the same text again."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return hashlib.sha256("".join(filter(str.isalnum, plain)).encode()).hexdigest()


def digest_of_letter(subject: str, text: str) -> str:
    return digest_of(f"{subject.strip()} {text.strip()}")


def sent_with(token: str) -> Received | None:
    """The letter that a token was sent with, for whoever holds it; None where it is still new."""
    letter = Letter.objects.filter(token_hash=token_hash(token)).first()
    return Received(letter, code_of(letter, token)) if letter is not None else None


# --- inside ---------------------------------------------------------------------------------------
def _letter(
    *, site: int | None, kind: str, received_at: datetime.datetime, **values: Any
) -> Letter:
    if site is None or kind not in LetterKind.values or not profile_of(site, kind).is_open:
        raise MoveRefused(_("This site does not take letters of this kind at present."))
    subject, text = values.pop("subject").strip(), values.pop("text").strip()
    if not subject or not text:
        raise MoveRefused(_("A letter needs a subject and a text."))
    if len(subject) > LONGEST_SUBJECT or len(text) > LONGEST_TEXT:
        raise MoveRefused(
            _("The subject has at most %(subject)d signs, the text %(text)d.")
            % {"subject": LONGEST_SUBJECT, "text": LONGEST_TEXT}
        )
    if received_at > timezone.now():
        raise MoveRefused(_("The moment lies in the future."))
    return Letter(
        site_id=site,
        kind=kind,
        subject=subject,
        text=text,
        digest=digest_of_letter(subject, text),
        received_at=received_at,
        needs_translation=not values["language"].startswith("zh"),
        **values,
    )


def _numbered(letter: Letter, token: str) -> str:
    """Give it a number that is free, and save it; the code that belongs to it."""
    for _try in range(8):
        letter.number = new_number(letter.site.code, letter.received_at)
        if not Letter.objects.filter(number=letter.number).exists():
            break
    code = code_for(letter.number, token)
    letter.code_hash = code_hash(letter.number, code)
    letter.save()
    return code


def _start_clocks(letter: Letter) -> None:
    kind = profile_of(letter.site_id, letter.kind).clock_kind
    letter.clock = deadlines.start(letter, kind, at=letter.received_at)
    letter.due_at = letter.clock.due_at
    if kind == deadlines.ERROR_CENTRAL:
        deadlines.start(letter, deadlines.ERROR_CENTRAL_DRAFT, at=letter.received_at)


def _store(letter: Letter, file: CheckedFile) -> LetterFile:
    """Under a name of ours: the writer's is text only."""
    row = LetterFile(
        letter=letter,
        name=file.name[:120],
        mime_type=file.mime_type[:80],
        size=len(file.data),
        sha256=file.sha256,
        scanned_at=file.scanned_at,
        scanned_by=file.scanned_by[:80],
    )
    row.file.save(uuid.uuid4().hex, ContentFile(file.data), save=True)
    return row


def _forget(stored: list[LetterFile]) -> None:
    """Their rows are undone by the transaction; the files are not."""
    for row in stored:
        row.file.storage.delete(row.file.name)
