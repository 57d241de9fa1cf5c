"""What was asked, added up by day: the figures of long periods, read in no time.

Nothing of a visitor is in them, so that they stay when conversations are forgotten. ``site`` is a
site's primary key, 0 for none (no foreign key: figures outlive a site).
"""

from django.db import models


class DailyFigures(models.Model):
    """One day of a site in a language.

    ``statuses`` counts answers by status, ``channels`` by channel, ``latencies`` by class of
    duration (``assistant.portal_plugin.latencies``), ``reasons`` by what was wrong with answers
    that were of no use.
    """

    day = models.DateField()
    site = models.BigIntegerField(default=0)
    language = models.CharField(max_length=12)
    statuses = models.JSONField(default=dict)
    channels = models.JSONField(default=dict)
    latencies = models.JSONField(default=dict)
    conversations = models.PositiveIntegerField(default=0)
    useful = models.PositiveIntegerField(default=0)
    not_useful = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        ordering = ["day", "site", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "site", "language"], name="assistant_one_row_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.site} {self.language}"


class DailyEntry(models.Model):
    """How often an entry was the answer on one day, and whether it helped."""

    day = models.DateField()
    site = models.BigIntegerField(default=0)
    language = models.CharField(max_length=12)
    page = models.BigIntegerField()
    title = models.CharField(max_length=500)
    given = models.PositiveIntegerField(default=0)
    useful = models.PositiveIntegerField(default=0)
    not_useful = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["day", "-given"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "site", "language", "page"], name="assistant_entry_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.page}"


class RolledDay(models.Model):
    """A day of a site whose figures are added up."""

    day = models.DateField()
    site = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["day", "site"], name="assistant_day_rolled_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.site}"
