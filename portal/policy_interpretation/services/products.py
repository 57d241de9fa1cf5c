"""What follows from saving an interpretation."""

from django.db import transaction

from portal.policy_interpretation.models import InterpretationPage


@transaction.atomic
def follow_save(*, page: InterpretationPage) -> None:
    """Keep the index of explained clauses in line with what is public."""
    if not page.live:
        page.explanations.all().delete()
