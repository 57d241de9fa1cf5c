"""The translators' desk: who made a text, what was said of it, and the steps of its review."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Task, TaskState

from .states import MadeBy, PageTranslation


class SegmentOrigin(models.Model):
    """Who made the text of a segment: beside wagtail-localize's row, which knows the last only.

    ``author`` is who answers for the text as translator and may not review it; ``corrected_by`` a
    language reviewer who changed it; ``confirmed_by`` who looked at a machine's text.
    """

    text = models.OneToOneField(
        "wagtail_localize.StringTranslation",
        on_delete=models.CASCADE,
        related_name="foreign_origin",
    )
    made_by = models.CharField(_("made by"), max_length=20, choices=MadeBy, default=MadeBy.HUMAN)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.text_id} {self.made_by}"


class SegmentComment(models.Model):
    """What somebody says of one text while it is worked on; stays on record when it is settled."""

    translation = models.ForeignKey(
        PageTranslation, on_delete=models.CASCADE, related_name="comments"
    )
    path = models.TextField()
    source_hash = models.CharField(max_length=64)
    source_text = models.TextField()
    comment = models.TextField(_("comment"), max_length=2000)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.comment[:60]


class Step(models.TextChoices):
    """The steps of R-FOR-06 after the translator's own."""

    LANGUAGE = "language", _("Language review")
    CONTENT = "content", _("Secrecy and content review")
    RELEASE = "release", _("Release")


class ReviewState(TaskState):
    """A step of one review; ``digest`` is of the texts that were approved in it.

    A release that waits for a joint release is signed here: by whom, when, and why figures differ.
    """

    digest = models.CharField(max_length=64, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    signed_reason = models.TextField(blank=True)
    exclude_fields_in_copy: ClassVar[list[str]] = []

    class Meta:
        default_permissions = ()


class SectionTask(Task):
    """A step that only people of the section's team take, and only at the translators' desk.

    Wagtail's own screens therefore offer no action.
    """

    step: ClassVar[Step]
    section = models.ForeignKey(
        "foreign.ForeignSection",
        verbose_name=_("foreign-language section"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    task_state_class = ReviewState
    admin_form_fields: ClassVar[list[str]] = [*Task.admin_form_fields, "section"]
    admin_form_readonly_on_edit_fields: ClassVar[list[str]] = ["section"]

    class Meta:
        abstract = True

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        return False

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        """The page's text is changed at the desk; its editor stays closed while it is reviewed."""
        return True

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        from portal.foreign.selectors.review import reviewable_sections

        running = TaskState.objects.filter(task=self, status=TaskState.STATUS_IN_PROGRESS)
        if not reviewable_sections(user, self.step).filter(pk=self.section_id).exists():
            return running.none()
        return running


class LanguageReviewTask(SectionTask):
    step = Step.LANGUAGE

    class Meta:
        default_permissions = ()
        verbose_name = _("Language review of a translation")
        verbose_name_plural = _("Language reviews of translations")


class ContentReviewTask(SectionTask):
    step = Step.CONTENT
    other_person = models.BooleanField(
        _("by another person"),
        default=True,
        help_text=_("Neither the translator nor the language reviewer of the page."),
    )
    admin_form_fields: ClassVar[list[str]] = [*SectionTask.admin_form_fields, "other_person"]

    class Meta:
        default_permissions = ()
        verbose_name = _("Secrecy and content review of a translation")
        verbose_name_plural = _("Secrecy and content reviews of translations")


class ReleaseTask(SectionTask):
    step = Step.RELEASE

    class Meta:
        default_permissions = ()
        verbose_name = _("Release of a translation")
        verbose_name_plural = _("Releases of translations")


class SectionWorkflow(models.Model):
    """The review workflow of a section: made with it, assigned to its root."""

    section = models.OneToOneField(
        "foreign.ForeignSection", on_delete=models.CASCADE, related_name="workflow"
    )
    workflow = models.OneToOneField(
        "wagtailcore.Workflow", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.workflow)


class PageAddress(models.Model):
    """The address that somebody typed for a page; used at its next release."""

    translation = models.OneToOneField(
        PageTranslation, on_delete=models.CASCADE, related_name="address"
    )
    slug = models.SlugField(_("address"), max_length=255)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.slug
