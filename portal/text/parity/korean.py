"""To come."""

from .scanning import Reader

READERS: tuple[Reader, ...] = ()
