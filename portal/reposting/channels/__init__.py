"""Kinds of channels of our own: a webhook that works, and the interfaces of two others."""
