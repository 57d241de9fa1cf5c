"""What the desk adds to the admin."""
