"""The start pages of the demo's sections: a home by need, the section's own content.

Written into the home's draft, which becomes public when the section opens. A home on which somebody
has put sections is left alone.
"""

from pathlib import Path
from typing import Any

from wagtail.models import Page

from portal.plugin_api import SectionReader

from .models import ForeignSection
from .selectors.sections import root_of

DIRECTORY = Path(__file__).parent / "demo" / "homes"


def write_home(section: ForeignSection, code: str, demo: Any) -> None:
    """``code`` is the site's; a section without a file keeps its empty home."""
    file = DIRECTORY / f"{code}-{section.locale.language_code}.yaml"
    root = root_of(section)
    if root is None or not file.exists():
        return
    page = root.specific
    if page.sections:
        return
    told = demo.read_yaml(file)
    columns = {row.need: row.page_id for row in section.columns.exclude(page_id=root.pk)}
    pages = _translated(section, demo)
    rows = [
        row | {"items": [item for item in row["items"] if item["page"] in pages]}
        if "items" in row
        else row
        for row in told["sections"]
        if row["kind"] != "feed" or row["column"] in columns
    ]
    page.hero_title, page.hero_text = told["headline"], told["intro"]
    page.search_description = told["description"]
    page.sections = SectionReader(page=lambda key: columns.get(key) or pages[key]).read(rows)
    revision = page.save_revision()
    if page.live:
        revision.publish()


def _translated(section: ForeignSection, demo: Any) -> dict[str, int]:
    """The keys of the Chinese pages that are public in the section's language."""
    keys = {page.translation_key: key for key, page in demo.pages.items()}
    rows = Page.objects.filter(
        locale=section.locale_id, live=True, translation_key__in=keys
    ).values_list("translation_key", "pk")
    return {keys[key]: pk for key, pk in rows}
