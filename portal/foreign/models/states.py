"""How each translation stands: the page's row, and what its public version was made from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .core_content import Harm


class MadeBy(models.TextChoices):
    """How a translation came to be; shown to every reader (feature 12)."""

    HUMAN = "human", _("Translated by a person")
    REVIEWED_MACHINE = "reviewed_machine", _("Machine translation, reviewed by a person")
    MACHINE = "machine", _("Machine translation")


class Ending(models.TextChoices):
    """Why a translation was withdrawn by the portal itself: what became of its Chinese page."""

    WITHDRAWN = "withdrawn", _("the Chinese page was withdrawn")
    EXPIRED = "expired", _("the Chinese page expired")
    DELETED = "deleted", _("the Chinese page was deleted")
    RESTRICTED = "restricted", _("the Chinese page is no longer open to everybody")
    NOT_CORE = "not_core", _("the Chinese page is no longer core content")


class PageTranslation(models.Model):
    """One core page in one language. Counts are of segments: texts that are translated apart.

    ``target`` is the page in the language's tree, made when the work begins; ``waiting_since`` the
    moment at which the translation fell behind (for a missing one: at which it was owed), ``due``
    the working day by which it must follow.
    """

    class Status(models.TextChoices):
        MISSING = "missing", _("missing")
        MACHINE_DRAFT = "machine_draft", _("machine draft")
        IN_WORK = "in_work", _("in work")
        IN_REVIEW = "in_review", _("in review")
        STALE = "stale", _("behind")
        CURRENT = "current", _("up to date")

    section = models.ForeignKey(
        "foreign.ForeignSection", on_delete=models.CASCADE, related_name="translations"
    )
    source = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("Chinese page"),
        on_delete=models.CASCADE,
        related_name="foreign_translations",
    )
    target = models.OneToOneField(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="foreign_translation",
    )
    status = models.CharField(
        _("status"), max_length=16, choices=Status, default=Status.MISSING, db_index=True
    )
    segments = models.PositiveIntegerField(default=0)
    current = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    machine = models.PositiveIntegerField(default=0)
    words = models.PositiveIntegerField(
        default=0, help_text="Chinese characters and words of other scripts still to translate."
    )
    harm = models.PositiveSmallIntegerField(_("harm"), choices=Harm, default=Harm.MEDIUM)
    readers = models.PositiveIntegerField(_("readers"), default=0)
    waiting_since = models.DateTimeField(null=True)
    due = models.DateField(_("due"), null=True)
    made_by = models.CharField(_("made by"), max_length=20, choices=MadeBy, blank=True)
    reviewer_role = models.CharField(_("reviewed by"), max_length=60, blank=True)
    released_at = models.DateTimeField(_("released"), null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_at = models.DateTimeField(
        null=True, help_text="Since when the page is not public because its source is not."
    )
    ended_because = models.CharField(max_length=20, choices=Ending, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(fields=["section", "source"], name="foreign_translation_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} · {self.section.locale}"


class LiveSegment(models.Model):
    """One text of the public version of a translation, with the Chinese that it was made from.

    Rows stand in reading order. ``path`` and ``position`` name its place (a field or a block's id
    as wagtail-localize writes it, and the number of the text in it, from 0). ``stale_since`` is set
    while the Chinese says something else; ``present`` is then what it says now ("" where it was
    taken out). A change that an editor called minor keeps the mark away (``MinorChange``).
    """

    translation = models.ForeignKey(
        PageTranslation, on_delete=models.CASCADE, related_name="live_segments"
    )
    path = models.TextField()
    position = models.PositiveIntegerField()
    source_hash = models.CharField(max_length=64)
    source_text = models.TextField()
    text = models.TextField()
    made_by = models.CharField(max_length=20, choices=MadeBy, default=MadeBy.HUMAN)
    made_at = models.DateTimeField()
    stale_since = models.DateTimeField(null=True)
    present = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["translation"],
                condition=Q(stale_since__isnull=False),
                name="foreign_live_stale",
            )
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.position}"


class AddedText(models.Model):
    """A text that the Chinese has now and the public translation has not: marked at its place.

    ``after`` is the text that it follows; None where it comes first or stands in a block of its
    own before all others.
    """

    translation = models.ForeignKey(
        PageTranslation, on_delete=models.CASCADE, related_name="added_texts"
    )
    after = models.ForeignKey(
        LiveSegment, null=True, on_delete=models.CASCADE, related_name="followed_by"
    )
    path = models.TextField()
    source_hash = models.CharField(max_length=64)
    present = models.TextField()
    since = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.translation}: {self.present[:40]}"


class MinorChange(models.Model):
    """An editor said of a changed paragraph: its meaning is the same. On record, with the name."""

    source = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="minor_changes"
    )
    old_hash = models.CharField(max_length=64)
    new_hash = models.CharField(max_length=64)
    old_text = models.TextField()
    new_text = models.TextField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["source", "old_hash", "new_hash"], name="foreign_minor_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.new_text[:40]}"
