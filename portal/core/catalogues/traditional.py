"""The catalogue in traditional characters: made of the simplified one by the portal's own
conversion, so that it is complete whenever that is, and never says anything else."""

from collections.abc import Iterable, Iterator

import polib

from portal.text.script import to_traditional

from .files import HEADER, forms_of, is_translated, key_of, plurals_of

LANGUAGE = "zh_Hant"


def traditional(simplified: Iterable[polib.POEntry]) -> polib.POFile:
    """The catalogue in traditional characters for one in simplified characters."""
    catalogue = polib.POFile(wrapwidth=98)
    forms, expression = plurals_of(LANGUAGE)
    catalogue.metadata = HEADER | {
        "Language": LANGUAGE,
        "Plural-Forms": f"nplurals={forms}; plural={expression};",
    }
    for entry in simplified:
        if entry.obsolete:
            continue
        twin = polib.POEntry(
            msgid=entry.msgid,
            msgid_plural=entry.msgid_plural,
            msgctxt=entry.msgctxt,
            msgstr=to_traditional(entry.msgstr),
            occurrences=entry.occurrences,
            flags=[flag for flag in entry.flags if flag == "fuzzy"],
        )
        if entry.msgid_plural:
            twin.msgstr_plural = {
                number: to_traditional(text) for number, text in entry.msgstr_plural.items()
            }
        catalogue.append(twin)
    return catalogue


def behind(simplified: Iterable[polib.POEntry], present: Iterable[polib.POEntry]) -> Iterator[str]:
    """Each message whose traditional form is missing or says something else than it would."""
    known = {key_of(entry): forms_of(entry) for entry in present if is_translated(entry)}
    for entry in traditional(simplified):
        if is_translated(entry) and known.get(key_of(entry)) != forms_of(entry):
            yield f"{entry.msgid!r} is not what the simplified catalogue says"
