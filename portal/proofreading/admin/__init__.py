"""Screens of the plugin."""
