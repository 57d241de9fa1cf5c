"""The screens of the plugin in the admin."""
