"""Guides as files: brought in as drafts with an error for each row, taken out without loss."""
