"""What waits to go public together with other things."""

from wagtail.models import Page

from portal.core.review_points import release_holds


def holder_of(page: Page) -> str | None:
    """The name of the set that a page waits for, or None."""
    for entry in release_holds.entries():
        found = entry.run(lambda hold: hold.holds(page), None)
        if found:
            return str(found)
    return None
