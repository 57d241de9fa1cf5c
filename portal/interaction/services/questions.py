"""A good public reply becomes the draft of a question and answer that ends with its clauses
(feature 24)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from portal.interaction import permissions
from portal.interaction.masking import masked, masked_reply
from portal.interaction.models import Letter, Publicity, Reply, ReplyBasis, Verb
from portal.interaction.surroundings import address, code_of
from portal.plugin_api import QADraftsMade, QASource, capability, qa_drafts

from .moving import MoveRefused
from .replying import released_reply

_LONGEST_QUESTION = 120


def why_no_question(letter: Letter) -> str:
    """Why a letter cannot become a question and answer; "" where it can."""
    reply = released_reply(letter)
    if letter.publicity != Publicity.PUBLIC or reply is None or reply.published_at is None:
        return _("Publish the result first: a question and answer is made of what is public.")
    if basis_of(reply) is None:
        return _(
            "The reply names no document as its basis. A question and answer has to end with the "
            "rule that it rests on, so it cannot be made of this one."
        )
    return ""


def offers_questions(letter: Letter) -> bool:
    """Whether anybody on this portal takes drafts."""
    return capability(qa_drafts, letter.site_id) is not None


def basis_of(reply: Reply) -> ReplyBasis | None:
    """What the draft is tied to: the first basis with clauses, else the first public page."""
    rows = [
        row
        for row in reply.basis.select_related("target")
        if row.target is not None and row.target.live
    ]
    return next((row for row in rows if row.clauses), rows[0] if rows else None)


def draft_question(*, letter: Letter, by: Any) -> QADraftsMade:
    """Hand question and answer, as they are public, to whoever keeps them. The draft is tied to
    the clauses of the reply's basis: their repeal flags it.

    Raises:
        PermissionDenied: the account may not publish this letter.
        MoveRefused: it is not public, rests on no page, or nobody takes drafts.
    """
    if not permissions.may(by, Verb.PUBLISH, letter):
        raise PermissionDenied
    why = why_no_question(letter)
    if why:
        raise MoveRefused(why)
    provider = capability(qa_drafts, letter.site_id)
    if provider is None:
        raise MoveRefused(_("No part of this portal keeps questions and answers at present."))
    reply = released_reply(letter)
    basis = basis_of(reply) if reply is not None else None
    assert reply is not None
    assert basis is not None
    assert basis.target is not None
    source = QASource(
        clause="",
        label=_("Answer to letter %(number)s") % {"number": letter.number},
        # Masked when it was published; once more, should somebody have put something back.
        text=masked_reply(reply.masked_text),
        url=address("detail", letter.number, language="zh-hans", site=code_of(letter.site_id)),
        question=masked(letter.masked_subject)[:_LONGEST_QUESTION],
        clauses=tuple(basis.clauses),
    )
    return provider.draft([source], page=basis.target.specific, site=letter.site_id, user=by)
