"""How often public addresses were read, by day. Nothing here tells anything about who read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Address(models.Model):
    """An address of the public, page or file, as host and path in ASCII."""

    host = models.CharField(max_length=100)
    path = models.CharField(max_length=400)
    is_file = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("address that was read")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["path", "host"], name="visits_address_once")]

    def __str__(self) -> str:
        return f"{self.host}{self.path}"


class AddressDay(models.Model):
    """How often an address was read on a day, and what stood there.

    ``site``, ``page``, ``column`` and ``language`` are as they were when the day's first reading
    was counted: a page that is moved or deleted keeps its figures. There is no constraint behind
    ``page`` for that reason.
    """

    day = models.DateField()
    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="days")
    site = models.BigIntegerField(default=0)
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    column = models.BigIntegerField(default=0)
    language = models.CharField(max_length=12, blank=True)
    # What the visitor read: a form of its own (traditional characters) or the language.
    form = models.CharField(max_length=24, blank=True)
    is_file = models.BooleanField(default=False)
    views = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("address of a day")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["address", "day"], name="visits_address_day_once")
        ]
        indexes = [
            models.Index(fields=["site", "day"], name="visits_address_day_site"),
            models.Index(fields=["page", "day"], name="visits_address_day_page"),
            models.Index(fields=["day"], name="visits_address_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.address_id}: {self.views}"


class Subject(models.TextChoices):
    """What a day is divided by."""

    HOUR = "hour", _("hour")
    SOURCE = "source", _("source")
    DEVICE = "device", _("device")
    LANGUAGE = "language", _("language")
    COLUMN = "column", _("column")
    FILES = "files", _("files")


class DayFigure(models.Model):
    """A part of a site's day: an hour, a source, a device, a language, a column (its pk)."""

    day = models.DateField()
    site = models.BigIntegerField(default=0)
    subject = models.CharField(max_length=10, choices=Subject)
    key = models.CharField(max_length=120, blank=True)
    views = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)
    # Numbers of the demo city: screens say so.
    is_invented = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("figure of a day")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["site", "subject", "day", "key"], name="visits_figure_once"
            )
        ]
        indexes = [models.Index(fields=["day", "subject"], name="visits_figure_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.subject} {self.key}: {self.views}"


class LogPosition(models.Model):
    """How far a file of the log is counted. The row without a name lets readers take turns."""

    name = models.CharField(max_length=120, unique=True)
    offset = models.BigIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("position in the log of visits")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.offset}"


class ReadRank(models.Model):
    """A place in the public list of what is read most; rewritten only where it changes."""

    site = models.BigIntegerField()
    language = models.CharField(max_length=12)
    days = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    page = models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("place among what is read most")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["site", "language", "days", "place"], name="visits_rank_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.language} {self.place}"
