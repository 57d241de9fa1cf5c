"""The parity gate: figures agree, or somebody says why not."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import ngettext

from portal.foreign.models import PageTranslation, ParityOverride
from portal.foreign.selectors.parity import ParityProblem, parity_problems
from portal.foreign.selectors.segments import Segment


class ParityRefused(ValidationError):
    """Figures of the translation are not those of the Chinese text; nothing was written."""

    def __init__(self, problems: list[ParityProblem]) -> None:
        self.problems = problems
        head = ngettext(
            "%(count)s figure does not agree with the Chinese text. Mend it, or give a reason.",
            "%(count)s figures do not agree with the Chinese text. Mend them, or give a reason.",
            len(problems),
        ) % {"count": len(problems)}
        super().__init__([head, *(problem.sentence for problem in problems)], code="parity")


@transaction.atomic
def check_release(
    translation: PageTranslation,
    reason: str = "",
    *,
    user: Any = None,
    segments: Iterable[Segment] | None = None,
    of_the_page: Sequence[ParityProblem] = (),
) -> ParityOverride | None:
    """Lets a release through whose figures agree; with a ``reason`` also one whose do not.

    The reason is kept with what was found, and None returned where nothing was.

    Args:
        segments: the texts of the translation, where they were just read.
        of_the_page: what was found on the page as a whole (``page_problems``).

    Raises:
        ParityRefused: something does not agree, and there is no reason.
    """
    problems = [*parity_problems(translation, segments), *of_the_page]
    if not problems:
        return None
    reason = reason.strip()
    if not reason:
        raise ParityRefused(problems)
    return ParityOverride.objects.create(
        translation=translation,
        user=user,
        reason=reason,
        findings=[
            {
                "path": problem.path,
                "position": problem.position,
                "kind": problem.mismatch.kind,
                "source": problem.mismatch.source_text,
                "target": problem.mismatch.target_text,
            }
            for problem in problems
        ],
    )
