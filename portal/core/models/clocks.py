"""The work calendar, the terms of deadlines at sites, and the clocks with their history."""

import datetime
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from portal.core.clocks.reckoning import Step, Verb
from portal.core.clocks.worktime import LARGEST_AMOUNT, Limit, Unit

FIRST_YEAR, LAST_YEAR = 2000, 2199
LONGEST_NAME = 60


class LimitUnit(models.TextChoices):
    """``clocks.worktime.Unit`` with names."""

    WORKING_DAYS = Unit.WORKING_DAYS.value, _("working days")
    HALF_DAYS = Unit.HALF_DAYS.value, _("half working days")
    HOURS = Unit.HOURS.value, _("hours")
    DAYS = Unit.DAYS.value, _("days")
    MONTHS = Unit.MONTHS.value, _("months")


# --- the calendar -----------------------------------------------------------------------------
class CalendarYear(models.Model):
    """A year whose holiday notice is known. Without one, results in that year warn."""

    year = models.PositiveSmallIntegerField(
        _("year"),
        unique=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    source = models.CharField(
        _("document number"),
        max_length=60,
        help_text=_("Of the notice, such as 国办发明电〔2025〕7号."),
    )
    title = models.CharField(_("title"), max_length=160, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)

    panels: ClassVar[list[object]] = [
        FieldRowPanel([FieldPanel("year"), FieldPanel("source")]),
        FieldPanel("title"),
        FieldPanel("issued_on"),
    ]

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, a make-up working day, a half day."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        MAKE_UP = "make_up", _("make-up working day")
        HALF_DAY = "half_day", _("half working day (morning)")
        WORK = "work", _("working day")

    date = models.DateField(
        _("date"), unique=True, error_messages={"unique": _("This day is in the calendar already.")}
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=LONGEST_NAME, blank=True)
    source = models.CharField(_("source"), max_length=LONGEST_NAME, blank=True)

    panels: ClassVar[list[object]] = [
        FieldRowPanel([FieldPanel("date"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("name"), FieldPanel("source")]),
    ]

    class Meta:
        verbose_name = _("day of the work calendar")
        verbose_name_plural = _("days of the work calendar")
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}".strip()

    def clean(self) -> None:
        super().clean()
        if self.date and not FIRST_YEAR <= self.date.year <= LAST_YEAR:
            raise ValidationError(
                {"date": _("The calendar reaches from %(first)d to %(last)d.")
                 % {"first": FIRST_YEAR, "last": LAST_YEAR}}
            )  # fmt: skip


# --- terms ------------------------------------------------------------------------------------
class ClockTerms(models.Model):
    """What a site has set for a kind of deadline, in place of the kind's own defaults.

    ``reminders`` is a list of ``{"amount", "unit"}``, ``escalations`` one of ``{"amount", "unit",
    "role"}``.
    """

    site = models.ForeignKey(
        "core.SiteRecord", on_delete=models.CASCADE, related_name="clock_terms"
    )
    kind = models.CharField(max_length=120)
    amount = models.PositiveSmallIntegerField(validators=[MaxValueValidator(LARGEST_AMOUNT)])
    unit = models.CharField(max_length=14, choices=LimitUnit)
    extension_amount = models.PositiveSmallIntegerField(
        null=True, validators=[MaxValueValidator(LARGEST_AMOUNT)]
    )
    extension_unit = models.CharField(max_length=14, choices=LimitUnit, blank=True)
    reminders = models.JSONField(default=list)
    escalations = models.JSONField(default=list)

    class Meta:
        verbose_name = _("terms of a deadline")
        verbose_name_plural = _("terms of deadlines")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["site", "kind"], name="core_clock_terms_unique")
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.site_id})"


# --- clocks -----------------------------------------------------------------------------------
class Clock(models.Model):
    """One running limit: of what, for whom, until when. Written by ``clocks.services`` only.

    ``subject`` names the thing in a stable way, such as ``page:17``. ``due_at`` is what the history
    comes to; it is stored so that lists can be sorted by it.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("counting")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("done")

    kind = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    label = models.CharField(_("subject"), max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.PROTECT, related_name="clocks"
    )
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="clocks",
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"))
    # What was promised: a setting that changes later does not move it.
    limit_amount = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=14, choices=LimitUnit)
    extension_amount = models.PositiveSmallIntegerField(null=True)
    extension_unit = models.CharField(max_length=14, choices=LimitUnit, blank=True)
    is_extended = models.BooleanField(_("extended"), default=False)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(_("done"), null=True)
    outcome = models.CharField(max_length=60, blank=True)
    parameters = models.JSONField(default=dict)
    look_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_at", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=~Q(state="stopped"),
                name="core_clock_one_open",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["look_at"], condition=Q(state="running"), name="core_clock_look_at"
            ),
            models.Index(fields=["site", "state", "due_at"], name="core_clock_by_due"),
        ]

    def __str__(self) -> str:
        return self.label or self.subject

    @property
    def limit(self) -> Limit:
        return Limit(self.limit_amount, Unit(self.limit_unit))

    @property
    def extension(self) -> Limit | None:
        """The most that it may be extended by, as it was when the clock began."""
        if self.extension_amount is None:
            return None
        return Limit(self.extension_amount, Unit(self.extension_unit))

    @property
    def is_open(self) -> bool:
        return self.state != self.State.STOPPED

    def is_overdue(self, now: datetime.datetime | None = None) -> bool:
        """Whether it runs and its due moment has passed."""
        return self.state == self.State.RUNNING and (now or timezone.now()) > self.due_at

    @property
    def was_in_time(self) -> bool | None:
        """Whether it was done in time; None as long as it is not done.

        A clock that is stopped during a pause was in time if it was when the pause began.
        """
        if self.stopped_at is None:
            return None
        return (self.paused_at or self.stopped_at) <= self.due_at


class AppendOnlyQuerySet(models.QuerySet["ClockEntry"]):
    """For a record that grows: what is in it stays as it is."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the history of clocks is not changed")

    def delete(self) -> NoReturn:
        raise TypeError("the history of clocks is not deleted")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the history of clocks is not changed")


class ClockEntry(models.Model):
    """One line of a clock's history; it is added to and never changed.

    ``at`` is the moment from which it counts, ``recorded_at`` when it was written down.
    """

    VERBS: ClassVar[list[tuple[str, Any]]] = [
        (Verb.STARTED.value, _("started")),
        (Verb.PAUSED.value, _("paused")),
        (Verb.RESUMED.value, _("resumed")),
        (Verb.EXTENDED.value, _("extended")),
        (Verb.RESTARTED.value, _("restarted")),
        (Verb.STOPPED.value, _("done")),
        (Verb.RECOUNTED.value, _("counted anew")),
    ]

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="entries")
    verb = models.CharField(max_length=10, choices=VERBS)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(blank=True)
    notice = models.TextField(blank=True)
    amount = models.PositiveSmallIntegerField(null=True)
    unit = models.CharField(max_length=14, choices=LimitUnit, blank=True)
    due_at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a deadline's history")
        verbose_name_plural = _("history of deadlines")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the history of clocks is not changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the history of clocks is not deleted")

    @property
    def step(self) -> Step:
        limit = Limit(self.amount, Unit(self.unit)) if self.amount is not None else None
        return Step(Verb(self.verb), self.at, limit)


class ClockAlarm(models.Model):
    """A reminder or an escalation that was due. One for each step and each due moment."""

    class What(models.TextChoices):
        DUE_SOON = "due_soon", _("due soon")
        OVERDUE = "overdue", _("overdue")
        ESCALATED = "escalated", _("escalated")

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="alarms")
    what = models.CharField(max_length=10, choices=What)
    step = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("alarm of a deadline")
        verbose_name_plural = _("alarms of deadlines")
        ordering = ["pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["clock", "what", "step", "due_at"], name="core_clock_alarm_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"], condition=Q(told_at__isnull=True), name="core_clock_alarm_untold"
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.clock_id}"
