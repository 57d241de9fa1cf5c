"""The log and what stands beside it: present state, subtrees, roots, keys, runs, findings."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .wording import label_of


class Log(models.Model):
    """The one log of this portal. Its row is locked by whoever appends."""

    identity = models.CharField(max_length=32, unique=True)
    began_at = models.DateTimeField(auto_now_add=True)
    # Kinds of things whose state of before the log has been taken in: nothing unknown since then.
    baselines = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("log")
        default_permissions = ()

    def __str__(self) -> str:
        return self.identity


class Action(models.TextChoices):
    """What an entry says of its item."""

    ADDED = "added", pgettext_lazy("evidence", "became public")
    CHANGED = "changed", pgettext_lazy("evidence", "changed")
    REMOVED = "removed", pgettext_lazy("evidence", "is public no longer")
    BASELINE = "baseline", pgettext_lazy("evidence", "taken in as it was")
    ACCEPTED = "accepted", pgettext_lazy("evidence", "accepted with an explanation")


class Entry(models.Model):
    """One line of the log. Written once, by ``services.log``; the file has the same bytes."""

    Action = Action

    seq = models.BigIntegerField(_("number"), primary_key=True)
    key = models.CharField(_("item"), max_length=80)
    action = models.CharField(_("what happened"), max_length=10, choices=Action)
    digest = models.CharField(_("fingerprint"), max_length=64, blank=True)
    at = models.DateTimeField(_("time"))
    event = models.BigIntegerField(_("event"), null=True)
    leaf = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("entry of the log")
        ordering = ["seq"]
        default_permissions = ()
        indexes = [models.Index(fields=["key", "-seq"], name="evidence_entry_key")]

    def __str__(self) -> str:
        return f"{self.seq} {self.key} {self.action}"


class Subtree(models.Model):
    """The root of a whole subtree, for every eighth height: proofs need no long reads."""

    height = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("subtree of the log")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["height", "index"], name="evidence_subtree_place")
        ]

    def __str__(self) -> str:
        return f"{self.height}/{self.index}"


class State(models.Model):
    """What the log says last of an item, with short hashes that tell where a difference lies."""

    kind = models.CharField(max_length=40)
    object_pk = models.BigIntegerField()
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    fields = models.JSONField(default=dict)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("state of an item")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_pk"], name="evidence_state_item")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.object_pk}"


class SigningKey(models.Model):
    """A public key under which roots were signed. Each new one is signed by the one before."""

    algorithm = models.CharField(_("algorithm"), max_length=20)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    public_key = models.TextField(_("public key"))
    began_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True)
    before = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="next")
    handed_over = models.TextField(blank=True, help_text="Signature by the key before (base64).")

    class Meta:
        verbose_name = _("signing key")
        ordering = ["-began_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.fingerprint[:16]


class Root(models.Model):
    """The root of the log at the end of a day, signed."""

    day = models.DateField(_("day"), unique=True)
    size = models.BigIntegerField(_("entries"))
    root = models.CharField(_("root"), max_length=64)
    signed_at = models.DateTimeField(_("signed"))
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="roots")
    signature = models.TextField()

    class Meta:
        verbose_name = _("signed root")
        ordering = ["-day"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} {self.size}"


class Run(models.Model):
    """One pass of the check over everything; it goes on where it was interrupted."""

    began_at = models.DateTimeField(_("began"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    place = models.JSONField(default=dict)
    checked = models.BigIntegerField(_("checked"), default=0)
    found = models.PositiveIntegerField(_("found"), default=0)

    class Meta:
        verbose_name = _("check")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"


class Finding(models.Model):
    """Something that is not as the log says, with what became of it."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("finding", "open")
        EXPLAINED = "explained", pgettext_lazy("finding", "explained")
        RESTORED = "restored", pgettext_lazy("finding", "restored")

    code = models.CharField(_("what"), max_length=40)
    place = models.CharField(_("where"), max_length=300)
    field = models.CharField(_("field"), max_length=200, blank=True)
    detail = models.TextField(_("detail"), blank=True)
    advice = models.TextField(_("what to do"), blank=True)
    found_at = models.DateTimeField(_("found"))
    last_good_at = models.DateTimeField(_("last known to be right"), null=True)
    seen_at = models.DateTimeField(_("last seen"))
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("finding")
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["status", "-id"], name="evidence_finding_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "place", "field"],
                condition=Q(status="open"),
                name="evidence_finding_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.field} {self.code}".strip()

    @property
    def label(self) -> str:
        """What was found, in words."""
        return label_of(self.code)
