from django.core.exceptions import ValidationError


class RepostingError(ValidationError):
    """What was asked for cannot be done; the message says why, for the person who asked."""
