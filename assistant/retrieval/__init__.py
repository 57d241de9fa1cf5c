"""Retrieval: Haystack components and pipelines. No Django; from the portal only portal.text."""
