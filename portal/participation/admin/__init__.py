"""The staff's screens. Each module has one subject."""
