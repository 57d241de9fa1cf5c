"""Public search: one box for everything that is published."""
