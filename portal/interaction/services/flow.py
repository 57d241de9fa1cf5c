"""All that can be done with a letter that was received, under one name: ``flow.accept(…)``.

Each is one transaction that locks the letter, checks the account's rights and the table of moves
(``portal.interaction.states``), writes one line of the history and raises ``MoveRefused`` with a
sentence for the person. ``at`` is when it was done, by default now.
"""

from .desk import (
    BulkResult,
    accept,
    assign,
    bulk_assign,
    direct,
    forward,
    invalidate,
    merge,
    recall,
    refuse,
    reply_to_translate,
    split,
    translate,
)
from .erasing import erase_sender
from .handling import (
    ask_advice,
    confirm_transfer,
    decline_transfer,
    defer,
    give_advice,
    note,
    pause,
    resume,
    return_letter,
    take,
    transfer,
)
from .moving import MoveRefused, demand_seen, name_of, standing_of, standings_of
from .publishing import Looked, decide_publicity, publish
from .replying import (
    Rests,
    add_file,
    approve,
    hand_in,
    open_reply,
    public_words,
    release,
    released_reply,
    rework,
    save_draft,
    version_of,
)
from .writers import follow_up, rate, reopen, withdraw

__all__ = [
    "BulkResult",
    "Looked",
    "MoveRefused",
    "Rests",
    "accept",
    "add_file",
    "approve",
    "ask_advice",
    "assign",
    "bulk_assign",
    "confirm_transfer",
    "decide_publicity",
    "decline_transfer",
    "defer",
    "demand_seen",
    "direct",
    "erase_sender",
    "follow_up",
    "forward",
    "give_advice",
    "hand_in",
    "invalidate",
    "merge",
    "name_of",
    "note",
    "open_reply",
    "pause",
    "public_words",
    "publish",
    "rate",
    "recall",
    "refuse",
    "release",
    "released_reply",
    "reopen",
    "reply_to_translate",
    "resume",
    "return_letter",
    "rework",
    "save_draft",
    "split",
    "standing_of",
    "standings_of",
    "take",
    "transfer",
    "translate",
    "version_of",
    "withdraw",
]
