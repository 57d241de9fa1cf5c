"""The style guide: every component and every block, with sample contexts, in each theme and view."""
