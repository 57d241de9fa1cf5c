"""The plugin's part of the demo city: drafts in which something is found (``demo/drafts.yaml``)."""

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from wagtail.models import Page

from portal.plugin_api import ArticlePage

FILE = Path(__file__).parent / "demo" / "drafts.yaml"


class DemoDrafts:
    """Entered in the registry ``demo_content``. What is there already stays as it is."""

    def finish(self, demo: Any) -> None:
        """Drafts have authors, who are there at the end (``after_all``)."""

    def after_all(self, demo: Any) -> None:
        for row in demo.read_yaml(FILE):
            column = demo.pages[row["column"]]
            if not Page.objects.child_of(column).filter(slug=row["slug"]).exists():
                _add(demo, column, row)


def _add(demo: Any, column: Page, row: dict[str, Any]) -> None:
    author = get_user_model().objects.get(username=row["author"])
    body = [("paragraph", f"<p>{text}</p>") for text in row["body"]]
    fields = {
        "source": row["source"],
        "summary": row["summary"],
        "owner": author,
        "body": ArticlePage._meta.get_field("body").stream_block.normalize(body),
    }
    page = demo.add(column, ArticlePage, row["slug"], row["title"], fields, publish=False)
    page.save_revision(user=author)
