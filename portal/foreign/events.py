"""What happens elsewhere and has effects here; registered by being imported."""

from .script import following

__all__ = ["following"]
