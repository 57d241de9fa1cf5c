"""A letter: what was written, by whom, how it stands. Written by ``services`` only.

Who wrote is a row of its own (``LetterSender``): lists, statistics, search and the public side
never read it, and it can be erased while the letter stays.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LetterKind(models.TextChoices):
    CONSULTATION = "consultation", pgettext_lazy("letter", "question")
    SUGGESTION = "suggestion", _("suggestion")
    COMPLAINT = "complaint", _("complaint")
    REPORT = "report", _("report of a wrong")
    HELP = "help", _("request for help")
    LEADER = "leader", _("leader's mailbox")
    ERROR = "error", _("error on the website")
    ERROR_CENTRAL = "error_central", _("error reported through the central column")


class Channel(models.TextChoices):
    WEB = "web", _("website")
    ASSISTANT = "assistant", _("assistant")
    API = "api", _("other program")
    HOTLINE = "hotline", _("hotline")
    UPSTREAM = "upstream", _("forwarded from above")
    CENTRAL = "central", _("central column for errors")
    PAPER = "paper", _("paper or visit")


class ErrorKind(models.TextChoices):
    """Practice (reference 11)."""

    OUTDATED = "outdated", _("content is not updated")
    WRONG = "wrong", _("content is wrong")
    DEAD_LINK = "dead_link", _("page or link does not open")
    DOWNLOAD = "download", _("attachment cannot be downloaded")
    NO_REPLY = "no_reply", _("messages are not answered")
    SERVICE = "service", _("a service does not work")
    TAMPERED = "tampered", _("looks tampered with")
    FAKE = "fake", _("a fake website")
    OTHER = "other", pgettext_lazy("kind of error", "something else")


class LetterState(models.TextChoices):
    """Where it is. The flow goes down the first seven; each of the rest is an end."""

    RECEIVED = "received", _("received")
    ACCEPTED = "accepted", pgettext_lazy("letter", "accepted")
    ASSIGNED = "assigned", _("assigned to a unit")
    HANDLING = "handling", _("being handled")
    IN_REVIEW = "in_review", _("reply in review")
    APPROVED = "approved", _("reply approved, waits for release")
    ANSWERED = "answered", _("answered")
    INVALID = "invalid", _("invalid")
    REFUSED = "refused", _("not taken on")
    MERGED = "merged", _("joined with another letter")
    DIRECTED = "directed", _("directed to its own channel")
    FORWARDED = "forwarded", _("forwarded to another level")
    WITHDRAWN = "withdrawn", _("taken back by the writer")


OPEN_STATES = (
    LetterState.RECEIVED,
    LetterState.ACCEPTED,
    LetterState.ASSIGNED,
    LetterState.HANDLING,
    LetterState.IN_REVIEW,
    LetterState.APPROVED,
)
# Not counted as valid letters (reference 11: effective = received − these).
NOT_VALID_STATES = (LetterState.INVALID, LetterState.DIRECTED, LetterState.WITHDRAWN)


class Publicity(models.TextChoices):
    UNDECIDED = "undecided", _("not decided")
    PUBLIC = "public", _("public")
    UNTRUE = "untrue", _("not public: untrue")
    PRIVACY = "privacy", _("not public: personal privacy")
    BUSINESS = "business", _("not public: business secret")
    SECRET = "secret", _("not public: state secret")
    WISHED = "wished", _("not public: the writer wishes so")
    OTHER = "other", _("not public: another reason, approved")


# Answers that nobody has looked over for the public: none yet, or not the newest, to a second
# question (publishing sets its time anew).
UNPUBLISHED = Q(state="answered") & (
    Q(publicity="undecided") | Q(publicity="public", answered_at__gt=F("published_at"))
)


class Letter(models.Model):
    """``number`` is printed and public; ``code_hash`` is that of the query code, which only the
    writer has. ``masked_*`` are what the public may read, personal data removed. ``token_hash``:
    of the prepared page that it came from, so that it can be found again, and the form's key, so
    that pressing twice makes one letter.
    """

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField(_("number"), max_length=24, unique=True)
    code_hash = models.CharField(max_length=128)
    token_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique
    kind = models.CharField(_("kind"), max_length=14, choices=LetterKind)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    language = models.CharField(_("language"), max_length=12, default="zh-hans")
    subject = models.CharField(_("subject"), max_length=120)
    text = models.TextField(_("text"))
    chinese_text = models.TextField(_("translation into Chinese"), blank=True)
    masked_subject = models.CharField(_("subject, as published"), max_length=120, blank=True)
    masked_text = models.TextField(_("text, as published"), blank=True)
    conversation = models.TextField(_("talk that led to it"), blank=True)
    digest = models.CharField(max_length=64)  # of the normalised text: the same text again

    # error reports
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    page_path = models.CharField(_("page"), max_length=500, blank=True)
    marked_text = models.CharField(_("marked text"), max_length=500, blank=True)
    error_kind = models.CharField(_("kind of error"), max_length=12, choices=ErrorKind, blank=True)

    # forwarded from elsewhere
    upstream_name = models.CharField(_("forwarded by"), max_length=80, blank=True)
    upstream_number = models.CharField(_("number there"), max_length=60, blank=True)
    upstream_told_at = models.DateTimeField(_("reported back"), null=True)

    # how it stands
    state = models.CharField(
        _("state"), max_length=10, choices=LetterState, default=LetterState.RECEIVED
    )
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("in whose hands"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    clock = models.ForeignKey("core.Clock", null=True, on_delete=models.SET_NULL, related_name="+")
    due_at = models.DateTimeField(_("answer due"), null=True)  # that of the clock, for lists
    is_deferred = models.BooleanField(_("extended"), default=False)
    needs_translation = models.BooleanField(_("waits for a translator"), default=False)
    received_at = models.DateTimeField(_("received"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    in_time = models.BooleanField(_("in time"), null=True)
    theme = models.CharField(_("theme"), max_length=12, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )
    reopened = models.PositiveSmallIntegerField(_("reopened"), default=0)
    steps_count = models.PositiveIntegerField(default=0)  # sequence of its history

    # publishing the result
    may_publish = models.BooleanField(_("the writer agrees that it is published"), default=True)
    publicity = models.CharField(
        _("publication"), max_length=10, choices=Publicity, default=Publicity.UNDECIDED
    )
    publicity_reason = models.CharField(_("reason"), max_length=200, blank=True)
    publicity_by_name = models.CharField(_("decided by"), max_length=150, blank=True)
    published_at = models.DateTimeField(_("published"), null=True)
    useful = models.PositiveIntegerField(default=0)
    not_useful = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-received_at", "-pk"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False),
                name="interaction_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="interaction_merged_has_target",
            ),
            # What waits is read by the index of what is not closed: no letter may fall out of it.
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(state__in=OPEN_STATES),
                name="interaction_open_not_closed",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "state", "due_at"], name="interaction_by_state"),
            models.Index(fields=["unit", "state", "due_at"], name="interaction_by_unit"),
            models.Index(fields=["holder", "state", "due_at"], name="interaction_by_holder"),
            models.Index(fields=["site", "-received_at"], name="interaction_by_receipt"),
            models.Index(fields=["site", "kind", "-received_at"], name="interaction_by_kind"),
            models.Index(fields=["digest"], name="interaction_digest"),
            models.Index(fields=["merged_into"], name="interaction_merged"),
            # The desk's lists: what is open is a small part of what there is.
            models.Index(
                fields=["due_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="interaction_open",
            ),
            models.Index(fields=["-received_at", "-id"], name="interaction_newest"),
            models.Index(fields=["state", "-received_at", "-id"], name="interaction_state_newest"),
            models.Index(
                fields=["language", "-received_at", "-id"], name="interaction_by_language"
            ),
            models.Index(fields=["kind", "-received_at", "-id"], name="interaction_kind_newest"),
            models.Index(fields=["channel", "-received_at", "-id"], name="interaction_by_channel"),
            models.Index(
                fields=["due_at", "id"], condition=Q(is_deferred=True), name="interaction_extended"
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(reopened__gt=0), name="interaction_reopened"
            ),
            models.Index(
                fields=["due_at", "id"], condition=UNPUBLISHED, name="interaction_unpublished"
            ),
            models.Index(
                fields=["upstream_number", "site"],
                condition=~Q(upstream_number=""),
                name="interaction_upstream",
            ),
            # The public ledger: each way to narrow it has its own order.
            *(
                models.Index(
                    fields=[*narrowed, "-answered_at", "-id"],
                    condition=Q(publicity="public", published_at__isnull=False),
                    name=f"interaction_public{''.join(f'_{name}' for name in narrowed)}",
                )
                for narrowed in ((), ("site",), ("kind",), ("unit",), ("theme",), ("language",))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class LetterSender(models.Model):
    """Who wrote. Erased on demand and when the site's time for it is over."""

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="sender")
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("place"), max_length=160, blank=True)
    wants_mail = models.BooleanField(_("wants to be told by e-mail"), default=True)
    visitor = models.CharField(max_length=64, blank=True)  # hash of the day, against floods
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("writer of a letter")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.letter_id}"
