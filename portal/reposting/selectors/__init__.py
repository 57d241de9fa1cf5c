"""Reading what is there."""
