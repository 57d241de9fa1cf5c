"""What the plugin hears: signals of the tree, in the transaction that sends them."""

from . import following

__all__ = ["following"]
