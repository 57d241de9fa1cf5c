"""Entries from files and to files: reading, checking, comparing, storing, writing."""
