"""What search enters into the portal's registries: each part in a module of its own."""

from . import registration_indexing, registration_public

__all__ = ["registration_indexing", "registration_public"]
