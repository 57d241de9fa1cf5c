"""Asking many golden questions in the background."""

from django.contrib.auth import get_user_model
from django.tasks import task

from .models import GoldenRun


@task
def run_golden(user_pk: int | None) -> int:
    from .services import golden

    by = get_user_model()._default_manager.filter(pk=user_pk or 0).first()
    return golden.run(cause=GoldenRun.Cause.HAND, by=by).asked
