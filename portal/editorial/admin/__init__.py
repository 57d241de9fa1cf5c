"""The screens of the editorial office."""
