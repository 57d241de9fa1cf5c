"""What may not become public as it is, what needs a reason, and what is only told."""
