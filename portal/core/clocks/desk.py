"""What plugins do with clocks, as one object: ``from portal.plugin_api import clocks``."""

from .selectors import (
    OfficeState,
    clocks_of,
    due,
    limit_of,
    office_state,
    visible_to,
    working_days_since,
)
from .services import extend, open_clock, pause, restart, resume, start, stop
from .terms import day_names, work_calendar
from .wording import DueWords, due_words, limit_text


class clocks:  # noqa: N801 - read as a module: ``clocks.start(…)``
    """Deadlines: start, pause, resume, extend, restart, stop; and what is known of them.

    The functions are those of ``core.clocks.services``, ``selectors``, ``terms`` and ``wording``,
    and are described there. Those that write raise ``ClockError`` with a sentence for people.
    """

    start = staticmethod(start)
    pause = staticmethod(pause)
    resume = staticmethod(resume)
    extend = staticmethod(extend)
    restart = staticmethod(restart)
    stop = staticmethod(stop)
    open = staticmethod(open_clock)
    of = staticmethod(clocks_of)
    visible_to = staticmethod(visible_to)
    due = staticmethod(due)
    working_days_since = staticmethod(working_days_since)
    office_state = staticmethod(office_state)
    calendar = staticmethod(work_calendar)
    day_names = staticmethod(day_names)
    limit = staticmethod(limit_of)
    words = staticmethod(due_words)
    limit_text = staticmethod(limit_text)


__all__ = ["DueWords", "OfficeState", "clocks"]
