"""Where comments are taken: asked with each article that is shown, so answered from memory."""

import json
from typing import Any

from wagtail.models import Page

from portal.interaction.models import CommentPlace
from portal.plugin_api import DetailPage, kept_text


def takes_comments(page: Page | None) -> bool | None:
    """Whether visitors may comment on a page. None: comments are not spoken of here at all; False:
    what is there is shown, and nothing is added."""
    if page is None or not page.live or not isinstance(page, DetailPage):
        return None
    places = _places()
    if not places:
        return None
    path = page.path
    for end in range(len(path), 0, -Page.steplen):
        is_open = places.get(path[:end])
        if is_open is not None:
            return is_open
    return None


def _places() -> dict[str, bool]:
    found: dict[str, bool] = json.loads(
        kept_text(("interaction", "comment-places"), lambda: json.dumps(_read()))
    )
    return found


def _read() -> dict[str, bool]:
    rows: Any = CommentPlace.objects.values_list("page__path", "is_open")
    return dict(rows)
