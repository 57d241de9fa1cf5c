"""The Django side of the assistant: knowledge base, index, answer page, API."""
