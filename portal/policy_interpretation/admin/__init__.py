"""Screens of the admin, one module per subject."""
