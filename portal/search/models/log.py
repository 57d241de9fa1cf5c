"""What was looked for, without anything about who did; what is done about it; and the sampler."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LoggedSearch(models.Model):
    """One search, kept some days. There is no address, no account and no session in it.

    ``visitor`` tells visitors of one day and site apart: a hash under a salt that is thrown away
    with the day (``LogSalt``), and emptied then. ``clicked`` is the place of the first result that
    was opened, counted from 1.
    """

    token = models.CharField(max_length=24, primary_key=True)
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    site = models.BigIntegerField()
    language = models.CharField(max_length=12)
    query = models.CharField(max_length=80)
    text = models.CharField(max_length=80)
    how = models.CharField(max_length=16)
    total = models.PositiveIntegerField()
    visitor = models.CharField(max_length=24, blank=True)
    clicked = models.PositiveIntegerField(null=True)
    clicked_key = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("search that was logged")
        default_permissions = ()
        indexes = [
            models.Index(fields=["day", "site"], name="portal_search_log_day"),
            models.Index(fields=["at"], name="portal_search_log_at"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.text}"


class LogSalt(models.Model):
    """The salt of one day's visitors; deleted when the day is over."""

    day = models.DateField(unique=True)
    salt = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.day)


class QueryDay(models.Model):
    """What one query was on one day at one site. ``text`` "": all that is kept no more by itself.

    ``askers`` are different visitors of that day. ``places`` adds up the places of what was opened.
    """

    day = models.DateField()
    site = models.BigIntegerField()
    language = models.CharField(max_length=12)
    query = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=80, blank=True)
    searches = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    places = models.PositiveIntegerField(default=0)
    askers = models.PositiveIntegerField(default=0)
    # Numbers of the demo city: screens say so.
    is_invented = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("query of a day")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["day", "site", "language", "query"],
                name="portal_search_query_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.text}: {self.searches}"


class SearchTask(models.Model):
    """A query that many people were not served by, and what is done about it."""

    class Kind(models.TextChoices):
        EMPTY = "empty", _("nothing found")
        UNOPENED = "unopened", _("nothing opened")

    class State(models.TextChoices):
        OPEN = "open", _("waits")
        TAKEN = "taken", _("being worked on")
        CLOSED = "closed", _("closed")

    class Done(models.TextChoices):
        SYNONYM = "synonym", _("synonym added")
        BEST_BET = "best_bet", _("best bet set")
        CONTENT = "content", _("content is being written")
        NOT_OURS = "not_ours", _("not our matter")
        FOUND = "found", _("is found now")

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=12)
    query = models.CharField(max_length=80)
    text = models.CharField(_("query"), max_length=80)
    kind = models.CharField(_("what goes wrong"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    askers = models.PositiveIntegerField(_("people"), default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who sees to it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    done = models.CharField(_("what was done"), max_length=10, choices=Done, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("search task")
        verbose_name_plural = _("search tasks")
        ordering = ["-askers", "-searches", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["site", "language", "query", "kind"], name="portal_search_task_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class SampleRun(models.Model):
    """Titles that were picked at random and looked for, to see whether they are found."""

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    looked_for = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("sample of titles")
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["site", "-at"], name="portal_search_sample_at")]

    def __str__(self) -> str:
        return f"{self.found}/{self.looked_for}"


class SampleMiss(models.Model):
    """A title of a sample that was not on the first page, and why."""

    class Reason(models.TextChoices):
        NOT_INDEXED = "not_indexed", _("no entry for search")
        WAITING = "waiting", _("not in the index yet")
        NOT_PUBLIC = "not_public", _("entry of search says it is not public")
        RANKED_BELOW = "ranked_below", _("behind the first page")
        NOT_RETURNED = "not_returned", _("in the index, and not among the results")
        UNAVAILABLE = "unavailable", _("the index could not be asked")

    run = models.ForeignKey(SampleRun, on_delete=models.CASCADE, related_name="misses")
    page = models.BigIntegerField()
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=12)
    reason = models.CharField(max_length=16, choices=Reason)
    rank = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("title that was not found")
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.title}: {self.reason}"
