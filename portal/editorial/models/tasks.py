"""What units are asked to deliver: kinds with required parts, tasks, their history, templates."""

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def split_parts(text: str) -> list[str]:
    """Required parts as they are typed: one a line, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class DeliverableKind(models.Model):
    """What a kind of item has to be: its form, its required parts, how long there is.

    A site's own settings (R-PUB-34); a task keeps what held when it was issued.
    """

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=60)
    form = models.CharField(
        _("form"),
        max_length=200,
        blank=True,
        help_text=_("Such as: news text of 300 to 800 characters, one picture 1200 pixels wide."),
    )
    parts = models.TextField(
        _("required parts"),
        blank=True,
        help_text=_("One a line. The unit ticks each of them when it delivers."),
    )
    limit_days = models.PositiveSmallIntegerField(
        _("working days"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(250)],
        help_text=_("How long a unit has where a task says no other day."),
    )
    is_active = models.BooleanField(_("offered for new tasks"), default=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("kind of delivery")
        verbose_name_plural = _("kinds of deliveries")
        ordering = ["site", "name"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["site", "name"], name="editorial_kind_once")
        ]

    def __str__(self) -> str:
        return self.name


class TaskState(models.TextChoices):
    ISSUED = "issued", _("issued, not yet confirmed")
    RECEIVED = "received", _("receipt confirmed")
    DELIVERED = "delivered", pgettext_lazy("task", "delivered")
    RETURNED = "returned", pgettext_lazy("task", "returned")
    ACCEPTED = "accepted", pgettext_lazy("task", "accepted")
    CLOSED = "closed", pgettext_lazy("task", "closed")
    CANCELLED = "cancelled", _("cancelled")


class UnitTask(models.Model):
    """Something that a unit is to deliver by a day. Tasks of cooperating units hang below one.

    ``clock`` counts until the delivery, ``receipt_clock`` until somebody confirms the receipt.
    """

    State = TaskState
    # In whose hands it is.
    WITH_UNIT = (TaskState.ISSUED, TaskState.RECEIVED, TaskState.RETURNED)
    UNFINISHED = (*WITH_UNIT, TaskState.DELIVERED)
    ENDED = (TaskState.CLOSED, TaskState.CANCELLED)

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        on_delete=models.CASCADE,
        related_name="parts_of_it",
    )
    title = models.CharField(_("title"), max_length=120)
    wanted = models.TextField(_("what is wanted"))
    kind = models.ForeignKey(
        DeliverableKind,
        verbose_name=_("kind of delivery"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    form = models.CharField(_("form"), max_length=200, blank=True)
    required_parts = models.JSONField(_("required parts"), default=list)
    delivered_parts = models.JSONField(default=list)
    unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    person = models.CharField(_("responsible person"), max_length=60)
    column = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("column"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    link = models.URLField(_("link to the basis"), blank=True, max_length=500)
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.ISSUED)
    clock = models.ForeignKey("core.Clock", null=True, on_delete=models.SET_NULL, related_name="+")
    receipt_clock = models.ForeignKey(
        "core.Clock", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    issued_by_name = models.CharField(_("issued by"), max_length=150)
    issuing_unit = models.ForeignKey(
        "core.Organisation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    issued_at = models.DateTimeField(_("issued"))
    received_at = models.DateTimeField(_("receipt confirmed"), null=True)
    received_by_name = models.CharField(max_length=150, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("delivered page"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    note = models.TextField(_("note"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    template = models.ForeignKey(
        "editorial.RecurringTask", null=True, on_delete=models.SET_NULL, related_name="tasks"
    )
    # The day for which a template issued it: each only once.
    template_day = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["-issued_at", "-pk"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["unit", "state"], name="editorial_task_unit"),
            models.Index(fields=["site", "state"], name="editorial_task_site"),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["template", "template_day", "unit"],
                condition=Q(template_day__isnull=False),
                name="editorial_task_issued_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


class TaskEntry(models.Model):
    """One hop of a task. Nothing is changed here afterwards."""

    class Verb(models.TextChoices):
        ISSUED = "issued", pgettext_lazy("task", "issued")
        RECEIVED = "received", _("confirmed the receipt")
        DELIVERED = "delivered", pgettext_lazy("task", "delivered")
        RETURNED = "returned", pgettext_lazy("task", "returned")
        ACCEPTED = "accepted", pgettext_lazy("task", "accepted")
        CLOSED = "closed", pgettext_lazy("task", "closed")
        CANCELLED = "cancelled", _("cancelled")
        CHANGED = "changed", pgettext_lazy("task", "changed")
        REMINDED = "reminded", _("reminded")

    task = models.ForeignKey(UnitTask, on_delete=models.CASCADE, related_name="entries")
    verb = models.CharField(_("what"), max_length=10, choices=Verb)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(pgettext_lazy("contribution", "person"), max_length=150, blank=True)
    unit_name = models.CharField(_("unit"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    # Of a reminder: which alarm of the deadline it was. Each is noted once.
    alarm = models.PositiveBigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("entry of a task's history")
        verbose_name_plural = _("entries of tasks' histories")
        ordering = ["at", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["task", "alarm"], name="editorial_reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.at:%Y-%m-%d %H:%M}"


class PrivateFiles(FileSystemStorage):
    """Files that have no address: a view gives them to who may have them."""

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no URL.")


def private_files() -> PrivateFiles:
    """Working material is not public, unlike media."""
    return PrivateFiles(
        location=Path(settings.DATA_DIR) / "tasks",
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


class TaskFile(models.Model):
    """A file that goes with a task: from who issued it, or delivered by the unit."""

    task = models.ForeignKey(UnitTask, on_delete=models.CASCADE, related_name="files")
    is_delivery = models.BooleanField(default=False)
    name = models.CharField(_("name"), max_length=150)
    file = models.FileField(storage=private_files, upload_to="%Y/%m", max_length=200)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("file of a task")
        verbose_name_plural = _("files of tasks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class RecurringTask(models.Model):
    """A task that issues itself, such as the figures of each month."""

    class Every(models.TextChoices):
        WEEK = "week", _("each week")
        MONTH = "month", _("each month")
        QUARTER = "quarter", _("each quarter")
        YEAR = "year", _("each year")

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    title = models.CharField(_("title"), max_length=100)
    wanted = models.TextField(_("what is wanted"))
    kind = models.ForeignKey(
        DeliverableKind,
        verbose_name=_("kind of delivery"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    unit = models.ForeignKey(
        "core.Organisation", verbose_name=_("unit"), on_delete=models.CASCADE, related_name="+"
    )
    person = models.CharField(_("responsible person"), max_length=60)
    column = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("column"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    every = models.CharField(
        pgettext_lazy("recurring task", "how often"),
        max_length=8,
        choices=Every,
        default=Every.MONTH,
    )
    next_on = models.DateField(
        _("next issued on"), help_text=_("From then on, always on the same day.")
    )
    # The day of the month that is meant: the 31st is the 30th in between, and the 31st again.
    anchor_day = models.PositiveSmallIntegerField(default=0, editable=False)
    limit_days = models.PositiveSmallIntegerField(
        _("working days"), default=5, validators=[MinValueValidator(1), MaxValueValidator(250)]
    )
    is_active = models.BooleanField(_("active"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("recurring task")
        verbose_name_plural = _("recurring tasks")
        ordering = ["next_on", "pk"]

    def __str__(self) -> str:
        return self.title
