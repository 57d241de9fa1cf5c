"""The catalogues on disk: ``locales/<language>/LC_MESSAGES/*.po`` and their compiled twins."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

from .checking import message_problems, translation_problems
from .extraction import Extracted, MessageKey

HEADER = {
    "Project-Id-Version": "yunhu-portal",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
# Chinese, Japanese and Korean have one form for every number.
ONE_FORM = "nplurals=1; plural=0;"
TWO_FORMS = "nplurals=2; plural=(n != 1);"


@dataclass(slots=True)
class Update:
    """What an update of a catalogue changed."""

    added: int = 0
    removed: int = 0
    filled: int = 0
    conflicts: list[str] = field(default_factory=list)


class CatalogueUnreadable(Exception):
    """A ``.po`` file has an error; the message names file and line."""


def catalogue_path(folder: Path, language: str, domain: str = "django") -> Path:
    return folder / language / "LC_MESSAGES" / f"{domain}.po"


def read_catalogue(path: Path) -> polib.POFile:
    """Read a ``.po`` file.

    Raises:
        CatalogueUnreadable: it is missing or damaged.
    """
    try:
        return polib.pofile(str(path), encoding="utf-8", wrapwidth=98)
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueUnreadable(f"{path}: {error}") from error


def key_of(entry: polib.POEntry) -> MessageKey:
    return MessageKey(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def forms_of(entry: polib.POEntry) -> list[str]:
    """The translation in all its forms; empty strings where one is missing."""
    if entry.msgid_plural:
        return [entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural)] or [""]
    return [entry.msgstr]


def is_translated(entry: polib.POEntry) -> bool:
    return not entry.fuzzy and not entry.obsolete and all(forms_of(entry))


# --- update -----------------------------------------------------------------------------------
def update_catalogue(
    old: Iterable[polib.POEntry],
    found: Extracted,
    others: Iterable[tuple[str, Iterable[polib.POEntry]]],
    language: str,
) -> tuple[polib.POFile, Update]:
    """A catalogue of exactly the messages in use, in a stable order.

    Translations are kept; those still missing are taken from ``others`` (name, entries), the first
    that has one winning. A different translation there is reported and not taken.
    """
    change = Update()
    existing = {key_of(entry): entry for entry in old if not entry.obsolete}
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.metadata = HEADER | {
        "Language": language,
        "Plural-Forms": ONE_FORM if language.startswith(("zh", "ja", "ko")) else TWO_FORMS,
    }
    for key in sorted(found.messages):
        entry = polib.POEntry(
            msgid=key.singular,
            msgid_plural=key.plural,
            msgctxt=key.context or None,
            # Files without lines: a line added above must not change the catalogue.
            occurrences=[(place, "") for place in sorted(found.messages[key])],
        )
        if key.plural:
            entry.msgstr_plural = {0: ""} if ONE_FORM in catalogue.metadata.values() else {
                0: "", 1: "",
            }  # fmt: skip
        if kept := existing.pop(key, None):
            _take(entry, kept)
        else:
            change.added += 1
        catalogue.append(entry)
    change.removed = len(existing)
    _fill(catalogue, others, change)
    return catalogue, change


def _take(entry: polib.POEntry, source: polib.POEntry) -> None:
    entry.msgstr = source.msgstr
    if entry.msgid_plural:
        entry.msgstr_plural = dict(source.msgstr_plural) or entry.msgstr_plural
    entry.flags = [flag for flag in source.flags if flag == "fuzzy"]
    entry.tcomment = source.tcomment


def _fill(
    catalogue: polib.POFile,
    others: Iterable[tuple[str, Iterable[polib.POEntry]]],
    change: Update,
) -> None:
    entries = {key_of(entry): entry for entry in catalogue}
    for name, other in others:
        for offered in other:
            entry = entries.get(key_of(offered))
            if entry is None or not is_translated(offered):
                continue
            if not is_translated(entry):
                _take(entry, offered)
                change.filled += 1
            elif forms_of(entry) != forms_of(offered):
                change.conflicts.append(
                    f"{name}: {offered.msgid!r}: kept {forms_of(entry)[0]!r}, "
                    f"not {forms_of(offered)[0]!r}"
                )


# --- check ------------------------------------------------------------------------------------
def catalogue_problems(
    catalogue: Iterable[polib.POEntry], found: Extracted, *, complete: bool
) -> Iterator[str]:
    """Everything that keeps this catalogue from going out.

    Args:
        catalogue: its entries.
        found: the messages in use.
        complete: every message must be translated (the language the portal speaks by default).
    """
    entries = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    by_singular = {(key.singular, key.context) for key in entries}
    for key, places in sorted(found.messages.items()):
        entry = entries.get(key)
        where = f"{places[0]}: {key.singular!r}"
        for problem in message_problems(key.singular, key.plural):
            yield f"{where} {problem}"
        if entry is None:
            if complete and (key.singular, key.context) in by_singular:
                yield f"{where} is in the catalogue with another plural"
            elif complete:
                yield f"{where} is missing"
        elif entry.fuzzy:
            if complete:
                yield f"{where} is marked fuzzy: a person must look at it"
        elif not all(forms_of(entry)):
            if complete:
                yield f"{where} is not translated"
        else:
            for form in forms_of(entry):
                for problem in translation_problems(key.singular, key.plural, form):
                    yield f"{where}: the translation {form!r} {problem}"


# --- compile ----------------------------------------------------------------------------------
def catalogues(folder: Path) -> Iterator[tuple[str, Path]]:
    """(language, path) of every catalogue under a folder such as ``locales/``."""
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        yield path.parent.parent.name, path


def compile_catalogue(path: Path) -> bool:
    """Write the ``.mo`` beside the ``.po`` when it is missing or older. True when it was written.

    The file is replaced in one step: a process that starts meanwhile reads the old or the new one.
    """
    compiled = path.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
        return False
    temporary = compiled.with_suffix(f".{os.getpid()}.tmp")
    try:
        read_catalogue(path).save_as_mofile(str(temporary))
        temporary.replace(compiled)
    finally:
        temporary.unlink(missing_ok=True)
    return True
