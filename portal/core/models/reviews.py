"""Three reviews: the steps, who signed what, who stands in for whom.

Built on Wagtail's workflows: a step is a task, an item in review a workflow state. What people
signed is kept here, apart from Wagtail's rows, and is never changed afterwards.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Page, Task, TaskState


class ReviewStep(models.TextChoices):
    """In their order. The three reviews are signed by three accounts, secrecy by a named one."""

    FIRST_CHECK = "first_check", _("First check")
    SECRECY = "secrecy", _("Secrecy review")
    REVIEW = "review", _("Review")
    RELEASE = "release", pgettext_lazy("review", "Release")


# The steps that three different accounts sign.
THREE_REVIEWS = (ReviewStep.FIRST_CHECK, ReviewStep.REVIEW, ReviewStep.RELEASE)


class ReviewTask(Task):
    """One step of the reviews of a site or column: taken by roles (groups) or by name.

    Wagtail's own screens offer no action: who signs has the item in front of them, at the review's
    own screen. While an item is in review nobody changes it.
    """

    step = models.CharField(_("step"), max_length=20, choices=ReviewStep)
    groups = models.ManyToManyField(
        "auth.Group", verbose_name=_("roles"), blank=True, related_name="+"
    )
    reviewers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewers by name"),
        blank=True,
        related_name="review_tasks",
    )

    admin_form_fields: ClassVar[list[str]] = [
        *Task.admin_form_fields, "step", "groups", "reviewers",
    ]  # fmt: skip

    class Meta:
        verbose_name = _("Step of the three reviews")
        verbose_name_plural = _("Steps of the three reviews")

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        """As Wagtail's; what was returned begins anew with the first step."""
        from portal.core.reviews.mail import step_begins
        from portal.core.reviews.rounds import first_task, open_round

        task = first_task(workflow_state, self)
        if task.pk != self.pk:
            state: TaskState = task.specific.start(workflow_state, user=user)
            return state
        state = super().start(workflow_state, user=user)
        open_round(workflow_state, state, user)
        # After the commit: others wait for our turn, and no mail tells of what was undone.
        transaction.on_commit(lambda: step_begins(instance=state, user=user), robust=True)
        return state

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        return True

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        """Reviewers may look at the form of what they review; it is locked."""
        return self.is_taken_by(user)

    def is_taken_by(self, user: Any) -> bool:
        """Whether the step is among an account's own duties (without stand-ins)."""
        known = user.__dict__.setdefault("_review_tasks", {})
        if self.pk not in known:
            known[self.pk] = (
                type(self)
                .objects.filter(Q(groups__in=user.groups.all()) | Q(reviewers=user), pk=self.pk)
                .exists()
            )
        return bool(known[self.pk])

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        running = TaskState.objects.filter(task=self, status=TaskState.STATUS_IN_PROGRESS)
        return running if self.is_taken_by(user) else running.none()

    @classmethod
    def get_description(cls) -> Any:
        return _("One of the steps before something becomes public, taken by roles or by name")


class ReviewRoundQuerySet(models.QuerySet["ReviewRound"]):
    def open(self) -> "ReviewRoundQuerySet":
        return self.filter(state=ReviewRound.State.RUNNING)


class ReviewRound(models.Model):
    """One way of one version of an item through the reviews: who provided it, what became of it.

    Names stand beside the accounts: they stay when an account goes. ``item`` is the key that
    publications use (``page:17``).
    """

    class State(models.TextChoices):
        RUNNING = "running", _("in review")
        RETURNED = "returned", _("returned")
        CANCELLED = "cancelled", pgettext_lazy("review", "taken back")
        SIGNED = "signed", _("signed, waits to go live")
        RELEASED = "released", pgettext_lazy("review", "released")
        ENDED = "ended", _("no longer public")

    workflow_state = models.ForeignKey(
        "wagtailcore.WorkflowState", null=True, on_delete=models.SET_NULL, related_name="rounds"
    )
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="review_rounds"
    )
    item = models.CharField(max_length=80)
    title = models.CharField(_("title"), max_length=255)
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="review_rounds"
    )
    column_title = models.CharField(_("column"), max_length=255, blank=True)
    revision_id = models.BigIntegerField()
    content_hash = models.CharField(max_length=64)
    provider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    provider_name = models.CharField(_("provided by"), max_length=150)
    provider_unit = models.ForeignKey(
        "core.Organisation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    provider_unit_name = models.CharField(_("providing unit"), max_length=200, blank=True)
    # All accounts that wrote the version: none of them may sign it.
    writers = models.JSONField(default=list)
    urgent = models.BooleanField(_("urgent"), default=False)
    urgent_reason = models.CharField(_("why it is urgent"), max_length=200, blank=True)
    correction = models.TextField(
        _("what was corrected"),
        max_length=500,
        blank=True,
        help_text=_("Shown to readers below the text, with the date."),
    )
    date_reason = models.CharField(
        _("why the publication time is an earlier one"), max_length=200, blank=True
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RUNNING)
    submitted_at = models.DateTimeField(_("submitted"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    released_at = models.DateTimeField(_("released"), null=True)

    objects = ReviewRoundQuerySet.as_manager()

    # What nobody changes once people have begun to sign.
    FIXED: ClassVar[tuple[str, ...]] = (
        "item", "revision_id", "content_hash", "provider_name", "provider_unit_name", "writers",
        "submitted_at",
    )  # fmt: skip

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        default_permissions = ()
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["item", "-submitted_at"], name="core_round_item"),
            models.Index(fields=["state", "site"], name="core_round_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="running"), name="core_round_one_running"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses a change of what was signed.

        Raises:
            ValidationError: a fixed field differs from what is stored.
        """
        if self.pk is not None:
            stored = type(self)._base_manager.filter(pk=self.pk).values(*self.FIXED).first()
            changed = [
                name for name in self.FIXED if stored and stored[name] != getattr(self, name)
            ]
            if changed:
                raise ValidationError(
                    _("What was handed in for review is fixed: %(fields)s.")
                    % {"fields": ", ".join(changed)}
                )
        super().save(*args, **kwargs)


class ReviewSignature(models.Model):
    """What one account decided at one step. Written once."""

    class Verdict(models.TextChoices):
        SIGNED = "signed", _("signed")
        RETURNED = "returned", _("returned")

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="signatures")
    step = models.CharField(_("step"), max_length=20, choices=ReviewStep)
    verdict = models.CharField(_("decision"), max_length=12, choices=Verdict)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    account_name = models.CharField(_("account"), max_length=150)
    for_name = models.CharField(_("in place of"), max_length=150, blank=True)
    unit_name = models.CharField(_("unit"), max_length=200, blank=True)
    on_duty = models.BooleanField(_("as approver on duty"), default=False)
    opinion = models.TextField(_("opinion"), max_length=1000, blank=True)
    # The written record of the secrecy review: question → answer.
    answers = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    opened_at = models.DateTimeField(_("opened"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    address = models.GenericIPAddressField(_("address"), null=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        default_permissions = ()
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "step"], name="core_signature_once_each_step")
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} · {self.account_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise ValidationError(_("A signature is not changed."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise ValidationError(_("A signature is not deleted."))


class ReviewOpening(models.Model):
    """That an account had the very version in front of it: nobody signs what they did not open."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="openings")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["round", "account"], name="core_opening_once")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.account_id}"


class _Period(models.Model):
    """From when until when somebody stands in; both moments are inclusive."""

    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.since and self.until and self.until <= self.since:
            raise ValidationError({"until": _("The end comes after the beginning.")})


class ReviewDelegation(_Period):
    """One account signs in place of another for a while, at one site."""

    site = models.ForeignKey(
        "core.SiteRecord", on_delete=models.CASCADE, related_name="review_delegations"
    )
    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who is away"),
        on_delete=models.CASCADE,
        related_name="delegations_given",
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who signs instead"),
        on_delete=models.CASCADE,
        related_name="delegations_taken",
    )
    reason = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        default_permissions = ()
        permissions = [("settle_reviewers", "Can settle who reviews at own sites")]
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.absent} → {self.stand_in}"

    def clean(self) -> None:
        super().clean()
        if self.absent_id is not None and self.absent_id == self.stand_in_id:
            raise ValidationError({"stand_in": _("Choose another account.")})


class DutyShift(_Period):
    """An approver on duty of a site: may take any step of what is urgent."""

    site = models.ForeignKey(
        "core.SiteRecord", on_delete=models.CASCADE, related_name="duty_shifts"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="duty_shifts",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("duty shift")
        verbose_name_plural = _("duty shifts")
        default_permissions = ()
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.account} {self.since:%Y-%m-%d %H:%M}"


class OperatorAction(models.Model):
    """What was published without the reviews by who runs the portal: named, with a reason."""

    command = models.CharField(_("command"), max_length=60)
    accounts = models.JSONField(_("accounts"), default=list)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("action of the operator")
        verbose_name_plural = _("actions of the operator")
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.command} {self.at:%Y-%m-%d %H:%M}"


class EmergencyWithdrawal(models.Model):
    """That something was taken from the public everywhere at once, by whom and why."""

    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    item = models.CharField(max_length=80)
    title = models.CharField(_("title"), max_length=255)
    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    account_name = models.CharField(_("account"), max_length=150)
    # Keys of all that went with it: versions in other languages, places of use.
    items = models.JSONField(default=list)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("emergency withdrawal")
        verbose_name_plural = _("emergency withdrawals")
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.title
