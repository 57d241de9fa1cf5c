"""What translators and reviewers did, what it is paid with, and what was settled (R-FOR-09)."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .states import MadeBy


class WorkKind(models.TextChoices):
    TRANSLATE = "translate", _("Translation")
    REVIEW = "review", _("Language review")
    CONTENT_REVIEW = "content_review", _("Secrecy and content review")
    CORRECTION = "correction", _("Correction of the sheet")


class FeeSettlement(models.Model):
    """The sheet of one person, section and month, settled: lines and amount are fixed with it.

    One that was settled by mistake is taken back with a reason, and stays on record.
    """

    section = models.ForeignKey(
        "foreign.ForeignSection", on_delete=models.CASCADE, related_name="settlements"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="fee_settlements",
    )
    # Kept where the account is gone.
    person = models.CharField(_("person"), max_length=150)
    month = models.DateField()
    words = models.IntegerField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    lines = models.JSONField(default=list)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(auto_now_add=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("settled sheet")
        verbose_name_plural = _("settled sheets")
        ordering = ["-month", "pk"]
        # What is done after a sheet was settled goes into a second one of that month.
        indexes = [models.Index(fields=["section", "month"], name="foreign_settlement_month")]

    def __str__(self) -> str:
        return f"{self.person} {self.month:%Y-%m}: {self.amount}"


class WorkRecord(models.Model):
    """One piece of work; ``words`` are the source's Chinese characters and words of other scripts.

    ``key`` names the text and its version: it is counted once for each kind of work, however often
    it is saved.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="translation_work",
    )
    person = models.CharField(_("person"), max_length=150)
    section = models.ForeignKey(
        "foreign.ForeignSection", on_delete=models.CASCADE, related_name="work_records"
    )
    translation = models.ForeignKey(
        "foreign.PageTranslation",
        null=True,
        on_delete=models.SET_NULL,
        related_name="work_records",
    )
    title = models.CharField(_("page"), max_length=255)
    kind = models.CharField(_("work"), max_length=16, choices=WorkKind)
    made_by = models.CharField(max_length=20, choices=MadeBy, default=MadeBy.HUMAN)
    words = models.IntegerField(_("words"))
    key = models.CharField(max_length=64, blank=True)
    note = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField()
    settlement = models.ForeignKey(
        FeeSettlement, null=True, on_delete=models.SET_NULL, related_name="records"
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("piece of work")
        verbose_name_plural = _("pieces of work")
        indexes = [models.Index(fields=["section", "at"], name="foreign_work_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "kind", "key"],
                condition=~Q(key=""),
                name="foreign_work_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.words}"


class FeeRate(models.Model):
    """What a thousand words of a kind of work are paid with, from a day on."""

    section = models.ForeignKey(
        "foreign.ForeignSection", on_delete=models.CASCADE, related_name="fee_rates"
    )
    kind = models.CharField(_("work"), max_length=16, choices=WorkKind)
    made_by = models.CharField(
        _("made from"),
        max_length=20,
        choices=[(MadeBy.HUMAN, _("Chinese text")), (MadeBy.MACHINE, _("machine draft"))],
        default=MadeBy.HUMAN,
        help_text=_("Work on a machine's draft may be paid otherwise than work from nothing."),
    )
    amount = models.DecimalField(
        _("yuan for a thousand words"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(0)],
    )
    valid_from = models.DateField(_("from"))

    class Meta:
        default_permissions = ()
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        ordering = ["kind", "made_by", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "kind", "made_by", "valid_from"], name="foreign_rate_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"
