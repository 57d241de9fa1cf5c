"""Selectors of the plugin: they read."""
