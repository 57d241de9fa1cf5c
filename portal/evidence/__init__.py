"""Tamper evidence: what is public is entered in an append-only log, signed daily, and checked."""
