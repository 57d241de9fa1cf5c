"""Plugin: sections in other languages that stay in step with the Chinese content."""
