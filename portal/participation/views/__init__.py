"""The public addresses below ``/participation/``."""
