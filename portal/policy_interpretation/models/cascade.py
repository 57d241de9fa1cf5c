"""The repeal cascade: what rests on a document that ended, and what was done about each part."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .documents import PolicyPage


class CascadeCase(models.Model):
    """One document that is, or will be, no longer wholly in force.

    ``done_at`` is set while every item has been dealt with; a new dependant opens the case again.
    """

    policy = models.OneToOneField(PolicyPage, on_delete=models.CASCADE, related_name="cascade_case")
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True)
    closed = models.BooleanField(
        default=False, help_text="The document is in force again: nothing is to be done."
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("repeal case")
        verbose_name_plural = _("repeal cases")
        default_permissions = ()
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(
                fields=["site", "-opened_at"],
                condition=models.Q(done_at__isnull=True, closed=False),
                name="policy_case_open",
            )
        ]

    def __str__(self) -> str:
        return str(self.policy)


class CascadeItem(models.Model):
    """One thing that rests on the document, with what was decided.

    ``key`` names it (``page:17``, or a plugin's own name), ``source`` the entry of the registry
    ``dependants`` that found it. The words are those of the moment at which it was last seen.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be dealt with")
        UPDATED = "updated", _("brought up to date")
        WITHDRAWN = "withdrawn", _("withdrawn")
        MARKED = "marked", _("marked as outdated")
        KEPT = "kept", _("kept")

    case = models.ForeignKey(CascadeCase, on_delete=models.CASCADE, related_name="items")
    source = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    label = models.CharField(max_length=255)
    kind = models.CharField(max_length=80)
    place = models.CharField(max_length=300, blank=True)
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    url = models.CharField(max_length=500, blank=True)
    edit_url = models.CharField(max_length=500, blank=True)
    actions = models.JSONField(default=list)
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("item of a repeal case")
        default_permissions = ()
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="policy_case_item_once")
        ]
        indexes = [
            models.Index(
                fields=["page"],
                condition=models.Q(state="marked"),
                name="policy_case_item_marked",
            )
        ]

    def __str__(self) -> str:
        return self.label
