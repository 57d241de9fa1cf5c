"""PO files: one entry for each text, its place and hash as the context.

``fuzzy`` is what a translator has still to do: what is behind comes with the Chinese that it was
made from (``#|``) and the public translation, a machine's draft with its text.
"""

import tempfile
from pathlib import Path

import polib
from django.utils.translation import gettext as _

from .units import Document, Mark, NotReadable, Unit, split_id

_STATE, _BASE = "state: ", "base: "
_KEY, _LANGUAGE, _SOURCE = "X-Portal-Page", "X-Portal-Language", "X-Portal-Source-Language"


def write(document: Document) -> bytes:
    """The file in UTF-8. The same document gives the same bytes."""
    po = polib.POFile(wrapwidth=0, encoding="utf-8")
    po.metadata = {
        "Project-Id-Version": _one_line(document.title) or document.key,
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": "2000-01-01 00:00+0000",
        "PO-Revision-Date": "2000-01-01 00:00+0000",
        "Last-Translator": "Portal",
        "Language-Team": document.language,
        "Language": _gettext_code(document.language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        _KEY: document.key,
        _LANGUAGE: document.language,
        _SOURCE: document.source_language,
    }
    for unit in document.units:
        entry = polib.POEntry(
            msgctxt=unit.id,
            msgid=unit.source,
            msgstr=unit.target,
            comment="\n".join(
                part
                for part in (
                    _one_line(unit.label),
                    f"{_STATE}{unit.mark}",
                    f"{_BASE}{unit.base}" if unit.base else "",
                )
                if part
            ),
        )
        if unit.target and (not unit.finished or not _same_ends(unit)):
            entry.flags.append("fuzzy")
        if unit.previous_source:
            entry.previous_msgid = unit.previous_source
        po.append(entry)
    return f"{po}\n".encode()


def read(data: bytes) -> Document:
    """Raises NotReadable with a sentence for the person who brings the file."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotReadable(_("The file is not in UTF-8."), line) from error
    with tempfile.NamedTemporaryFile(suffix=".po") as file:
        # By name: from a string polib would part lines at characters that are none of its business.
        Path(file.name).write_bytes(data.removeprefix(b"\xef\xbb\xbf"))
        try:
            po = polib.pofile(file.name, encoding="utf-8", wrapwidth=0)
        except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
            raise NotReadable(
                _("This is not a PO file: %(error)s") % {"error": _told(error)}
            ) from error
    key = po.metadata.get(_KEY, "").strip()
    if not key:
        raise NotReadable(_("The file was not written by this portal: its page is missing."))
    units = []
    for entry in po:
        if entry.obsolete:
            continue
        if (place := split_id(entry.msgctxt or "")) is None:
            place = (entry.msgctxt or "", "")
        units.append(
            Unit(
                path=place[0],
                source_hash=place[1],
                source=entry.msgid,
                target=entry.msgstr,
                mark=_mark(entry.comment, entry.msgstr),
                finished=bool(entry.msgstr) and "fuzzy" not in entry.flags,
                previous_source=entry.previous_msgid or "",
                label="\n".join(
                    line
                    for line in entry.comment.splitlines()
                    if not line.startswith((_STATE, _BASE))
                ),
                base=_base(entry.comment),
                line=entry.linenum or 0,
            )
        )
    return Document(
        key=key,
        source_language=po.metadata.get(_SOURCE, "").strip(),
        language=po.metadata.get(_LANGUAGE, "").strip(),
        title=po.metadata.get("Project-Id-Version", ""),
        units=units,
    )


def _mark(comment: str, target: str) -> Mark:
    for line in comment.splitlines():
        state = line.removeprefix(_STATE)
        if state != line and state in Mark:
            return Mark(state)
    return Mark.DRAFT if target else Mark.NEW


def _base(comment: str) -> str:
    found = [line for line in comment.splitlines() if line.startswith(_BASE)]
    return found[-1].removeprefix(_BASE).strip() if found else ""


def _same_ends(unit: Unit) -> bool:
    """gettext's tools refuse an entry where only one text begins or ends with a line break."""
    return unit.source.startswith("\n") == unit.target.startswith("\n") and unit.source.endswith(
        "\n"
    ) == unit.target.endswith("\n")


def _gettext_code(language: str) -> str:
    base, _sep, rest = language.partition("-")
    if not rest:
        return base
    return f"{base}_{rest.title() if len(rest) == 4 else rest.upper()}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _told(error: Exception) -> str:
    # polib names the temporary file, which says nothing to anybody.
    text = str(error)
    return text.split(".po ", 1)[-1][:200] if ".po" in text else text[:200]
