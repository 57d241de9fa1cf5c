"""Letters with their history, replies, files and senders; what sites set; notices; comments."""

from .comments import Comment, CommentPlace, CommentState
from .drafts import PreparedLetter
from .figures import LetterFigure
from .files import LetterFile, ReplyFile
from .letters import (
    NOT_VALID_STATES,
    OPEN_STATES,
    UNPUBLISHED,
    Channel,
    ErrorKind,
    Letter,
    LetterKind,
    LetterSender,
    LetterState,
    Publicity,
)
from .notices import IntakeKey, LetterNotice, NoticeHook
from .replies import FollowUp, LetterRating, Reply, ReplyBasis, ReplyState
from .settings import DailyDuty, LetterProfile, OtherChannel, ReplyTemplate
from .steps import Advice, LetterStep, Transfer, Verb

__all__ = [
    "NOT_VALID_STATES",
    "OPEN_STATES",
    "UNPUBLISHED",
    "Advice",
    "Channel",
    "Comment",
    "CommentPlace",
    "CommentState",
    "DailyDuty",
    "ErrorKind",
    "FollowUp",
    "IntakeKey",
    "Letter",
    "LetterFigure",
    "LetterFile",
    "LetterKind",
    "LetterNotice",
    "LetterProfile",
    "LetterRating",
    "LetterSender",
    "LetterState",
    "LetterStep",
    "NoticeHook",
    "OtherChannel",
    "PreparedLetter",
    "Publicity",
    "Reply",
    "ReplyBasis",
    "ReplyFile",
    "ReplyState",
    "ReplyTemplate",
    "Transfer",
    "Verb",
]
