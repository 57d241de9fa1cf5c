from .documents import Document, FileText, IndexPlan, Replica, Sequence, Stale

__all__ = ["Document", "FileText", "IndexPlan", "Replica", "Sequence", "Stale"]
