"""From a file to its text: ``read`` gives the lines of an official document, whatever holds them.

What a reader leaves out is in ``Source.removed``, what a person should look at in ``findings``;
a file that gives no text is refused with a reason, never with a traceback. Codes of findings:

- ``wrong_extension``: the name says another kind than the content (``excerpt``: the kind found)
- ``encoding_guessed``: another encoding is as likely (``excerpt``: the one taken)
- ``undecodable_characters``, ``unmapped_characters``, ``private_characters``: characters that no
  encoding or font names; the first two stand as U+FFFD
- ``cut_off``: a PDF file without its end; pages may be missing (``excerpt``: the last words)
- ``page_without_text``: pages that are pictures in a document with text (``excerpt``: which)
- ``table_guessed``: a table on a page that no strokes divide (``line``: which)
- ``several_documents``: one file holds more than one document, read one after the other
- ``lines_joined``: lines cut at a fixed width were joined (``excerpt``: how many)
- ``converted``: read through LibreOffice, so numbering and tables deserve a look
- ``text_boxes``, ``pictures``, ``unknown_symbols``: how many there are
- ``hidden_text``, ``deleted_text``: words that the file holds and does not show
- ``left_out_…``: charts, comments, diagrams, embedded files, linked pictures, drawn words
"""

from dataclasses import replace

from .model import Finding, Source
from .readers import ofd, office, pdf, web, word
from .readers.kinds import kind_of, name_promises
from .readers.lines import counted
from .readers.plain import decode, findings_of, lines_of
from .readers.refusals import DocumentFileError, Limits, Reason
from .readers.wrapped import unwrapped

__all__ = ["DocumentFileError", "Limits", "Reason", "read"]


_LIMITS = Limits()


def read(data: bytes, name: str, *, limits: Limits = _LIMITS) -> Source:
    """The text of a file. ``name`` decides only where the bytes leave a doubt.

    Raises:
        DocumentFileError: the file gives no text; ``reason`` says why.
    """
    if len(data) > limits.file_size:
        raise DocumentFileError("too_large", limit=limits.file_size)
    kind = kind_of(data, name)
    try:
        match kind:
            case "txt":
                source = _plain(data, limits)
            case "html":
                source = web.read(data, limits)
            case "docx":
                source = word.read(data, limits)
            case "pdf":
                source = pdf.read(data, limits)
            case "ofd":
                source = ofd.read(data, limits)
            case "doc" | "rtf":
                source = office.read(data, kind, "doc", limits)
            case "wps":
                # LibreOffice takes .wps for the files of another program.
                source = office.read(data, "doc", "wps", limits)
    except (RecursionError, MemoryError) as error:
        raise DocumentFileError("too_complex", kind=kind) from error
    promised = name_promises(name)
    if promised and kind not in promised:
        source = replace(source, findings=(Finding("wrong_extension", kind), *source.findings))
    return source


def _plain(data: bytes, limits: Limits) -> Source:
    decoded = decode(data)
    if len(decoded.text) > 2 * limits.characters:
        raise DocumentFileError("too_much_text", limit=limits.characters)
    text, joined = unwrapped(decoded.text)
    findings = findings_of(decoded)
    if joined:
        findings.append(Finding("lines_joined", str(joined)))
    return Source(counted(lines_of(text), limits), "txt", tuple(findings))
