"""Panels of the dashboard for those who work on letters."""

from portal.plugin_api import dashboard_panels

from .panels import MyLetters

dashboard_panels.register("my_letters", MyLetters())
