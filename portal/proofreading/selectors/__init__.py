"""Reads: lists and register as detectors, texts of pages, what was found."""
