"""Screens of the library."""
