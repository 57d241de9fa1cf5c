"""What changes data, one module per subject."""
