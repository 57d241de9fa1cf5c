"""What the plugin knows of each activity beside its page: period, result, kept counts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ActivityKind(models.TextChoices):
    """What the hub, the yearly counts and the API tell apart."""

    SOLICITATION = "solicitation", _("Solicitation of opinions")
    SURVEY = "survey", _("Survey")
    INTERVIEW = "interview", _("Online interview")


class Stage(models.TextChoices):
    """How far an activity is today."""

    COMING = "coming", _("Coming")
    OPEN = "open", pgettext_lazy("activity", "Open")
    OWED = "owed", _("Result owed")
    CLOSED = "closed", _("Closed with result")


class Activity(models.Model):
    """A row for each page of this plugin: what lists filter by, and what pages cannot count.

    Written by services only. The first part repeats the page as it was last public, the second
    is what happened since. Whether it is public is the page's ``live``. It goes with its page: what
    people sent in and what was said live is what keeps a page from being deleted.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind)
    form = models.CharField(max_length=12, blank=True)
    organiser = models.CharField(_("organised by"), max_length=120, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    column = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opens_at = models.DateTimeField(_("from"), null=True)
    closes_at = models.DateTimeField(_("until"), null=True)
    policy = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    started_at = models.DateTimeField(_("live since"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    result_at = models.DateTimeField(_("result published"), null=True)
    received = models.PositiveIntegerField(_("received"), default=0)
    answered = models.PositiveIntegerField(default=0)
    sequence = models.PositiveIntegerField(default=0)
    salt = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        default_permissions = ()
        indexes = (
            models.Index(fields=["kind", "closes_at"], name="participation_kind_closes"),
            models.Index(fields=["site", "closes_at"], name="participation_site_closes"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.page_id}"


class Received(models.Model):
    """What somebody sent in. ``key`` names the sheet of paper: the same one counts once."""

    key = models.CharField(max_length=32, unique=True, editable=False)
    language = models.CharField(max_length=12, blank=True)
    sent_at = models.DateTimeField(_("sent"), db_index=True)

    class Meta:
        abstract = True


class Sender(models.Model):
    """Name and contact, kept apart from what was said and deleted before it. Never public."""

    name = models.CharField(_("name"), max_length=80, blank=True)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    kept_until = models.DateField(db_index=True)

    class Meta:
        abstract = True
