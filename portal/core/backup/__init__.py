"""Backup and restore: database, files, keys and settings in one file (decision 0055)."""
