"""A mail to those who may take the step of a review that begins, in Wagtail's own words."""

from typing import Any

from wagtail.admin.mail import GroupApprovalTaskStateSubmissionEmailNotifier
from wagtail.models import TaskState
from wagtail.signals import task_submitted

from .models import PageTranslation, SectionTask
from .selectors.review import may_take, people_of


class StepBegins(GroupApprovalTaskStateSubmissionEmailNotifier):
    """To the team's people of that step, for the columns that they work in."""

    def can_handle(self, instance: Any, **kwargs: Any) -> bool:
        return isinstance(instance, TaskState) and isinstance(instance.task.specific, SectionTask)

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> list[Any]:
        task = task_state.task.specific
        page = task_state.workflow_state.content_object
        translation = (
            PageTranslation.objects.filter(target=page.pk)
            .select_related("section__locale", "source", "target")
            .first()
        )
        if translation is None:
            return []
        who = kwargs.get("user")
        return [
            user
            for user in people_of(translation, task.step)
            if user != who and may_take(user, translation, task.step)
        ]

    def get_template_base_prefix(self, instance: Any, **kwargs: Any) -> str:
        return "task_state_"  # Wagtail's, whatever our kind of state is called


step_begins = StepBegins()
task_submitted.connect(step_begins, dispatch_uid="foreign_step_begins")
