"""How a moved answer is said in one line."""

from django.utils.translation import gettext as _

from assistant.evaluation.moves import Direction, Stand

from .models.conversations import AnswerStatus
from .services.golden import GoldenMove


def line_of(moved: GoldenMove) -> str:
    """“question”: answered (entry A) → declined. Worse."""
    return _("“%(question)s”: %(before)s → %(after)s (%(direction)s)") % {
        "question": moved.question.question,
        "before": stand_text(moved.move.before, moved.before),
        "after": stand_text(moved.move.after, moved.after),
        "direction": direction_text(moved.move.direction),
    }


def stand_text(stand: Stand, titles: tuple[str, ...]) -> str:
    """The status, what is shown, and at which place the expected entry stands."""
    found = str(AnswerStatus(stand.status).label)
    if titles:
        found = _("%(status)s: %(titles)s") % {"status": found, "titles": "、".join(titles)}
    if stand.rank is not None:
        found = _("%(stand)s, the expected one in place %(rank)d") % {
            "stand": found, "rank": stand.rank,
        }  # fmt: skip
    return found


def direction_text(direction: Direction) -> str:
    if direction == Direction.WORSE:
        return _("was right, is wrong then")
    if direction == Direction.BETTER:
        return _("was wrong, is right then")
    return _("as right or wrong as before")
