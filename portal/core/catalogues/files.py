"""The catalogues on disk: ``locales/<language>/LC_MESSAGES/*.po`` and their compiled twins."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import c2py
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
# (number of forms, which one for n), by the first part of the language's code.
ONE_FORM = (1, "0")  # Chinese, Japanese and Korean have one form for every number
TWO_FORMS = (2, "n != 1")
PLURALS = {
    "zh": ONE_FORM,
    "ja": ONE_FORM,
    "ko": ONE_FORM,
    "fr": (2, "n > 1"),
    "ru": (
        3,
        "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2",
    ),
    "ar": (
        6,
        "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5",
    ),
}


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


def plurals_of(language: str) -> tuple[int, str]:
    """The number of plural forms, and the expression in C that picks one for ``n``."""
    return PLURALS.get(language.partition("_")[0].lower(), TWO_FORMS)


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
    forms, expression = plurals_of(language)
    catalogue.metadata = HEADER | {
        "Language": language,
        "Plural-Forms": f"nplurals={forms}; plural={expression};"
        if expression.isdigit()
        else f"nplurals={forms}; plural=({expression});",
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
            entry.msgstr_plural = dict.fromkeys(range(forms), "")
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
    catalogue: Iterable[polib.POEntry], found: Extracted, *, complete: bool, forms: int = 0
) -> Iterator[str]:
    """Everything that keeps this catalogue from going out.

    Args:
        catalogue: its entries.
        found: the messages that it is for.
        complete: every message must be translated.
        forms: how many plural forms the language has; 0: they are not counted.
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
            if forms and key.plural and len(forms_of(entry)) != forms:
                yield f"{where} has {len(forms_of(entry))} plural forms, not {forms}"
            for form in forms_of(entry):
                for problem in translation_problems(key.singular, key.plural, form):
                    yield f"{where}: the translation {form!r} {problem}"


# --- compile ----------------------------------------------------------------------------------
def catalogues(folder: Path) -> Iterator[tuple[str, Path]]:
    """(language, path) of every catalogue under a folder such as ``locales/``."""
    for path in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        yield path.parent.parent.name, path


def compile_catalogue(path: Path, source: Path | None = None) -> bool:
    """Write the ``.mo`` beside the ``.po`` when it is missing or older. True when it was written.

    The file is replaced in one step: a process that starts meanwhile reads the old or the new one.

    Args:
        path: the ``.po`` file.
        source: the catalogue of the default language. Its messages that ``path`` does not
            translate are written in English: Django falls back to the default language, and who
            reads Arabic is helped by English rather than by Chinese.
    """
    compiled = path.with_suffix(".mo")
    newest = max(file.stat().st_mtime_ns for file in (path, source) if file)
    if compiled.exists() and compiled.stat().st_mtime_ns >= newest:
        return False
    temporary = compiled.with_suffix(f".{os.getpid()}.tmp")
    try:
        catalogue = read_catalogue(path)
        if source:
            _add_english(catalogue, path.parent.parent.name, _keys(source, newest))
        catalogue.save_as_mofile(str(temporary))
        temporary.replace(compiled)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _add_english(catalogue: polib.POFile, language: str, keys: Iterable[MessageKey]) -> None:
    translated = {(entry.msgid, entry.msgctxt or "") for entry in catalogue if is_translated(entry)}
    forms, expression = plurals_of(language)
    one = c2py(expression)(1)
    for entry in [entry for entry in catalogue if not is_translated(entry)]:
        catalogue.remove(entry)
    for key in keys:
        if (key.singular, key.context) in translated:
            continue
        entry = polib.POEntry(msgid=key.singular, msgctxt=key.context or None)
        if key.plural:
            entry.msgid_plural = key.plural
            entry.msgstr_plural = {
                form: key.singular if form == one and forms > 1 else key.plural
                for form in range(forms)
            }
        else:
            entry.msgstr = key.singular
        catalogue.append(entry)


@lru_cache(maxsize=1)  # reading a catalogue takes a second, and five languages need the same one
def _keys(source: Path, changed: int) -> tuple[MessageKey, ...]:
    return tuple(key_of(entry) for entry in read_catalogue(source) if not entry.obsolete)
