"""Reposting from above, submitting upward, and sending what is public to other channels."""
