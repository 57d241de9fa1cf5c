"""Responding to public opinion: topics with their clocks, what people ask, who is to answer."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OpinionTopic(models.Model):
    """Something that the public is talking about, watched, answered, closed (R-POL-10).

    State, approval and clocks are written by ``services.opinion``; the rest is typed in.
    """

    class Grade(models.TextChoices):
        MAJOR = "major", _("emergency or major event")
        GENERAL = "general", _("other public opinion")

    class State(models.TextChoices):
        WATCH = "watch", _("watched")
        RESPOND = "respond", _("being answered")
        CLOSED = "closed", _("closed")

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("title"), max_length=120)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade, default=Grade.GENERAL)
    raised_at = models.DateTimeField(
        _("known since"),
        default=timezone.now,
        help_text=_("When it became known; the limits count from here."),
    )
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit in charge"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    summary = models.TextField(_("what it is about"), blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.WATCH, editable=False
    )
    conclusion = models.TextField(_("conclusion"), blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    approved_name = models.CharField(_("approved by"), max_length=80, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("topic of public opinion")
        verbose_name_plural = _("topics of public opinion")
        ordering = ["-raised_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class HotQuestion(models.Model):
    """Something that many ask: typed in, or brought by a plugin; answered under a topic (R-POL-11).

    ``key`` is empty for what was typed in.
    """

    class Kind(models.TextChoices):
        MESSAGE = "message", _("messages and letters")
        SEARCH = "search", _("searches")
        HOTLINE = "hotline", _("hotline")
        MEDIA = "media", _("media and networks")
        OTHER = "other", _("other")

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    topic = models.ForeignKey(
        OpinionTopic,
        verbose_name=_("topic"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="questions",
    )
    kind = models.CharField(_("where from"), max_length=8, choices=Kind, default=Kind.HOTLINE)
    text = models.CharField(_("question"), max_length=300)
    count = models.PositiveIntegerField(_("how often"), default=1)
    url = models.CharField(_("address"), max_length=500, blank=True)
    key = models.CharField(max_length=200, blank=True, editable=False)
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)
    set_aside = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("hot question")
        verbose_name_plural = _("hot questions")
        ordering = ["-count", "-noted_at", "-pk"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["site", "key"],
                condition=~models.Q(key=""),
                name="policy_hot_question_once",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Invitation(models.Model):
    """A unit that was asked to answer, by when, and what it said."""

    topic = models.ForeignKey(OpinionTopic, on_delete=models.CASCADE, related_name="invitations")
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    request = models.TextField(_("what it is asked for"))
    invited_at = models.DateTimeField(default=timezone.now)
    clock = models.ForeignKey("core.Clock", null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    answer_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page with the answer"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("invitation to answer")
        ordering = ["invited_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.topic} · {self.unit}"


class ChannelPush(models.Model):
    """Where a document, an interpretation or a response was spread, and when (R-POL-12)."""

    class Channel(models.TextChoices):
        MEDIA = "media", _("press, radio, television")
        NEWS_SITE = "news_site", _("news website")
        WECHAT = "wechat", _("WeChat")
        WEIBO = "weibo", _("Weibo")
        SHORT_VIDEO = "short_video", _("short video")
        CLIENT = "client", _("app")
        PORTAL = "portal", _("portal of a higher level")
        OTHER = "other", _("other")

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        editable=False,
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    outlet = models.CharField(_("name of the medium or account"), max_length=80)
    url = models.URLField(_("address there"), blank=True)
    pushed_at = models.DateTimeField(_("when"), default=timezone.now)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("entry of the channel log")
        verbose_name_plural = _("channel log")
        ordering = ["-pushed_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.page} → {self.outlet}"
