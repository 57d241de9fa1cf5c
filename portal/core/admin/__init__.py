"""The core's part of the admin: views, panels and menus."""
