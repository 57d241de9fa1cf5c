"""What ends or changes a document from outside: other documents, or a decision of its editors."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .documents import PolicyPage


class EffectKind(models.TextChoices):
    REPEALED = "repealed", _("repealed")
    REPLACED = "replaced", _("replaced")
    EXPIRED = "expired", _("expired early")
    PARTLY = "partly", _("some clauses no longer in force")
    AMENDED = "amended", _("amended")


# These end the whole document.
ENDING = (EffectKind.REPEALED, EffectKind.REPLACED, EffectKind.EXPIRED)


class PolicyEffect(models.Model):
    """From ``since`` on, a document (or ``clauses`` of it) is no longer what it was.

    ``by`` is the document that says so, where the library has it; ``basis`` its title or other
    words. Rows with ``is_relation`` repeat a relation of the public document ``by`` and follow it;
    the others were entered by an editor and stay whatever other documents become. An effect that
    was undone stays in the table with the reason. ``carrier`` is the document with which this one
    falls, as what it forwarded or carried as an attachment.
    """

    policy = models.ForeignKey(PolicyPage, on_delete=models.CASCADE, related_name="effects")
    kind = models.CharField(max_length=12, choices=EffectKind)
    since = models.DateField(help_text="The first day in the new state.")
    by = models.ForeignKey(
        PolicyPage, null=True, on_delete=models.SET_NULL, related_name="effects_on_others"
    )
    basis = models.CharField(max_length=300)
    clauses = models.JSONField(default=list, help_text="Ids of clauses; empty: all of it.")
    is_relation = models.BooleanField(default=False)
    carrier = models.ForeignKey(
        PolicyPage, null=True, on_delete=models.SET_NULL, related_name="effects_carried"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("effect on a document")
        default_permissions = ()
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "by", "kind"],
                condition=models.Q(is_relation=True),
                name="policy_effect_of_a_relation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.kind} {self.since}"

    def clean(self) -> None:
        super().clean()
        if self.by_id is None and not self.basis.strip():
            raise ValidationError(
                {"basis": _("Choose the document that says so, or write what it rests on.")}
            )
        if self.by_id is not None and self.by_id == self.policy_id:
            raise ValidationError({"by": _("A document does not end itself.")})
        if self.kind == EffectKind.PARTLY and not self.clauses:
            raise ValidationError({"clauses": _("Choose the clauses that end.")})
