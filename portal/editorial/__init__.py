"""Who contributes, what is paid for it, and what units are asked to deliver."""
