"""What search enters into the portal's registries, part by part."""

from . import registration_desk

__all__ = ["registration_desk"]
