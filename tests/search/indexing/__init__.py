"""From publications to indexes."""
