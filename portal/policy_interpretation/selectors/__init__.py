"""What reads data, one module per subject."""
