"""Modes of a site that are switched on for a while: an emergency banner, grey for mourning."""

import datetime
import hashlib
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)


class TimedModeQuerySet(models.QuerySet["TimedMode"]):
    def not_over(self, now: datetime.datetime) -> Self:
        """Those that hold now or will hold later."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


class TimedMode(models.Model):
    """What holds from a moment on, for a site, for a site with its sub-sites, or everywhere.

    The interval is half open: ``[starts_at, ends_at)``. Rows are never deleted, only ended: they
    are the record of what stood on the site.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")
        CANCELLED = "cancelled", _("cancelled")

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty: the whole platform, all sites."),
    )
    with_sub_sites = models.BooleanField(
        _("also on its sub-sites"),
        default=False,
        help_text=_("Shown on every site below the chosen one, too."),
    )
    starts_at = models.DateTimeField(_("starts at"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("ends at"),
        null=True,
        blank=True,
        help_text=_("Empty: until somebody ends it."),
    )
    told = models.CharField(max_length=12, blank=True, editable=False, default="")

    objects = TimedModeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-starts_at", "-pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.told in OVER and self.state() not in OVER:
            self.told = ""  # somebody has prolonged it: its end is to be told once more
        super().save(*args, **kwargs)

    def state(self, now: datetime.datetime | None = None) -> "TimedMode.State":
        now = now or timezone.now()
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            return self.State.CANCELLED
        if now < self.starts_at:
            return self.State.PLANNED
        if self.ends_at is not None and self.ends_at <= now:
            return self.State.ENDED
        return self.State.ACTIVE

    @property
    def state_text(self) -> str:
        return str(self.state().label)

    @property
    def mode_name(self) -> str:
        return capfirst(str(self._meta.verbose_name))

    @property
    def scope_text(self) -> str:
        if self.site is None:
            return gettext("whole platform")
        if self.with_sub_sites:
            return gettext("%(site)s with its sub-sites") % {"site": self.site.short_name}
        return str(self.site.short_name)

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("It has to end after it starts.")})
        if self.site_id is None:
            self.with_sub_sites = True  # "everywhere" leaves no site out


# A mode in one of these states will not change by itself any more.
OVER = frozenset({TimedMode.State.ENDED, TimedMode.State.CANCELLED})


class EmergencyBanner(ClusterableModel, TimedMode):
    """An urgent message at the top of every page.

    Title and text are in the source language; ``texts`` holds the other languages.
    """

    class Level(models.TextChoices):
        """The four colours of the national warning system, the gravest first."""

        RED = "red", _("Red warning (gravest)")
        ORANGE = "orange", _("Orange warning (grave)")
        YELLOW = "yellow", _("Yellow warning (serious)")
        BLUE = "blue", _("Blue warning (notable)")

    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.BLUE)
    title = models.CharField(
        _("title"), max_length=60, help_text=_("What is happening, where. Up to 60 characters.")
    )
    text = models.TextField(
        _("text"),
        max_length=400,
        blank=True,
        help_text=_("What people should do now, in short plain sentences. It is read aloud, too."),
    )
    phone = models.CharField(
        _("telephone"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[0-9+()\- ]{3,30}$", _("Digits, spaces, + and - only."))],
        help_text=_("The number to call, shown large."),
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page with details"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Linked as long as it is public."),
    )
    link_url = models.URLField(
        _("or an address elsewhere"),
        blank=True,
        help_text=_("Of another government website, beginning with https://."),
    )
    sign_language_url = models.URLField(
        _("sign-language video"),
        blank=True,
        help_text=_("Address of a page or video in which the message is signed."),
    )
    can_be_dismissed = models.BooleanField(
        _("visitors may put it away"),
        default=True,
        help_text=_(
            "A changed message comes back to those who put the old one away. Red warnings always "
            "stay."
        ),
    )

    panels: ClassVar[list[object]] = [
        FieldPanel("level"),
        FieldPanel("title"),
        FieldPanel("text"),
        FieldPanel("phone"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("site"), FieldPanel("with_sub_sites")])],
            heading=_("Where"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("can_be_dismissed"),
            ],
            heading=_("How long"),
        ),
        MultiFieldPanel(
            [
                PageChooserPanel("page"),
                FieldPanel("link_url"),
                FieldPanel("sign_language_url"),
            ],
            heading=_("More about it"),
        ),
        InlinePanel(
            "texts",
            heading=_("Other languages"),
            label=_("Language"),
            help_text=_(
                "Pages of a language without a text here show the Chinese one and say so in "
                "that language."
            ),
        ),
    ]

    class Meta(TimedMode.Meta):
        verbose_name = _("emergency banner")
        verbose_name_plural = _("emergency banners")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.level == self.Level.RED:
            self.can_be_dismissed = False  # in an emergency nobody should meet an error for this
        if self.page_id and self.link_url:
            raise ValidationError({"link_url": _("Either a page or an address, not both.")})

    @property
    def version(self) -> str:
        """Changes with what visitors read; one who put it away sees the new message."""
        texts = sorted((row.language, row.title, row.text) for row in self.texts.all())
        content = repr((self.level, self.title, self.text, self.phone, texts))
        return hashlib.sha256(content.encode()).hexdigest()[:10]


class EmergencyText(models.Model):
    """The words of a banner in one more language."""

    banner = ParentalKey(EmergencyBanner, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(
        _("language"),
        max_length=12,
        choices=[pair for pair in settings.LANGUAGES if pair[0] != settings.LANGUAGE_CODE],
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=800, blank=True)

    panels: ClassVar[list[object]] = [
        FieldPanel("language"),
        FieldPanel("title"),
        FieldPanel("text"),
    ]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["banner", "language"],
                name="core_emergency_text_unique",
                violation_error_message=_("This language has a text already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"


class GreyPeriod(TimedMode):
    """Days of mourning: pages without colour."""

    reason = models.CharField(
        _("reason"),
        max_length=120,
        blank=True,
        help_text=_("For the record, such as the order it follows. Visitors do not see it."),
    )
    home_only = models.BooleanField(
        _("home page only"), default=False, help_text=_("Other pages keep their colours.")
    )

    panels: ClassVar[list[object]] = [
        FieldPanel("reason"),
        FieldRowPanel([FieldPanel("site"), FieldPanel("with_sub_sites")]),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("home_only"),
    ]

    class Meta(TimedMode.Meta):
        verbose_name = _("mourning period")
        verbose_name_plural = _("mourning periods")

    def __str__(self) -> str:
        return self.reason or str(self._meta.verbose_name)
