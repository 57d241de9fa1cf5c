"""Who works on a translation that is owed, and by when the head of the team wants it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationAssignment(models.Model):
    """A translation in somebody's hands. ``wanted_by`` is the team's own date.

    It never moves the day by which the rule wants the translation (``PageTranslation.due``).
    """

    translation = models.OneToOneField(
        "foreign.PageTranslation", on_delete=models.CASCADE, related_name="assignment"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("translator"),
        null=True,
        on_delete=models.CASCADE,
        related_name="translation_assignments",
    )
    wanted_by = models.DateField(_("wanted by"), null=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    assigned_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.translation_id} → {self.user}"
