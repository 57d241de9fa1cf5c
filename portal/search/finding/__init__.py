"""From what engines answer to what is shown."""
