"""What the reply guard says of a reply when it is handed in."""

from typing import Any

from portal.interaction.guard import to_stored
from portal.interaction.models import Letter, Reply
from portal.interaction.selectors.guarding import findings


def findings_for(letter: Letter, reply: Reply) -> list[dict[str, Any]]:
    """Findings as they are stored with the reply: ``code``, ``blocking``, ``span``, ``detail``,
    and ``message`` in the language of the moment."""
    found = findings(letter, reply.text)
    return [
        row | {"message": finding.message}
        for row, finding in zip(to_stored(found), found, strict=True)
    ]
