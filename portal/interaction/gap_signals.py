"""Questions that people wrote letters about: the knowledge base could have answered them."""

import datetime
from collections.abc import Iterator

from django.urls import reverse

from portal.plugin_api import GapSignal

from .masking import masked
from .models import NOT_VALID_STATES, Letter, LetterKind

_LONGEST = 300


class QuestionsInLetters:
    """Entered in the registry ``gap_signals``: the subjects of questions, personal data masked."""

    def gap_signals(
        self, *, site: int, since: datetime.datetime, until: datetime.datetime
    ) -> Iterator[GapSignal]:
        rows = (
            Letter.objects.filter(
                site=site,
                kind=LetterKind.CONSULTATION,
                received_at__gte=since,
                received_at__lt=until,
            )
            .exclude(state__in=NOT_VALID_STATES)
            .order_by("received_at", "pk")
        )
        columns = ("pk", "subject", "masked_subject", "language", "received_at")
        for pk, subject, hidden, language, at in rows.values_list(*columns).iterator(
            chunk_size=500
        ):
            yield GapSignal(
                key=f"letter:{pk}",
                text=masked(hidden or subject)[:_LONGEST],
                language=language,
                at=at,
                kind="letter",
                # Each letter is somebody's own: two letters of one person are not told apart.
                asker=f"letter:{pk}",
                url=reverse("interaction_letter", args=[pk]),
            )
