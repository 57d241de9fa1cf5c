"""What is read. Each module has one subject."""
