"""What cannot be done, with a sentence for the person who asked."""

from django.core.exceptions import ValidationError


class ParticipationError(ValidationError):
    """The message says why, in the reader's language."""


class AlreadyAnswered(ParticipationError):
    """Somebody with this browser or connection has answered the survey."""
