"""The record: one row for each item, public or once public."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.plugin_api import Standing


class RecordType(models.TextChoices):
    """What an item is (reference 13)."""

    ARTICLE = "article", _("article")
    POLICY = "policy", _("policy document")
    INTERPRETATION = "interpretation", _("interpretation")
    RESPONSE = "response", _("response")
    LEADER = "leader", _("leader")
    ORGANISATION = "organisation", _("organisation")
    SERVICE = "service", _("service item")
    MATERIAL = "material", _("material")
    FORM = "form", _("form")
    MESSAGE = "message", _("message")
    INTERVIEW = "interview", _("interview")
    SOLICITATION = "solicitation", _("solicitation of opinions")
    SURVEY = "survey", _("survey")
    TOPIC = "topic", _("special topic")
    DATASET = "dataset", _("data set")
    IMAGE = "image", _("image")
    AUDIO = "audio", _("audio")
    VIDEO = "video", _("video")
    DOCUMENT = "document", _("document")
    FAQ = "faq", _("question and answer")
    EVENT = "event", _("event")
    COLUMN = "column", _("column")
    SITE = "site", _("home of a site")
    PAGE = "page", _("standard page")
    LINK = "link", _("external link")


class PubKind(models.TextChoices):
    """R-PUB-08."""

    EXCLUSIVE = "exclusive", pgettext_lazy("publication kind", "exclusive")
    REPOST = "repost", pgettext_lazy("publication kind", "repost")
    JOINT = "joint", pgettext_lazy("publication kind", "joint")


class Sharing(models.TextChoices):
    """R-LIB-13."""

    UNCONDITIONAL = "unconditional", pgettext_lazy("sharing", "unconditional")
    CONDITIONAL = "conditional", pgettext_lazy("sharing", "conditional")
    NONE = "none", pgettext_lazy("sharing", "not shared")


class Openness(models.TextChoices):
    OPEN = "open", pgettext_lazy("openness", "open to everybody")
    CONDITIONAL = "conditional", pgettext_lazy("openness", "open on conditions")
    CLOSED = "closed", pgettext_lazy("openness", "not open as data")


class FiveOpen(models.TextChoices):
    """五公开 (R-PUB-17)."""

    DECISION = "decision", pgettext_lazy("five kinds of openness", "decision")
    EXECUTION = "execution", pgettext_lazy("five kinds of openness", "execution")
    MANAGEMENT = "management", pgettext_lazy("five kinds of openness", "management")
    SERVICE = "service", pgettext_lazy("five kinds of openness", "service")
    RESULT = "result", pgettext_lazy("five kinds of openness", "result")


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("library record", "draft")
    PUBLIC = "public", pgettext_lazy("library record", "public")
    WITHDRAWN = "withdrawn", pgettext_lazy("library record", "withdrawn")
    DELETED = "deleted", pgettext_lazy("library record", "deleted")


class ArchiveState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("archive state", "in use")
    DUE = "due", pgettext_lazy("archive state", "to be archived")
    ARCHIVED = "archived", pgettext_lazy("archive state", "archived")


class LibraryRecord(models.Model):
    """What the library knows of an item. ``item`` is the key of core publications (``page:17``).

    The columns hold what is shown: derived from the item, with what people wrote put over it.
    ``written`` keeps what people wrote, by field, so that deriving anew never overwrites it.
    An alias has no record of its own: it shows that of its original.
    """

    item = models.CharField(max_length=80, unique=True)
    page = models.OneToOneField(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="library_record"
    )
    translation_key = models.UUIDField(null=True, db_index=True)
    index_no = models.CharField(_("index number"), max_length=80, unique=True)
    record_type = models.CharField(_("type"), max_length=20, choices=RecordType)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(_("title"), max_length=255)
    summary = models.TextField(_("summary"), blank=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=12)
    file_format = models.CharField(_("format"), max_length=20, default="html")
    provider = models.ForeignKey(
        "core.Organisation", verbose_name=_("provider unit"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    provider_name = models.CharField(
        _("name of the provider"), max_length=120, blank=True,
        help_text=_("Where the provider is no unit of the register."),
    )  # fmt: skip
    producer = models.CharField(_("producer"), max_length=120, blank=True)
    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), null=True, on_delete=models.SET_NULL,
        related_name="+", db_index=False,
    )  # fmt: skip
    column = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("column"), null=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    pub_kind = models.CharField(
        _("kind of publication"), max_length=10, choices=PubKind, default=PubKind.EXCLUSIVE
    )
    made_on = models.DateField(_("made on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True)
    updated_at = models.DateTimeField(_("updated"), null=True)
    effective_on = models.DateField(_("takes effect on"), null=True, blank=True)
    ends_on = models.DateField(_("valid through"), null=True, blank=True)
    validity = models.CharField(
        _("validity"), max_length=20, choices=Standing, default=Standing.IN_FORCE
    )
    theme = models.CharField(_("theme"), max_length=8, blank=True)
    # For lists of a class in the order of the records, which an index of codes could not give.
    theme_class = models.GeneratedField(
        expression=Substr("theme", 1, 2),
        output_field=models.CharField(max_length=2),
        db_persist=True,
    )
    more_themes = models.CharField(_("further themes"), max_length=120, blank=True)
    genre = models.CharField(_("genre"), max_length=20, blank=True)
    five_open = models.CharField(_("five kinds of openness"), max_length=60, blank=True)
    audience = models.CharField(_("for whom"), max_length=120, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    doc_no = models.CharField(_("document number"), max_length=60, blank=True)
    sharing = models.CharField(
        _("sharing"), max_length=14, choices=Sharing, default=Sharing.UNCONDITIONAL
    )
    sharing_condition = models.CharField(_("condition of sharing"), max_length=300, blank=True)
    sharing_method = models.CharField(_("way of sharing"), max_length=120, blank=True)
    openness = models.CharField(
        _("open as data"), max_length=12, choices=Openness, default=Openness.OPEN
    )
    update_period_days = models.PositiveIntegerField(
        _("update period (days)"), null=True, blank=True
    )
    rights = models.CharField(_("rights"), max_length=200, blank=True)
    related = models.JSONField(_("related records"), default=list, blank=True)
    archive_state = models.CharField(
        _("archive state"), max_length=10, choices=ArchiveState, default=ArchiveState.ACTIVE
    )
    archived_at = models.DateTimeField(null=True)
    checksum = models.CharField(_("checksum"), max_length=64, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    origin = models.CharField(
        _("came from"), max_length=200, blank=True, help_text="Where the item was taken in from."
    )
    written = models.JSONField(default=dict, blank=True)
    # Whether the links of the page have been read since the library reads them.
    links_read = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("library record")
        verbose_name_plural = _("library records")
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["site", "-id"], name="library_record_site"),
            models.Index(fields=["record_type", "-id"], name="library_record_type"),
            models.Index(fields=["theme_class", "-id"], name="library_record_theme"),
            models.Index(
                fields=["state", "-id"], condition=~Q(state="public"), name="library_record_state"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def provider_text(self) -> str:
        return str(self.provider) if self.provider is not None else self.provider_name

    def codes(self, name: str) -> list[str]:
        """The values of a field that holds several, such as ``five_open``."""
        return [part for part in str(getattr(self, name)).split(",") if part]

    def words(self, name: str) -> str:
        """A value as people read it."""
        shown: Any = getattr(self, f"get_{name}_display", None)
        return str(shown() if shown is not None else getattr(self, name) or "")


class TextPrint(models.Model):
    """The likeness of a record's text, for finding near-duplicates: filled a moment after."""

    record = models.OneToOneField(
        LibraryRecord, primary_key=True, on_delete=models.CASCADE, related_name="text_print"
    )
    signature = models.JSONField()
    length = models.PositiveIntegerField()
    # Whether it has been compared with the others since it was made.
    is_compared = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["record"], condition=Q(is_compared=False), name="library_print_waiting"
            )
        ]

    def __str__(self) -> str:
        return str(self.record_id)


class PrintBand(models.Model):
    """A part of a signature: texts that share one are worth comparing."""

    record = models.ForeignKey(LibraryRecord, on_delete=models.CASCADE, related_name="+")
    value = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["value", "record"], name="library_band_value")]

    def __str__(self) -> str:
        return str(self.value)


class Finding(models.Model):
    """Something of a record that is worth mending (quality report); written anew by the check."""

    record = models.ForeignKey(LibraryRecord, on_delete=models.CASCADE, related_name="findings")
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    check_name = models.CharField(max_length=30)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["check_name", "-record"], name="library_finding_check")]
        constraints = [
            models.UniqueConstraint(fields=["record", "check_name"], name="library_finding_once")
        ]

    def __str__(self) -> str:
        return self.check_name


class FacetCount(models.Model):
    """How many public records have a value; counted in the background, read by the screens."""

    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.CASCADE, related_name="+"
    )
    facet = models.CharField(max_length=20)
    value = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["facet", "site"], name="library_facet_site")]

    def __str__(self) -> str:
        return f"{self.facet} {self.value}: {self.count}"


class RecordChange(models.Model):
    """What somebody wrote in a record: who, when, which fields, before and after."""

    record = models.ForeignKey(LibraryRecord, on_delete=models.CASCADE, related_name="changes")
    batch = models.ForeignKey(
        "library.BatchEdit", null=True, on_delete=models.CASCADE, related_name="changes"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.record_id} {self.at:%Y-%m-%d %H:%M}"


class BatchEdit(models.Model):
    """One change of many records, which can be undone as a whole."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    values = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
