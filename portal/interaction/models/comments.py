"""Comments under content: nothing is shown before somebody has read it (R-INT-23, 24)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CommentState(models.TextChoices):
    WAITING = "waiting", _("waits for a look")
    SHOWN = "shown", pgettext_lazy("comment", "shown")
    REFUSED = "refused", pgettext_lazy("comment", "not shown")
    HIDDEN = "hidden", pgettext_lazy("comment", "taken down")


class Comment(models.Model):
    """Words about a page. ``visitor`` is a hash of the day; a name is whatever was typed."""

    site = models.ForeignKey("core.SiteRecord", on_delete=models.PROTECT, related_name="+")
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    page_title = models.CharField(max_length=255)
    language = models.CharField(max_length=12)
    name = models.CharField(_("name"), max_length=30, blank=True)
    text = models.TextField(_("comment"), max_length=1000)
    masked_text = models.TextField(blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=CommentState, default=CommentState.WAITING
    )
    findings = models.JSONField(default=list)
    visitor = models.CharField(max_length=64, blank=True)
    key_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - unique
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by_name = models.CharField(max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reply = models.TextField(_("reply"), blank=True)
    reply_unit = models.ForeignKey(
        "core.Organisation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    replied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "state", "at"], name="interaction_comment_queue"),
            models.Index(fields=["page", "state", "-at"], name="interaction_comment_page"),
            models.Index(fields=["-at", "-id"], name="interaction_comment_newest"),
            models.Index(
                fields=["at", "id", "site"],
                condition=models.Q(state="waiting"),
                name="interaction_comment_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class CommentPlace(models.Model):
    """Whether pages at and below a page take comments. The nearest one above a page holds; without
    any, a page takes none."""

    page = models.OneToOneField(
        "wagtailcore.Page",
        verbose_name=_("column or page"),
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Holds for all articles below it."),
    )
    is_open = models.BooleanField(
        _("comments are taken"), default=True, help_text=_("Off: what is here already stays.")
    )

    class Meta:
        verbose_name = _("place for comments")
        verbose_name_plural = _("places for comments")
        ordering = ["page__path"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.page)
