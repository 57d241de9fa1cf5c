"""What documents mean, as vectors: made in the background, kept in the database, and copied by each
machine into a file that all its processes read.
"""
