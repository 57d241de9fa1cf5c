"""Processes that plugins bring along, by functions in the entry point group ``portal.processes``.

    [project.entry-points."portal.processes"]
    rasa = "assistant.rasa_host.process:contribute"

Each is called with the portal's environment and address before anything is started. It must not
load Django: the supervisor has none, and is not to wait for it.
"""

import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .processes import ProcessSpec

GROUP = "portal.processes"


@dataclass(frozen=True, slots=True)
class Contribution:
    """``processes``: rows for the process table. ``environment``: variables that all processes of
    the portal are given, so that they find what was started; what is set already stays."""

    processes: tuple[ProcessSpec, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


NOTHING = Contribution()

type Contributor = Callable[[Mapping[str, str], str], Contribution]


def contributions(
    environ: Mapping[str, str], url: str, say: Callable[[str], None]
) -> list[Contribution]:
    """Everything that is contributed. One that fails costs its own process, and is told."""
    found = []
    for entry in importlib.metadata.entry_points(group=GROUP):
        try:
            contributor: Contributor = entry.load()
            found.append(contributor(environ, url))
        except Exception as error:
            say(f"{entry.name}: is left out ({error or type(error).__name__})")
    return found
