"""What the plugin adds to Wagtail's admin, by subject."""
