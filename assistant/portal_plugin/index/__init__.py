"""The Django side of retrieval: from pages to the index, and the index at work."""
