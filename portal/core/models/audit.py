from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AuditEntry(models.Model):
    """One event. Written by ``core.audit.recording``, sealed by ``core.audit.sealing``, then left.

    Keys are kept as numbers beside names: an account or a page may go, what it did stays.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", pgettext_lazy("audit", "sign-in")
        RIGHTS = "rights", pgettext_lazy("audit", "accounts and rights")
        CONTENT = "content", pgettext_lazy("audit", "content")
        SETTINGS = "settings", pgettext_lazy("audit", "settings")
        EXPORT = "export", pgettext_lazy("audit", "export")

    class Result(models.TextChoices):
        DONE = "done", pgettext_lazy("audit", "done")
        FAILED = "failed", pgettext_lazy("audit", "failed")
        REFUSED = "refused", pgettext_lazy("audit", "refused")

    # No page shows it: the page store does not follow it.
    pages_show_it = False

    uid = models.UUIDField(unique=True, editable=False)
    at = models.DateTimeField(_("time"), db_index=True)
    kind = models.CharField(_("kind of event"), max_length=10, choices=Kind)
    action = models.CharField(_("event"), max_length=80)
    result = models.CharField(_("result"), max_length=8, choices=Result, default=Result.DONE)
    user_pk = models.BigIntegerField(null=True)
    user_name = models.CharField(_("account"), max_length=150, blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    object_kind = models.CharField(_("kind of object"), max_length=100, blank=True)
    object_pk = models.CharField(max_length=64, blank=True)
    object_name = models.CharField(_("object"), max_length=255, blank=True)
    site_pk = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    mark = models.CharField(max_length=64)
    seq = models.BigIntegerField(_("number"), null=True, unique=True)
    chain = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["site_pk", "-at"], name="core_audit_site"),
            models.Index(fields=["user_name", "-at"], name="core_audit_user"),
        ]

    def __str__(self) -> str:
        return f"{self.seq or '–'} {self.action} {self.object_name}".rstrip()


class AuditHead(models.Model):
    """Where the chain stands. One row, locked by whoever seals."""

    pages_show_it = False

    first = models.BigIntegerField(default=1)  # of what is kept
    base = models.CharField(max_length=64, blank=True)  # the link before it
    seq = models.BigIntegerField(default=0)
    chain = models.CharField(max_length=64, blank=True)
    mark = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("head of the audit log")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.seq}:{self.chain}"
