"""What answers rest on, kept once for all answers that say the same from the same sources.

A repeal thus changes the state of a handful of rows, however many visitors were told so.
"""

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_CODE_DIGITS = 9


class ReceiptState(models.TextChoices):
    """How the text of an answer stands now.

    ``VALID``: it is approved and in force as it was given. ``SUPERSEDED``: another text has taken
    its place. ``ENDED``: it was withdrawn, or it or its basis is no longer in force.
    ``SOURCE_AMENDED``: the text is still the approved one, but what it rests on reads differently
    now. ``NONE``: no approved text was given.
    """

    VALID = "valid", _("holds as it was given")
    SUPERSEDED = "superseded", _("replaced")
    ENDED = "no_longer_in_force", _("no longer in force")
    SOURCE_AMENDED = "source_amended", _("a source was amended")
    NONE = "not_applicable", _("no approved text")


# What visitors who got the text have to be told.
OVER = frozenset({ReceiptState.SUPERSEDED, ReceiptState.ENDED, ReceiptState.SOURCE_AMENDED})


def new_code() -> str:
    """Ten digits that can be read out on the telephone; the last one checks the others.

    Not the address of a receipt, and of no use to anybody but staff. Two receipts may share one
    (one in a thousand among a million): staff are shown both.
    """
    digits = str(secrets.randbelow(9 * 10 ** (_CODE_DIGITS - 1)) + 10 ** (_CODE_DIGITS - 1))
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The check digit after ISO 7064, MOD 11,10: no single wrong digit passes."""
    check = 10
    for digit in digits:
        check = ((check + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - check) % 10)


def is_code(digits: str) -> bool:
    return (
        len(digits) == _CODE_DIGITS + 1
        and digits.isascii()
        and digits.isdecimal()
        and check_digit(digits[:-1]) == digits[-1]
    )


class AnswerBasis(models.Model):
    """A text and the sources that it was given with; ``fingerprint`` is the hash of all of it.

    ``page`` is the entry's page (no foreign key: receipts outlive it), ``digest`` the SHA-256 of
    the text. ``state_since`` is from when the state holds, ``noticed_at`` when it was seen here;
    None while nothing has changed since the first answer.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    page = models.BigIntegerField(db_index=True)
    language = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, db_index=True)
    state = models.CharField(
        _("state"), max_length=20, choices=ReceiptState, default=ReceiptState.VALID
    )
    state_since = models.DateTimeField(_("since"), null=True)
    superseded_by = models.ForeignKey(
        "assistant.QuestionPage", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    noticed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("basis of answers")
        verbose_name_plural = _("bases of answers")
        default_permissions = ()

    def __str__(self) -> str:
        return self.fingerprint


class BasisSource(models.Model):
    """One thing that a text rests on: found by it when it changes.

    ``clauses`` are the ids of cited clauses, ``digest`` the hash of what was read, ``standing`` how
    it stood then.
    """

    basis = models.ForeignKey(AnswerBasis, on_delete=models.CASCADE, related_name="sources")
    page = models.BigIntegerField(db_index=True)
    clauses = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    standing = models.CharField(max_length=20)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.basis_id} {self.page}"


class BasisChange(models.Model):
    """A change of a basis's state: what feeds tell, and the record of when it was noticed."""

    basis = models.ForeignKey(AnswerBasis, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=20, choices=ReceiptState)
    since = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey(
        "assistant.QuestionPage", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    noticed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["-noticed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.basis_id} {self.state}"


class ForgottenAnswer(models.Model):
    """The number of a receipt whose visitor wished it forgotten; nothing of what it said."""

    answer = models.CharField(primary_key=True, max_length=32)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.answer
