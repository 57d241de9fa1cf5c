"""Codes of findings as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise] = {
    "changed": _("differs from what was published"),
    "gone": _("is gone, and should be public"),
    "not-in-log": _("is public, and was never published"),
    "entry-missing": _("an entry of the log is missing"),
    "entry-changed": _("an entry of the log was changed"),
    "log-line-missing": _("a line of the log file is missing"),
    "log-line-changed": _("a line of the log file was changed"),
    "log-line-extra": _("a line of the log file does not belong there"),
    "log-file-gone": _("the log file was not there"),
    "log-file-short": _("the log file was shorter than the table"),
    "log-file-strange": _("the log file was that of another log"),
    "log-file-diverged": _("the log file went on differently from the table"),
    "log-file-torn": _("a half-written line of the log file was cut off"),
    "subtree-changed": _("a stored part of the tree was changed"),
    "state-changed": _("the list of present states was changed"),
    "root-differs": _("the log does not give the root that was signed"),
    "root-beyond": _("entries that were signed are not there"),
    "signature-wrong": _("a signature does not hold"),
    "signature-unknown": _("nobody here knows the algorithm of a signature"),
    "key-changed": _("a key is not the one that was handed over to"),
    "log-behind": _("the log could not follow what happened"),
    "stored-changed": _("a stored page differs from what was stored"),
    "stored-gone": _("a stored page is not there"),
    "stored-stranger": _("a file in the store that nobody put there"),
    "store-unreadable": _("the store of pages could not be read"),
}


def label_of(code: str) -> str:
    return str(LABELS.get(code, code))
