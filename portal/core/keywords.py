"""Keywords as editors type them, and the rows by which lists find pages with them."""

import re
import unicodedata

from .models import ListingKeyword, ListingRow
from .structure import Structure

_SEPARATORS = re.compile(r"[,，、;；|\n]+")
_LONGEST = 40


def fold(keyword: str) -> str:
    """One form for what readers take for the same word: width, case and spaces do not matter."""
    folded = " ".join(unicodedata.normalize("NFKC", keyword).casefold().split())
    return folded[:_LONGEST].rstrip()


def split(text: str) -> list[str]:
    """The folded keywords of a field, each once, in their order."""
    found = (fold(part) for part in _SEPARATORS.split(text or ""))
    return list(dict.fromkeys(keyword for keyword in found if keyword))


def sync(own: ListingRow, path: str, text: str, found: Structure) -> None:
    """Make the keyword rows of a page say what its field says.

    Args:
        own: the page's row in its own column.
        path: the page's treebeard path.
        text: the page's ``keywords``.
        found: the structure, which knows the site around the path.
    """
    node = found.nearest(path)
    home = found.site_root(node.site_pk, node.language) if node and node.site_pk else None
    wanted = set(split(text)) if home is not None else set()
    kept = set()
    for row in ListingKeyword.objects.filter(row=own):
        if row.keyword in wanted and home is not None:
            kept.add(row.keyword)
            if (row.home_id, row.date) != (home.pk, own.date):
                row.home_id, row.date = home.pk, own.date
                row.save(update_fields=["home", "date"])
        else:
            row.delete()
    if home is not None:
        ListingKeyword.objects.bulk_create(
            ListingKeyword(row=own, home_id=home.pk, keyword=keyword, date=own.date)
            for keyword in sorted(wanted - kept)
        )
