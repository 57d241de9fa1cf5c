"""What is said about a file: a sentence for each code of reader and parser."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.text.official.model import Finding
from portal.text.official.reading import DocumentFileError

FINDINGS: dict[str, Any] = {
    # the parser's
    "title_missing": _("No title was found. The name of the file stands in its place."),
    "title_from_enclosed": _("The title was taken from the text that is enclosed."),
    "title_uncertain": _("The title does not look like that of an official document."),
    "issuing_body_missing": _("Nothing names the body that issued the document."),
    "issuing_body_uncertain": _("The issuing body was taken from a remark of the page."),
    "issuing_bodies_incomplete": _("There are more issuing bodies than are named."),
    "number_not_read": _("A line looks like a document number and has not the form of one."),
    "further_numbers": _("There is more than one document number; the first was taken."),
    "date_missing": _("No date of issue was found."),
    "date_uncertain": _("The date of issue was taken from a remark of the page."),
    "date_not_read": _("The date of issue cannot be read as a day of the calendar."),
    "enclosed_title_missing": _("The enclosed text has no title."),
    "enclosed_text_missing": _("The text that the notice brings into force is not in the file."),
    "clause_number_missing": _("A number is missing in the sequence of clauses."),
    "clause_number_repeated": _("The number of a clause occurs twice."),
    "clause_number_out_of_order": _("The number of a clause is out of order."),
    "text_breaks_off": _("The text breaks off in the middle of a sentence."),
    "lost_number": _("A number must stand here and is missing."),
    "empty_quotes": _("There is nothing between the quotation marks."),
    "quotes_unbalanced": _("A quotation is opened and not closed, or the other way round."),
    "mojibake": _("Characters were damaged by a wrong conversion."),
    "spam_removed": _("A paragraph that does not belong to the document was left out."),
    "spam_suspected": _("These words look like advertising that was slipped in."),
    "pinyin_removed": _("Readings in brackets after characters were left out."),
    "pinyin_suspected": _("A reading in brackets was kept, because it may belong to the text."),
    "markup_removed": _("Remains of a web page's markup were left out."),
    "markup_suspected": _("Something that looks like markup was kept."),
    "navigation_removed": _("Lines of the web page around the document were left out."),
    "empty_document": _("The file has no text."),
    # the readers'
    "wrong_extension": _("The name of the file promises another kind than it is."),
    "encoding_guessed": _("The encoding of the characters is not certain."),
    "undecodable_characters": _("Some characters could not be read; � stands in their place."),
    "unmapped_characters": _("The fonts do not say what some characters are; � stands there."),
    "private_characters": _("There are characters that only the author's machine knows."),
    "cut_off": _("The end of the file is missing; pages may be lost."),
    "page_without_text": _("Some pages are pictures without text."),
    "table_guessed": _("The columns of a table were guessed."),
    "several_documents": _("The file holds more than one document."),
    "lines_joined": _("Lines of a fixed width were joined to paragraphs."),
    "converted": _("The file was converted; numbering and tables deserve a look."),
    "text_boxes": _("The file has text boxes; their words stand at the end of the paragraph."),
    "pictures": _("The file has pictures, which were not taken over."),
    "unknown_symbols": _("Some symbols could not be read."),
    "hidden_text": _("The file holds words that it does not show."),
    "deleted_text": _("The file holds words that were deleted."),
    "left_out": _("Something that is no text was left out: charts, comments or drawings."),
    # the importer's own
    "brought_in_before": _("This file was brought in before; here is what it became."),
    "tree_differs": _("Some clauses lie elsewhere than their levels say."),
    "not_published": _("It was not published: %(reason)s"),
    "kept_by_hand": _("What somebody had changed by hand was kept: %(fields)s"),
}
# What needs nobody's look: it happens with every web page.
INFORMATIVE = frozenset({"navigation_removed", "lines_joined", "brought_in_before"})

REFUSALS: dict[str, Any] = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than %(limit)s."),
    "unpacked_too_large": _("Unpacked, the file is far larger than a text needs."),
    "too_many_pages": _("The file has more than %(limit)s pages."),
    "too_much_text": _("The file has more than %(limit)s characters."),
    "too_slow": _("The file could not be read within %(limit)s seconds."),
    "too_complex": _("The file is built in a way that cannot be followed."),
    "encrypted": _("The file is protected by a password. Save it without one."),
    "broken": _("The file is damaged or incomplete (%(kind)s)."),
    "scanned_pdf": _(
        "The PDF is a scan: its pages are pictures without text. Use the Word file, or have the "
        "text recognised first."
    ),
    "only_pictures": _("The pages are pictures without text."),
    "unreadable_fonts": _("The fonts of the file do not say which characters are drawn."),
    "picture": _("This is a picture, not a document."),
    "unsupported": _("Files of this kind (%(kind)s) are not read."),
    "not_text": _("The file holds no text."),
    "unknown_encoding": _("The encoding of the text could not be told."),
    "no_converter": _(
        "Files of .doc and .wps need LibreOffice, which is not installed here. Save the file as "
        ".docx."
    ),
    "conversion_failed": _("LibreOffice could not read the file. Save it as .docx."),
    "failed": _("The portal failed at this file. Tell the administrators: the log says why."),
}


def told(finding: Finding, **parameters: Any) -> str:
    """A finding as a sentence, with the place in the document's own words."""
    code = "left_out" if finding.code.startswith("left_out") else finding.code
    sentence = str(FINDINGS[code]) % parameters if parameters else str(FINDINGS[code])
    return f"{sentence} “{finding.excerpt}”" if finding.excerpt else sentence


def refused(error: DocumentFileError) -> str:
    """Why a file was refused."""
    parameters: dict[str, Any] = {"limit": "?", "kind": "?"} | dict(error.parameters)
    if error.reason == "too_large":
        parameters["limit"] = filesizeformat(parameters["limit"])
    return gettext(str(REFUSALS[error.reason])) % parameters
