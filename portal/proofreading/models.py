"""Word lists and grades, reasons for warnings, and the record of what was found."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .kinds import KIND_LABELS, Grades, Lists


class WordEntry(models.Model):
    """One row of a word list, kept by the editors of the platform."""

    list_name = models.CharField(_("list"), max_length=24, choices=Lists)
    word = models.CharField(_("word"), max_length=100)
    replacement = models.CharField(
        _("right word"),
        max_length=100,
        blank=True,
        help_text=_("What to write instead; it is offered with one click."),
    )
    unless = models.TextField(
        _("right in"),
        blank=True,
        help_text=_("Longer phrases in which the word is right, one a line: 按装配图 for 按装."),
    )
    weak = models.BooleanField(
        _("only in company"),
        default=False,
        help_text=_("Alone the word means little: it counts beside another one of the list."),
    )
    active = models.BooleanField(_("in use"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = pgettext_lazy("proofreading", "words")
        ordering = ["list_name", "word"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["list_name", "word"],
                name="proofreading_word_once",
                violation_error_message=_("This list has the word already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.word} → {self.replacement}" if self.replacement else self.word

    def clean(self) -> None:
        self.word = self.word.strip()
        self.replacement = self.replacement.strip()
        errors: dict[str, Any] = {}
        is_host = self.list_name in (Lists.FORBIDDEN_HOST, Lists.ALLOWED_HOST)
        if is_host:
            if "/" in self.word or "." not in self.word or " " in self.word:
                errors["word"] = _("Write the site's name alone, such as example.com.")
        elif len(self.word) < 2 and self.list_name != Lists.TELLING:
            errors["word"] = _("A word has at least two characters.")
        if self.list_name == Lists.WRONG_WORD and not self.replacement:
            errors["replacement"] = _("Say what the right word is.")
        if self.replacement and self.replacement == self.word:
            errors["replacement"] = _("This is the word itself.")
        if any(self.word not in phrase for phrase in self.phrases):
            errors["unless"] = _("Each line has to contain the word itself.")
        if errors:
            raise ValidationError(errors)

    @property
    def phrases(self) -> list[str]:
        return [line.strip() for line in self.unless.splitlines() if line.strip()]


class KindGrade(models.Model):
    """How serious a kind is on this platform; what has no row is as the portal has it."""

    kind = models.CharField(
        _("kind"),
        max_length=24,
        unique=True,
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
    )
    grade = models.CharField(_("grade"), max_length=10, choices=Grades)

    class Meta:
        verbose_name = _("grade")
        verbose_name_plural = _("grades")
        ordering = ["kind"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_grade_display()}"


class PublicContact(models.Model):
    """A mobile number or address that an office gives out: never marked."""

    contact = models.CharField(_("number or address"), max_length=80, unique=True)
    holder = models.CharField(
        _("whose"), max_length=120, help_text=_("The office and the purpose, such as duty phone.")
    )

    class Meta:
        verbose_name = _("public contact")
        verbose_name_plural = _("public contacts")
        ordering = ["holder"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.contact} ({self.holder})"

    def clean(self) -> None:
        self.contact = self.contact.strip()
        if "@" not in self.contact and sum(sign.isdecimal() for sign in self.contact) < 11:
            raise ValidationError(
                {"contact": _("A mobile number has eleven digits; office numbers are not marked.")}
            )


class ListsVersion(models.Model):
    """Says to all processes that lists, grades or the register have changed."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)


class Reason(models.Model):
    """Why something that was warned of is public all the same: who says so, and when.

    It holds for these very words on this page, in every later version too.
    """

    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    page_title = models.CharField(max_length=255)
    key = models.CharField(max_length=40)
    kind = models.CharField(_("kind"), max_length=24)
    words = models.CharField(_("words"), max_length=80)
    reason = models.CharField(_("reason"), max_length=300)
    revision = models.BigIntegerField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    user_name = models.CharField(max_length=160)
    at = models.DateTimeField(_("given"), auto_now_add=True)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["page", "key"], name="proofreading_reason_of")]

    def __str__(self) -> str:
        return f"{self.words}: {self.reason}"


class ScanRecord(models.Model):
    """What was found when a version became public; personal numbers are shortened."""

    publication = models.OneToOneField(
        "core.Publication", on_delete=models.CASCADE, related_name="+"
    )
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    lists_version = models.PositiveBigIntegerField()
    characters = models.PositiveIntegerField()
    files = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("record of a scan")
        verbose_name_plural = _("records of scans")
        ordering = ["-at", "-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.publication_id)


class FileScan(models.Model):
    """What was found in an uploaded file, once for each content of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("not looked through yet")
        DONE = "done", _("looked through")
        UNREADABLE = "unreadable", _("cannot be read")
        OTHER = "other", _("no text to look through")

    document = models.OneToOneField(
        settings.WAGTAILDOCS_DOCUMENT_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    file_hash = models.CharField(max_length=64)
    lists_version = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    characters = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=list)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("scan of a file")
        verbose_name_plural = _("scans of files")
        ordering = ["-at"]
        default_permissions = ()
        indexes = [models.Index(fields=["state"], name="proofreading_file_state")]

    def __str__(self) -> str:
        return str(self.document_id)


class SweepMark(models.Model):
    """When a public page was looked through the last time."""

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    looked_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["looked_at"], name="proofreading_looked_at")]

    def __str__(self) -> str:
        return str(self.page_id)


class Alarm(models.Model):
    """Something on a public page that may never be public; a person decides on it, once.

    ``kind`` is "" for a page that could not be looked through. A false alarm holds for these very
    words on this page; what was dealt with and is seen again is a new alarm.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("alarm", "open")
        DEALT = "dealt", pgettext_lazy("alarm", "dealt with")
        FALSE = "false", _("false alarm")

    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    page_title = models.CharField(_("page"), max_length=255)
    address = models.CharField(_("address"), max_length=2000)
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    key = models.CharField(max_length=40)
    kind = models.CharField(_("kind"), max_length=24, blank=True)
    words = models.CharField(_("words"), max_length=80)
    file = models.CharField(_("file"), max_length=255, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    # No longer there, or no longer public, when it was looked for again.
    gone_at = models.DateTimeField(_("no longer there"), null=True)
    told_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_name = models.CharField(_("account"), max_length=160, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-found_at", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["page", "key"],
                condition=~models.Q(state="dealt"),
                name="proofreading_alarm_once",
            )
        ]
        indexes = [models.Index(fields=["state", "site"], name="proofreading_alarm_state")]

    def __str__(self) -> str:
        return f"{self.page_title}: {self.words}"

    @property
    def kind_label(self) -> str:
        from .kinds import label

        return label(self.kind) if self.kind else str(_("could not be looked through"))
