"""What happens elsewhere and has effects here."""

from . import source_signals  # noqa: F401 - register
