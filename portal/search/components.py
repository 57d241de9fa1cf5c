"""What search enters into the portal's registries: each part in a module of its own."""

from . import (
    registration_desk,
    registration_indexing,
    registration_public,
    registration_suggestions,
)

__all__ = [
    "registration_desk",
    "registration_indexing",
    "registration_public",
    "registration_suggestions",
]
