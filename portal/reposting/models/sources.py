"""Feeds of the bodies above, and what came in by them."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MOST_ITEMS = 500


class SourceLevel(models.TextChoices):
    CENTRAL = "central", _("central government")
    PROVINCE = "province", _("province")
    CITY = "city", _("city")
    ABOVE = "above", _("site above")


class PollState(models.TextChoices):
    NEVER = "never", _("not asked yet")
    WELL = "well", pgettext_lazy("feed", "answers")
    PARTLY = "partly", pgettext_lazy("feed", "read in part")
    FAILING = "failing", pgettext_lazy("feed", "fails")


class UpstreamSource(models.Model):
    """A feed that a site watches. What the poll learned is below; only ``services.polling`` writes
    it.

    ``claimed_until``: a process asks it now; another may when that time has passed. ``seen_before``
    is the moment of the first good poll: what the source published long before it is not late.
    """

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(
        _("name of the source"),
        max_length=120,
        help_text=_("Stands as the source of each repost, such as 云岭省人民政府网."),
    )
    level = models.CharField(_("kind of body"), max_length=10, choices=SourceLevel)
    feed_url = models.CharField(
        _("address of the feed"),
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("RSS, Atom or JSON Feed; which one is seen from the answer."),
    )
    column = models.ForeignKey(
        "pages.ColumnPage",
        verbose_name=_("column for its reposts"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    keywords = models.TextField(
        _("only items with one of these words"),
        blank=True,
        max_length=2000,
        help_text=_("One on each line, looked for in title and text. Empty: all items."),
    )
    every_minutes = models.PositiveSmallIntegerField(
        _("asked every (minutes)"),
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(1440)],
    )
    is_active = models.BooleanField(_("active"), default=True)

    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    state = models.CharField(
        max_length=10, choices=PollState, default=PollState.NEVER, editable=False
    )
    note = models.CharField(max_length=300, blank=True, editable=False)
    format = models.CharField(max_length=20, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    polled_at = models.DateTimeField(null=True, editable=False)
    next_poll_at = models.DateTimeField(null=True, db_index=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    seen_before = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("source of reposts")
        verbose_name_plural = _("sources of reposts")
        ordering = ["site", "level", "name"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["site", "feed_url"], name="reposting_source_feed")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> list[str]:
        return [line.strip().lower() for line in self.keywords.splitlines() if line.strip()]

    def clean(self) -> None:
        if len(self.words) > 100:
            raise ValidationError({"keywords": _("At most 100 words.")})


class ItemState(models.TextChoices):
    NEW = "new", pgettext_lazy("upstream item", "new")
    TAKEN = "taken", pgettext_lazy("upstream item", "taken")
    DRAFTED = "drafted", pgettext_lazy("upstream item", "draft made")
    PUBLISHED = "published", pgettext_lazy("upstream item", "published")
    SET_ASIDE = "set_aside", pgettext_lazy("upstream item", "set aside")


class DateFlag(models.TextChoices):
    """What was wrong with the time of the source; the clock then begins when it came in."""

    NONE = "", _("stated by the source")
    MISSING = "missing", _("the source states no time")
    UNREADABLE = "unreadable", _("the source's time cannot be read")
    FUTURE = "future", _("the source's time lies in the future")
    ANCIENT = "ancient", _("the source's time cannot be right")


class UpstreamItem(models.Model):
    """One item of a feed, and what becomes of it here.

    ``guid_key``, ``link_key`` and ``title_key`` are digests of what it is known again by.
    ``published_at`` is the time that the twelve hours begin with. ``minutes`` is how long it took
    from there until the repost was public.
    """

    OPEN = (ItemState.NEW, ItemState.TAKEN, ItemState.DRAFTED)
    # Reasons that nobody typed: stored as they are here, shown in the reader's language.
    SAME_AS = "@same"
    BEFORE_WATCHED = "@before"
    REASONS: ClassVar[dict[str, Any]] = {
        SAME_AS: _("The same came in before."),
        BEFORE_WATCHED: _("It was published before the source was watched."),
    }

    source = models.ForeignKey(UpstreamSource, on_delete=models.CASCADE, related_name="items")
    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    guid_key = models.CharField(max_length=64)
    link_key = models.CharField(max_length=64, blank=True)
    title_key = models.CharField(max_length=64)
    title = models.CharField(_("title"), max_length=255)
    link = models.CharField(_("address"), max_length=1000, blank=True)
    html = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    stated = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(_("published by the source"))
    date_flag = models.CharField(max_length=10, choices=DateFlag, blank=True, default=DateFlag.NONE)
    seen_at = models.DateTimeField(_("came in"))
    revised_at = models.DateTimeField(_("changed by the source"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=ItemState, default=ItemState.NEW)
    same_as = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    clock = models.ForeignKey("core.Clock", null=True, on_delete=models.SET_NULL, related_name="+")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_by_name = models.CharField(_("taken by"), max_length=150, blank=True)
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField()
    public_at = models.DateTimeField(_("public here"), null=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True)
    in_time = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("item of a source")
        verbose_name_plural = _("items of sources")
        ordering = ["-published_at", "-pk"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["source", "guid_key"], name="reposting_item_guid")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "state", "published_at"], name="reposting_item_queue"),
            models.Index(fields=["site", "published_at"], name="reposting_item_days"),
            models.Index(fields=["site", "title_key"], name="reposting_item_title"),
            models.Index(
                fields=["site", "link_key"], name="reposting_item_link", condition=~Q(link_key="")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def reason_text(self) -> str:
        return str(self.REASONS.get(self.reason, self.reason))
