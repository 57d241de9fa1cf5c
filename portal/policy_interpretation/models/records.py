"""What is true of a document beside its page: its row in the library, its texts in time."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from .documents import PolicyPage


class PolicyRecord(models.Model):
    """The document's row in the library: what lists filter by, and what others did to it.

    Written by services only. ``repealed_on`` and the like sum up the page and its ``PolicyEffect``
    rows (other documents, the repeal screen); the rest repeats the page. A row stays while its
    page exists; whether it is public is the page's ``live``.
    """

    page = models.OneToOneField(
        PolicyPage, on_delete=models.CASCADE, primary_key=True, related_name="policy_record"
    )
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(max_length=255)
    document_number = models.CharField(max_length=60, blank=True)
    number_key = models.CharField(max_length=60, blank=True, db_index=True)
    bodies = models.CharField(max_length=300, blank=True)
    lead_body = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=12)
    genre = models.CharField(max_length=12)
    theme = models.ForeignKey(
        "policy_interpretation.PolicyTheme", null=True, on_delete=models.PROTECT, related_name="+"
    )
    theme_class = models.CharField(max_length=2, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    issued_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    effective_on = models.DateField(null=True)
    valid_through = models.DateField(null=True)
    repealed_on = models.DateField(_("repealed on"), null=True)
    repealed_by = models.ForeignKey(
        PolicyPage, null=True, on_delete=models.SET_NULL, related_name="repealed_records"
    )
    repeal_basis = models.CharField(max_length=300, blank=True)
    is_replaced = models.BooleanField(default=False)
    amended_on = models.DateField(null=True)
    text_since = models.DateField(
        null=True, help_text="From when the text that the page holds is in force."
    )
    partly_invalid_on = models.DateField(null=True)
    early_end = models.DateField(null=True, help_text="The last day in force, if it ended early.")
    ended_clauses = models.JSONField(
        default=dict, help_text="Clauses that others ended: id, and the first day (ISO)."
    )

    class Meta:
        verbose_name = _("library record")
        default_permissions = ()
        indexes = [
            models.Index(fields=["-published_at", "-page"], name="policy_record_newest"),
            models.Index(fields=["site", "-published_at", "-page"], name="policy_record_site"),
            models.Index(fields=["theme_class", "-published_at"], name="policy_record_theme"),
            models.Index(fields=["lead_body", "-published_at"], name="policy_record_body"),
            models.Index(fields=["year", "-published_at"], name="policy_record_year"),
        ]

    def __str__(self) -> str:
        return self.title


class PolicyVersion(models.Model):
    """The clauses as they stood from ``since`` (None: the beginning) to the day before ``until``.

    ``clauses`` is a list of ``ClauseData.to_json``; ``figures`` the tables and pictures between
    them, as ``{"after": number of clauses before it, "block": raw block}``. Written when the page
    is published: a correction rewrites the row, an amendment closes it and opens the next.
    """

    policy = models.ForeignKey(PolicyPage, on_delete=models.CASCADE, related_name="versions")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    clauses = models.JSONField(encoder=DjangoJSONEncoder)
    figures = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    basis = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("version of a text")
        default_permissions = ()
        ordering = ["policy", models.F("since").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(fields=["policy", "since"], name="policy_version_of_a_day"),
            models.UniqueConstraint(
                fields=["policy"],
                condition=models.Q(since__isnull=True),
                name="policy_version_one_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.since or ''}"
