"""The codes of what a person should look at, each with what it means.

A code is stable: it is stored, translated into a sentence by the portal and counted. What stands
beside it in a ``Finding`` (excerpt, clause, line) shows the place.
"""

from typing import Final, Literal, get_args

type Code = Literal[
    "title_missing",
    "title_from_enclosed",
    "title_uncertain",
    "issuing_body_missing",
    "issuing_body_uncertain",
    "issuing_bodies_incomplete",
    "number_not_read",
    "further_numbers",
    "date_missing",
    "date_uncertain",
    "date_not_read",
    "enclosed_title_missing",
    "enclosed_text_missing",
    "clause_number_missing",
    "clause_number_repeated",
    "clause_number_out_of_order",
    "text_breaks_off",
    "lost_number",
    "empty_quotes",
    "quotes_unbalanced",
    "mojibake",
    "spam_removed",
    "spam_suspected",
    "pinyin_removed",
    "pinyin_suspected",
    "markup_removed",
    "markup_suspected",
    "navigation_removed",
    "empty_document",
]

TITLE_MISSING: Final = "title_missing"
"""The document has no title that could be read; none was made up."""
TITLE_FROM_ENCLOSED: Final = "title_from_enclosed"
"""The document itself has no title; that of the only text enclosed in it was taken."""
TITLE_UNCERTAIN: Final = "title_uncertain"
"""The title does not look like the title of an official document."""
ISSUING_BODY_MISSING: Final = "issuing_body_missing"
"""Neither title nor signature nor head names who issued the document."""
ISSUING_BODY_UNCERTAIN: Final = "issuing_body_uncertain"
"""The issuing body comes from a remark of the page or of the text, not from title or signature."""
ISSUING_BODIES_INCOMPLETE: Final = "issuing_bodies_incomplete"
"""The title speaks of more issuing bodies than are named anywhere."""
NUMBER_NOT_READ: Final = "number_not_read"
"""A line of the head looks like a document number but does not have the form of one."""
FURTHER_NUMBERS: Final = "further_numbers"
"""The head shows more than one document number; the first, the lead body's, was taken."""
DATE_MISSING: Final = "date_missing"
"""No date of issue was found."""
DATE_UNCERTAIN: Final = "date_uncertain"
"""The date of issue comes from a remark of the page or of the text, not from a signature."""
DATE_NOT_READ: Final = "date_not_read"
"""A line stands where the date belongs and cannot be read as a day of the calendar."""
ENCLOSED_TITLE_MISSING: Final = "enclosed_title_missing"
"""A text is enclosed after the signature without a title of its own."""
ENCLOSED_TEXT_MISSING: Final = "enclosed_text_missing"
"""The notice brings a text into force that is not in the file."""
CLAUSE_NUMBER_MISSING: Final = "clause_number_missing"
"""A number is missing in a sequence of clauses."""
CLAUSE_NUMBER_REPEATED: Final = "clause_number_repeated"
"""A clause number occurs twice, or numbering starts again where nothing new begins."""
CLAUSE_NUMBER_OUT_OF_ORDER: Final = "clause_number_out_of_order"
"""A clause number is lower than the one before it."""
TEXT_BREAKS_OFF: Final = "text_breaks_off"
"""A paragraph ends in the middle of a sentence."""
LOST_NUMBER: Final = "lost_number"
"""A number must stand here and none does."""
EMPTY_QUOTES: Final = "empty_quotes"
"""Quotation marks or title marks with nothing between them."""
QUOTES_UNBALANCED: Final = "quotes_unbalanced"
"""A quotation or a title is opened and not closed, or closed and not opened."""
MOJIBAKE: Final = "mojibake"
"""Characters that come from a wrong conversion between encodings."""
SPAM_REMOVED: Final = "spam_removed"
"""A paragraph that has nothing to do with the document was taken out."""
SPAM_SUSPECTED: Final = "spam_suspected"
"""Words inside a paragraph look like advertising that was put into the page."""
PINYIN_REMOVED: Final = "pinyin_removed"
"""Readings in brackets after characters were taken out."""
PINYIN_SUSPECTED: Final = "pinyin_suspected"
"""A reading in brackets was left in, because it may belong to the text."""
MARKUP_REMOVED: Final = "markup_removed"
"""Remains of a page's markup were taken out."""
MARKUP_SUSPECTED: Final = "markup_suspected"
"""Something that looks like markup was left in the text."""
NAVIGATION_REMOVED: Final = "navigation_removed"
"""Lines that belong to the page around the document were taken out."""
EMPTY_DOCUMENT: Final = "empty_document"
"""The file has no text."""

CODES: tuple[Code, ...] = get_args(Code.__value__)
