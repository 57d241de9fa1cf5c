from .documents import Document, Replica, Sequence

__all__ = ["Document", "Replica", "Sequence"]
