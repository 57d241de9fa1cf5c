"""What the editor hears after a text came in: short, complete, in plain words."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext, ngettext

from portal.text.document import Document, Table
from portal.text.pasted import Report

from .pictures import StoredPictures

_SHOWN = 120


@dataclass(slots=True)
class Told:
    """``done``: what happened. ``look``: what the editor should look after."""

    done: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)


def told(document: Document, stored: StoredPictures, report: Report) -> Told:
    result = Told()
    pictures, tables = len(stored.images), [b for b in document if isinstance(b, Table)]
    if pictures:
        result.done.append(
            ngettext("%(count)d picture stored", "%(count)d pictures stored", pictures)
            % {"count": pictures}
        )
    if tables:
        result.done.append(
            ngettext("%(count)d table", "%(count)d tables", len(tables)) % {"count": len(tables)}
        )
    removed = report.removed
    if removed["styles"]:
        result.done.append(
            ngettext("%(count)d style removed", "%(count)d styles removed", removed["styles"])
            % {"count": removed["styles"]}
        )
    if removed["trackers"]:
        result.done.append(
            ngettext("%(count)d tracker removed", "%(count)d trackers removed", removed["trackers"])
            % {"count": removed["trackers"]}
        )
    if removed["scripts"]:
        result.look.append(
            ngettext(
                "A script was in the text. It was removed and never ran.",
                "%(count)d scripts were in the text. They were removed and never ran.",
                removed["scripts"],
            )
            % {"count": removed["scripts"]}
        )
    result.look += _about_pictures(stored)
    captions = sum(not table.caption for table in tables)
    if captions:
        result.look.append(
            ngettext(
                "A table needs a caption.", "%(count)d tables need a caption.", captions
            )
            % {"count": captions}
        )
    if report.merged_cells:
        result.look.append(
            ngettext(
                "One merged cell was split; its text stands in its first place.",
                "%(count)d merged cells were split; their text stands in their first place.",
                report.merged_cells,
            )
            % {"count": report.merged_cells}
        )
    result.look += _quoted(gettext("Hidden in the source, not taken over: %(text)s"), report.hidden)
    result.look += _quoted(gettext("Comment, not taken over: %(text)s"), report.comments)
    result.look += _quoted(
        gettext("Player or frame, not taken over: %(text)s"), report.foreign
    )
    return result


def _about_pictures(stored: StoredPictures) -> Iterator[str]:
    for name, reason in stored.missing:
        yield gettext("The picture “%(name)s” is missing: %(reason)s") % {
            "name": name[:_SHOWN],
            "reason": reason,
        }
    if stored.without_description:
        count = stored.without_description
        yield ngettext(
            "A picture needs a description for people who do not see it.",
            "%(count)d pictures need a description for people who do not see them.",
            count,
        ) % {"count": count}


def _quoted(sentence: str, texts: Iterable[str]) -> list[str]:
    return [
        sentence % {"text": text if len(text) <= _SHOWN else text[:_SHOWN] + "…"} for text in texts
    ]


def told_of_word(left_out: dict[str, list[str]], formulas: int, text_boxes: int) -> list[str]:
    """What of a Word file is not part of the text, or reads differently now."""
    sentences = {
        "charts": gettext("Chart, not taken over: %(text)s"),
        "comments": gettext("Comment, not taken over: %(text)s"),
        "deleted": gettext("Deleted in tracked changes, not taken over: %(text)s"),
        "diagrams": gettext("Diagram, not taken over: %(text)s"),
        "embedded": gettext("Embedded file, not taken over: %(text)s"),
        "footers": gettext("Footer, not taken over: %(text)s"),
        "headers": gettext("Header, not taken over: %(text)s"),
        "hidden": gettext("Hidden in the source, not taken over: %(text)s"),
        "linked_pictures": gettext("The picture stands elsewhere and was not fetched: %(text)s"),
        "lost": gettext("Please compare, this text may be missing: %(text)s"),
        "macros": gettext("The file contains macros. They were left out and never ran."),
        "word_art": gettext("Word art, not taken over: %(text)s"),
    }
    lines = [
        line
        for kind, texts in left_out.items()
        for line in (_quoted(sentences[kind], texts) if kind != "macros" else [sentences[kind]])
    ]
    if formulas:
        lines.append(
            ngettext(
                "A formula was written as text: please check it.",
                "%(count)d formulas were written as text: please check them.",
                formulas,
            )
            % {"count": formulas}
        )
    if text_boxes:
        lines.append(
            ngettext(
                "The text of a text box stands behind its paragraph.",
                "The text of %(count)d text boxes stands behind their paragraphs.",
                text_boxes,
            )
            % {"count": text_boxes}
        )
    return lines


def told_of_typesetting(changes: Counter[str]) -> list[str]:
    """What one-click typesetting changed, rule by rule; nothing where nothing changed."""
    sentences = {
        "headings": lambda n: ngettext("%(count)d heading", "%(count)d headings", n),
        "punctuation": lambda n: ngettext(
            "%(count)d punctuation mark", "%(count)d punctuation marks", n
        ),
        "spaces": lambda n: ngettext(
            "spaces in %(count)d place", "spaces in %(count)d places", n
        ),
        "latin_spacing": lambda n: ngettext(
            "spacing beside letters in %(count)d place",
            "spacing beside letters in %(count)d places", n,
        ),
        "widths": lambda n: ngettext(
            "%(count)d full-width character", "%(count)d full-width characters", n
        ),
        "empty": lambda n: ngettext(
            "%(count)d empty paragraph removed", "%(count)d empty paragraphs removed", n
        ),
        "breaks": lambda n: ngettext(
            "line breaks in %(count)d paragraph", "line breaks in %(count)d paragraphs", n
        ),
        "places": lambda n: ngettext(
            "%(count)d line placed (number, signature)",
            "%(count)d lines placed (number, signature)", n,
        ),
        "tables": lambda n: ngettext("%(count)d table", "%(count)d tables", n),
    }  # fmt: skip
    return [
        sentence(changes[rule]) % {"count": changes[rule]}
        for rule, sentence in sentences.items()
        if changes[rule]
    ]


def refusal(reason: str) -> str:
    """Why a Word file gives no text, and what to do."""
    return {
        "broken": gettext("The file is damaged. Open it in Word or WPS, save it again and retry."),
        "empty": gettext("There is no text in the file."),
        "not_word": gettext("This is not a Word file. Choose a file that ends in .docx."),
        "old_word": gettext(
            "This is an old Word file (.doc). Open it in Word or WPS and save it as .docx."
        ),
        "other_office": gettext("This is a spreadsheet or a presentation, not a Word file."),
        "password": gettext("The file is protected by a password. Remove it in Word or WPS."),
        "too_large": gettext("The file is too large to be read. Split it, or shrink its pictures."),
    }[reason]
