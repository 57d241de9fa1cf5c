"""What is read for screens, pages and commands."""
