"""What the admin's packages leave untranslated, and our own translations of it.

Wagtail and its companions are translated by volunteers, behind the code by some months. What they
lack, or say in words that are not an official's, is in ``locales/upstream``: one catalogue for the
server (``django``) and one for scripts (``djangojs``). Django asks it before the packages'. In the
other languages of the admin it holds what they lack. Until what an upgrade brings is translated, it
is shown in English, not in the Chinese that Django would fall back to.
"""

import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import polib

from .checking import translation_problems
from .extraction import Extracted, MessageKey, extract
from .files import forms_of, is_translated, key_of, read_catalogue

DOMAINS = ("django", "djangojs")
# The parts that the portal uses, below the folders where packages are installed.
PACKAGES = (
    "wagtail",
    "wagtail_localize",
    "wagtailmedia",
)
# Installed with the packages, never shown.
UNUSED = (
    "wagtail/contrib/forms",
    "wagtail/contrib/frontend_cache",
    "wagtail/contrib/search_promotions",
    "wagtail/contrib/simple_translation",
    "wagtail/contrib/styleguide",
    "wagtail/contrib/table_block",
    "wagtail/locales",  # wagtail_localize.locales stands in its place
    "wagtail/project_template",
    "wagtail/test",
)


def package_folders() -> dict[str, Path]:
    """The installed packages: name and folder. One that is not installed is left out."""
    found = {}
    for name in PACKAGES:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            found[name] = Path(spec.origin).parent
    return found


def messages_in_use(domain: str) -> Extracted:
    """The messages that the packages' code shows.

    Scripts are delivered compiled: theirs are read from the packages' own English catalogue.
    """
    found = Extracted()
    for name, folder in package_folders().items():
        if domain == "django":
            for key, places in extract(folder.parent, [name]).messages.items():
                for place in places:
                    if not place.startswith(UNUSED) and "/tests/" not in place:
                        found.add(key, place)
            continue
        for path in _catalogues_of(folder, "en", domain):
            for entry in read_catalogue(path):
                if not entry.obsolete:
                    found.add(key_of(entry), path.relative_to(folder.parent).as_posix())
    return found


def translated_by_packages(domain: str, language: str, *, others: Iterable[Path]) -> set[str]:
    """The singulars (with their contexts) that the packages, or ``others``, translate."""
    found: set[str] = set()
    paths = [
        path
        for folder in package_folders().values()
        for path in _catalogues_of(folder, language, domain)
        if not path.relative_to(folder.parent).as_posix().startswith(UNUSED)
    ]
    for path in (*paths, *others):
        found |= {_name(key_of(entry)) for entry in read_catalogue(path) if is_translated(entry)}
    return found


def missing(
    in_use: Extracted, translated: set[str], own: Iterable[polib.POEntry]
) -> Iterator[MessageKey]:
    """What would be shown in English."""
    known = translated | {_name(key_of(entry)) for entry in own if is_translated(entry)}
    for key in sorted(in_use.messages):
        if _name(key) not in known and any(character.isalpha() for character in key.singular):
            yield key


def entry_problems(own: Iterable[polib.POEntry]) -> Iterator[str]:
    """Everything that keeps our catalogue of others' messages from going out."""
    for entry in own:
        where = repr(entry.msgid)
        if entry.obsolete:
            continue
        if not is_translated(entry):
            yield f"{where} is not translated"
            continue
        for form in forms_of(entry):
            for problem in translation_problems(entry.msgid, entry.msgid_plural or "", form):
                yield f"{where}: the translation {form!r} {problem}"
            if _tags(form) not in (_tags(entry.msgid), _tags(entry.msgid_plural or "")):
                yield f"{where}: the translation {form!r} has other HTML tags"


def _tags(text: str) -> list[str]:
    return sorted(re.findall(r"<[^>]*>", text))


def _name(key: MessageKey) -> str:
    return f"{key.context}\4{key.singular}"


def _catalogues_of(folder: Path, language: str, domain: str) -> list[Path]:
    return sorted(folder.rglob(f"locale/{language}/LC_MESSAGES/{domain}.po"))
