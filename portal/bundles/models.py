"""A set of things that go public together."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BundleQuerySet(models.QuerySet["Bundle"]):
    def open(self) -> "BundleQuerySet":
        """Those whose items are held back."""
        return self.filter(state__in=Bundle.OPEN)

    def due(self) -> "BundleQuerySet":
        return self.filter(state=Bundle.State.SCHEDULED, go_live_at__lte=timezone.now())


class Bundle(models.Model):
    """What goes public in one step. How far it is follows from its items' own reviews.

    ``problem`` is what stood against the last attempt to release it. Names stand beside accounts:
    they stay when an account goes.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", _("in preparation")
        SCHEDULED = "scheduled", pgettext_lazy("set", "scheduled")
        RELEASED = "released", pgettext_lazy("set", "released")
        WITHDRAWN = "withdrawn", pgettext_lazy("set", "withdrawn")
        DISSOLVED = "dissolved", _("dissolved")

    OPEN: ClassVar[tuple[str, ...]] = (State.PREPARING, State.SCHEDULED)

    title = models.CharField(_("title"), max_length=120)
    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    note = models.TextField(
        _("note"),
        max_length=1000,
        blank=True,
        help_text=_("For those who work on it: what belongs together and why. Never public."),
    )
    embargo_until = models.DateTimeField(
        _("not before"),
        null=True,
        blank=True,
        help_text=_("Until then nobody can release the set. Empty: as soon as all is signed."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    owner_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.PREPARING, db_index=True
    )
    go_live_at = models.DateTimeField(_("goes public"), null=True, blank=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    released_at = models.DateTimeField(_("released"), null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    released_by_name = models.CharField(_("released by"), max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(_("reason"), max_length=300, blank=True)
    problem = models.TextField(blank=True)
    problem_item = models.ForeignKey(
        "bundles.BundleItem", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    problem_at = models.DateTimeField(null=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("set")
        verbose_name_plural = _("sets")
        default_permissions = ()
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class BundleItem(models.Model):
    """One page of a set. ``open`` while the set holds it back: then it is in no other set.

    ``revision_id`` is the version that went public with the set; ``was_public`` says that an older
    one was public before.
    """

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="items")
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    sort_order = models.PositiveIntegerField(default=0)
    open = models.BooleanField(default=True)
    was_public = models.BooleanField(default=False)
    revision_id = models.BigIntegerField(null=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("page of a set")
        verbose_name_plural = _("pages of sets")
        default_permissions = ()
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page"], condition=Q(open=True), name="bundles_page_in_one_open_set"
            ),
            models.UniqueConstraint(fields=["bundle", "page"], name="bundles_page_once"),
        ]

    def __str__(self) -> str:
        return self.title
