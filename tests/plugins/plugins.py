"""Plugins made up for a test."""

from typing import Any

from portal.plugins.metadata import Metadata, read_metadata


def metadata(slug: str, **fields: Any) -> Metadata:
    """Validated metadata of a site plugin that exists in memory only."""
    declared = {"slug": slug, "title": slug.title(), "version": "1.0"} | fields
    return read_metadata(type("PluginMeta", (), declared), app=f"made_up_{slug}")
