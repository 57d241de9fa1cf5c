"""The style guide: components and blocks with sample contexts, in each theme and view."""
