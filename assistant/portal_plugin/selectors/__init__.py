"""What reads, by subject."""
