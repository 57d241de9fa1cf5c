"""The assistant: retrieval and dialogue without Django, and its plugin for the portal."""
