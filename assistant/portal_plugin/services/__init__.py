"""What writes, by subject."""
