"""A mail to those who may take the step that begins, in Wagtail's own words."""

from typing import Any

from wagtail.admin.mail import GroupApprovalTaskStateSubmissionEmailNotifier
from wagtail.models import TaskState

from portal.core.models import ReviewTask

from .duties import takers
from .rounds import running_round


class StepBegins(GroupApprovalTaskStateSubmissionEmailNotifier):
    """To who could sign now; each account says in its profile whether it wants such mails."""

    def can_handle(self, instance: Any, **kwargs: Any) -> bool:
        return isinstance(instance, TaskState) and isinstance(instance.task.specific, ReviewTask)

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> list[Any]:
        review = running_round(task_state.workflow_state)
        task = task_state.task.specific
        return [] if review is None else takers(review, task)

    def get_template_base_prefix(self, instance: Any, **kwargs: Any) -> str:
        return "task_state_"


step_begins = StepBegins()
