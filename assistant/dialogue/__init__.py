"""Dialogue: statuses, routing and guards. No Django; from the portal only portal.text."""
