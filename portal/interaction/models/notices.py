"""Notices that leave the portal (number and link only), and keys of programs that send letters."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeHook(models.Model):
    """An address of another program that is told of the moves of a site's letters."""

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    url = models.URLField(_("address"), max_length=500)
    secret_name = models.CharField(
        _("environment variable of the signing key"), max_length=80, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("program that is told")
        verbose_name_plural = _("programs that are told")
        ordering = ["site", "name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class LetterNotice(models.Model):
    """One notice: to the writer's e-mail, or to a program. ``what`` is a verb of the history."""

    letter = models.ForeignKey(
        "interaction.Letter", on_delete=models.CASCADE, related_name="notices"
    )
    hook = models.ForeignKey(NoticeHook, null=True, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=12)
    seq = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("notice about a letter")
        ordering = ["pk"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["letter", "hook", "seq"], name="interaction_notice_hook"
            ),
            models.UniqueConstraint(
                fields=["letter", "seq"],
                condition=models.Q(hook__isnull=True),
                name="interaction_notice_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.what}"


class IntakeKey(models.Model):
    """A program that may send letters (hotline, upper platform), with its limits. Only the hash of
    the key is kept."""

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.CharField(max_length=128)
    per_minute = models.PositiveSmallIntegerField(_("letters in a minute"), default=30)
    per_day = models.PositiveIntegerField(_("letters in a day"), default=2000)
    is_active = models.BooleanField(_("active"), default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("key of a program that sends letters")
        verbose_name_plural = _("keys of programs that send letters")
        ordering = ["site", "name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
