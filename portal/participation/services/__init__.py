"""What changes the plugin's tables. Each module has one subject."""
