"""Tests of the public search."""
