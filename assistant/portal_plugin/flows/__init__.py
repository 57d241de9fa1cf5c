"""What the assistant does and says: one module for each thing that visitors want.

Each enters its actions by name (``dialogue.turn.action``); importing the package enters them all.
Nothing here knows HTTP, Rasa or trackers, and nothing writes a receipt.
"""

from . import (  # noqa: F401 - they enter their actions
    answering,
    letters,
    offices,
    people,
    policies,
    pressed,
    reports,
    services,
    skills,
    statuses,
    talk,
)
