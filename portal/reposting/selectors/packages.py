"""A public page as plain data and as a file of its own: what is handed to others."""

from typing import Any

from django.template.loader import render_to_string
from wagtail.models import Page

from portal.plugin_api import date_text, just_seen, page_text, site_of_path, tree_language


def package_of(page: Page, event: str) -> dict[str, Any]:
    """What others are told of a page. Of one that was withdrawn: that it was, not what it said."""
    specific: Any = page.specific
    site = just_seen().records.get(site_of_path(page.path) or 0)
    told: dict[str, Any] = {
        "event": event,
        "id": page.pk,
        "title": page.title,
        "url": page.full_url or "",
        "language": tree_language(page.path),
        "site": site.code if site else "",
        "site_name": site.name if site else "",
        "kind": page.specific_class._meta.label_lower if page.specific_class else "",
    }
    if event == "withdrawn":
        return told
    date = specific.displayed_date() if hasattr(specific, "displayed_date") else None
    return told | {
        "published": (date or page.first_published_at).isoformat()
        if date or page.first_published_at
        else "",
        "source": str(getattr(specific, "source", "") or ""),
        "source_url": str(getattr(specific, "source_url", "") or ""),
        "summary": str(getattr(specific, "summary_text", "") or page.search_description or ""),
        "text": page_text(specific),
    }


def page_file(page: Page) -> str:
    """The text of a page as an HTML file that stands by itself: nothing in it is fetched."""
    told = package_of(page, "submitted")
    specific: Any = page.specific
    date = specific.displayed_date() if hasattr(specific, "displayed_date") else None
    paragraphs = told["text"].splitlines()
    return render_to_string(
        "reposting/export.html",
        {
            "told": told,
            "date": date_text(date) if date else "",
            "paragraphs": paragraphs[1:] if paragraphs[:1] == [page.title] else paragraphs,
        },
    )
