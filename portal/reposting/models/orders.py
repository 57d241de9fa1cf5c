"""Orders of a higher office to repost something, and submissions to the portal above."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WEB = URLValidator(schemes=["http", "https"])


class RepostOrder(models.Model):
    """What a higher office wants reposted, handed on by a site to the sites that it concerns."""

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    title = models.CharField(_("what is to be reposted"), max_length=255)
    ordered_by = models.CharField(_("ordered by"), max_length=120)
    source_url = models.CharField(
        _("address of the original"), max_length=1000, blank=True, validators=[WEB]
    )
    wanted = models.TextField(_("what is asked for"), blank=True, max_length=2000)
    target = models.CharField(
        _("whom it concerns"),
        max_length=200,
        blank=True,
        help_text=_("Sector or region, such as 民政部门 or 各区县."),
    )
    groups = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="The groups it went to, as they were then: name, and keys of the sites.",
    )
    ordered_at = models.DateTimeField(_("ordered"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    issued_by_name = models.CharField(max_length=150, blank=True)
    issued_at = models.DateTimeField(_("handed on"), auto_now_add=True)

    class Meta:
        verbose_name = _("order to repost")
        verbose_name_plural = _("orders to repost")
        ordering = ["-issued_at", "-pk"]
        default_permissions = ()
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "-issued_at"], name="reposting_order_list")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def group_names(self) -> list[str]:
        return [group["name"] for group in self.groups]


class OrderState(models.TextChoices):
    ISSUED = "issued", pgettext_lazy("order", "handed on")
    RECEIVED = "received", pgettext_lazy("order", "received")
    DONE = "done", pgettext_lazy("order", "reposted")
    EXCUSED = "excused", pgettext_lazy("order", "does not concern it")


class OrderSite(models.Model):
    """One site's part of an order."""

    OPEN = (OrderState.ISSUED, OrderState.RECEIVED)

    order = models.ForeignKey(RepostOrder, on_delete=models.CASCADE, related_name="parts")
    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=OrderState, default=OrderState.ISSUED
    )
    clock = models.ForeignKey("core.Clock", null=True, on_delete=models.SET_NULL, related_name="+")
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    url = models.CharField(_("address of the repost"), max_length=1000, blank=True)
    note = models.CharField(_("reason"), max_length=300, blank=True)
    changed_at = models.DateTimeField(null=True)
    changed_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("part of an order")
        verbose_name_plural = _("parts of an order")
        ordering = ["order", "site"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["order", "site"], name="reposting_order_site")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "state"], name="reposting_order_part")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.site_id}"


class SubmissionKind(models.TextChoices):
    POLICY = "policy", pgettext_lazy("submission", "policy")
    INTERPRETATION = "interpretation", pgettext_lazy("submission", "interpretation")
    RESPONSE = "response", pgettext_lazy("submission", "response")
    NEWS = "news", pgettext_lazy("submission", "news")


class SubmissionState(models.TextChoices):
    PREPARED = "prepared", pgettext_lazy("submission", "prepared")
    SUBMITTED = "submitted", pgettext_lazy("submission", "submitted")
    ACCEPTED = "accepted", pgettext_lazy("submission", "accepted")
    PUBLISHED = "published", pgettext_lazy("submission", "published above")
    RETURNED = "returned", pgettext_lazy("submission", "returned")


class Submission(models.Model):
    """A public page that is handed to the portal above."""

    MOVES: ClassVar[dict[str, tuple[str, ...]]] = {
        SubmissionState.PREPARED: (SubmissionState.SUBMITTED,),
        SubmissionState.SUBMITTED: (
            SubmissionState.ACCEPTED, SubmissionState.PUBLISHED, SubmissionState.RETURNED,
        ),
        SubmissionState.ACCEPTED: (SubmissionState.PUBLISHED, SubmissionState.RETURNED),
        SubmissionState.RETURNED: (SubmissionState.SUBMITTED,),
        SubmissionState.PUBLISHED: (),
    }  # fmt: skip

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    kind = models.CharField(_("kind"), max_length=16, choices=SubmissionKind)
    target = models.CharField(_("submitted to"), max_length=120)
    channel = models.ForeignKey(
        "reposting.Channel",
        verbose_name=_("sent by the channel"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: handed over by other means, such as the file below."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=SubmissionState, default=SubmissionState.PREPARED
    )
    url = models.CharField(_("address above"), max_length=1000, blank=True, validators=[WEB])
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    changed_at = models.DateTimeField()
    times = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("submission upward")
        verbose_name_plural = _("submissions upward")
        ordering = ["-made_at", "-pk"]
        default_permissions = ()
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["site", "state", "-made_at"], name="reposting_submission_list")
        ]

    def __str__(self) -> str:
        return self.title


class SubmissionStep(models.Model):
    """One line of a submission's history."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=SubmissionState)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a submission")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.submission_id} {self.state}"
