"""What the portal itself gives the public search: pages and files."""
