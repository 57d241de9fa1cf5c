"""How documents stand to each other. Each relation is stored once and shown on both sides."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel
from wagtail.models import Orderable

from .documents import PolicyPage


class RelationKind(models.TextChoices):
    """Reference 7.7 and ``replaces``. The label is read from the document that holds it."""

    BASED_ON = "based_on", _("based on")
    IMPLEMENTS = "implements", _("implements")
    AMENDS = "amends", _("amends")
    REPEALS = "repeals", _("repeals")
    REPLACES = "replaces", _("replaces")
    INTERPRETS = "interprets", _("interprets")
    FORWARDS = "forwards", _("forwards")
    ATTACHMENT_OF = "attachment_of", _("attachment of")
    SUPPORTS = "supports", _("supports")
    CONSULTED_BY = "consulted_by", _("comments asked for in")
    BASIS_OF_SERVICE = "basis_of_service", _("basis of the service")


# The same relation read from the other side.
REVERSE_LABELS = {
    RelationKind.BASED_ON: _("basis of"),
    RelationKind.IMPLEMENTS: _("implemented by"),
    RelationKind.AMENDS: _("amended by"),
    RelationKind.REPEALS: _("repealed by"),
    RelationKind.REPLACES: _("replaced by"),
    RelationKind.INTERPRETS: _("interpreted by"),
    RelationKind.FORWARDS: _("forwarded by"),
    RelationKind.ATTACHMENT_OF: _("has the attachment"),
    RelationKind.SUPPORTS: _("supported by"),
    RelationKind.CONSULTED_BY: _("consultation on"),
    RelationKind.BASIS_OF_SERVICE: _("service based on it"),
}


class PolicyRelation(Orderable):
    """From one document to another, in the library (``target``) or outside (title and number).

    ``clause`` is the clause of this document that says so; ``target_clauses`` lists the clause
    ids of the target that it concerns (empty: all of it).
    """

    page = ParentalKey(PolicyPage, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(_("relation"), max_length=20, choices=RelationKind)
    target = models.ForeignKey(
        PolicyPage,
        verbose_name=_("document in the library"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incoming_relations",
    )
    target_title = models.CharField(_("title of a document outside"), max_length=255, blank=True)
    target_number = models.CharField(_("its number"), max_length=60, blank=True)
    target_url = models.URLField(_("its address"), blank=True)
    since = models.DateField(
        _("since"), null=True, blank=True, help_text=_("Empty: when this document takes effect.")
    )
    clause = models.CharField(max_length=40, blank=True, editable=False)
    target_clauses = models.JSONField(default=list, blank=True, editable=False)

    panels = [
        FieldPanel("kind"),
        PageChooserPanel("target", "policy_interpretation.PolicyPage"),
        FieldRowPanel([FieldPanel("target_title"), FieldPanel("target_number")]),
        FieldRowPanel([FieldPanel("target_url"), FieldPanel("since")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.target or self.target_title}"

    def clean(self) -> None:
        super().clean()
        if self.target_id is None and not self.target_title:
            raise ValidationError(
                {"target": _("Choose a document of the library or type the title of another.")}
            )
        if self.target_id is not None and self.target_id == self.page_id:
            raise ValidationError({"target": _("A document has no relation to itself.")})
