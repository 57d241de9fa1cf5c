"""Selectors: read only."""
