"""The style sheets of public pages: many files to read and write, one to send.

A phone on a slow line pays for each request before anything is painted. ``collectstatic`` joins the
sheets in their order; there is still nothing to build, and where static files are served from where
they lie (tests, ``runserver``) pages link to the parts.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

FOLDER = "portal/css"
PARTS = (
    "reset.css",
    "tokens.css",
    "base.css",
    "frame.css",
    "components.css",
    "home.css",
    "sections.css",
    "article.css",
    "blocks.css",
    "modes.css",
    "utilities.css",
)
# In the folder of its parts, so that their relative addresses stay true.
JOINED = f"{FOLDER}/all.css"


# As Django writes such patterns: an import of names from a neighbour, and how it is put back.
_IMPORT = (
    r"""(?P<matched>import(?P<names>\s*\{[^}]*\}\s*)from\s*["'](?P<url>\./[^"']+)["'])""",
    'import%(names)sfrom "%(url)s"',
)


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """whitenoise's, with the joined style sheet.

    Scripts in folders called ``modules`` may import each other: the names in their import lines
    become those with the fingerprint. Not everywhere, as Django's own switch would have it: the
    vendored scripts of others are left as they are.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("*/modules/*.js", (_IMPORT,)))

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if not dry_run and f"{FOLDER}/{PARTS[0]}" in paths:
            if self.exists(JOINED):
                self.delete(JOINED)
            self.save(JOINED, ContentFile(self._joined()))
            paths[JOINED] = (self, JOINED)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _joined(self) -> bytes:
        parts = (Path(self.path(f"{FOLDER}/{name}")).read_bytes() for name in PARTS)
        return b"\n".join(parts)
