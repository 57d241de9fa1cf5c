"""H5 packages: what a .zip file may hold, and the sandbox that visitors see it in.

A package is never unpacked: its files are read out of the .zip as they are asked for, from an
address of their own, under a policy that lets them reach nothing but themselves.
"""

import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
LARGEST_FILE = 30 * MEGABYTE
LARGEST_CONTENT = 80 * MEGABYTE
LARGEST_ENTRY = 30 * MEGABYTE
MOST_ENTRIES = 500
# What no drawing or script reaches and every bomb does: the whole against its .zip.
HIGHEST_RATIO = 60
PREVIEW_SECONDS = 3600

CONTENT_TYPES = {
    "html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8", "json": "application/json",
    "txt": "text/plain; charset=utf-8", "xml": "application/xml", "vtt": "text/vtt; charset=utf-8",
    "atlas": "text/plain; charset=utf-8", "fnt": "text/plain; charset=utf-8",
    "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg",
    "gif": "image/gif", "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "wav": "audio/wav",
    "mp4": "video/mp4", "webm": "video/webm",
    "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "otf": "font/otf",
}  # fmt: skip
# What file managers leave in every archive.
_LITTER = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})
# What a file that is no whole .zip makes Python's reader say.
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)
_signer = TimestampSigner(salt="policy_interpretation.animation")


class PackageProblem(ValueError):
    """Why a file is no H5 package that can be shown, in a sentence for the editor."""


@dataclass(frozen=True, slots=True)
class Package:
    """``start`` is the path of the page to show, as it stands in the .zip."""

    start: str
    entries: int
    size: int


# --- what a package holds -------------------------------------------------------------------
def inspect(file: IO[bytes]) -> Package:
    """What a .zip file holds; everything in it is read once, within the limits.

    Raises:
        PackageProblem: it is none, holds what may not be shown, or too much.
    """
    file.seek(0, 2)
    packed = file.tell()
    file.seek(0)
    if packed > LARGEST_FILE:
        raise PackageProblem(
            _("The package is larger than %(most)d MB. Make pictures and sound smaller.")
            % {"most": LARGEST_FILE // MEGABYTE}
        )
    try:
        with zipfile.ZipFile(file) as archive:
            entries = _entries(archive)
            _check_sizes(entries, packed)
            for entry in entries:
                _read_through(archive, entry)
    except (*DAMAGED, ValueError) as error:
        if isinstance(error, PackageProblem):
            raise
        raise PackageProblem(
            _("The file cannot be opened as a .zip file. Pack it again and upload it anew.")
        ) from error
    finally:
        file.seek(0)
    return Package(_start([entry.filename for entry in entries]), len(entries), packed)


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found: list[zipfile.ZipInfo] = []
    names: set[str] = set()
    infos = archive.infolist()
    if len(infos) > 2 * MOST_ENTRIES:
        raise PackageProblem(_too_many())
    for info in infos:
        if info.is_dir() or not _LITTER.isdisjoint(PurePosixPath(info.filename).parts):
            continue
        _check_entry(info)
        if info.filename.lower() in names:
            raise PackageProblem(_("The package holds “%(name)s” twice.") % {"name": info.filename})
        names.add(info.filename.lower())
        found.append(info)
    if len(found) > MOST_ENTRIES:
        raise PackageProblem(_too_many())
    return found


def _too_many() -> str:
    return _("The package holds more than %(most)d files.") % {"most": MOST_ENTRIES}


def _check_entry(info: zipfile.ZipInfo) -> None:
    name = info.filename
    parts = name.split("/")
    if (
        any(part in ("", ".", "..") for part in parts)
        or "\\" in name
        or ":" in name
        or not name.isprintable()
        or len(name) > 200
    ):
        raise PackageProblem(
            _("“%(name)s” is not a name that a file of a website can have.")
            % {"name": name[:80].encode("unicode_escape", "replace").decode("ascii")}
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise PackageProblem(_("“%(name)s” is a link to another file.") % {"name": name})
    if info.flag_bits & 0x1:
        raise PackageProblem(_("The package is locked with a password."))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise PackageProblem(_("The package is packed in an unusual way. Pack it as plain .zip."))
    if extension_of(name) not in CONTENT_TYPES:
        raise PackageProblem(
            _("“%(name)s” is of a kind that is not shown in the sandbox.") % {"name": name}
        )


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    whole = sum(entry.file_size for entry in entries)
    largest = max((entry.file_size for entry in entries), default=0)
    if whole > LARGEST_CONTENT or largest > LARGEST_ENTRY or whole > HIGHEST_RATIO * packed + 65536:
        raise PackageProblem(_("The package holds far too much. Make its files smaller."))


def _read_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Sizes in a .zip are claims: what is read may not exceed them, and its sum must be right."""
    read = 0
    with archive.open(entry) as file:
        while chunk := file.read(256 * 1024):
            read += len(chunk)
            if read > entry.file_size:
                raise PackageProblem(_("The package holds far too much. Make its files smaller."))


def _start(names: list[str]) -> str:
    """``index.html`` at the top, or in the one folder that holds everything."""
    tops = {name.split("/")[0] for name in names}
    wanted = ["index.html", "index.htm"]
    if len(tops) == 1:
        folder = next(iter(tops))
        wanted += [f"{folder}/index.html", f"{folder}/index.htm"]
    by_lower = {name.lower(): name for name in names}
    for name in wanted:
        if name.lower() in by_lower:
            return by_lower[name.lower()]
    raise PackageProblem(_("There is no index.html at the top of the package."))


def extension_of(name: str) -> str:
    return PurePosixPath(name).suffix[1:].lower()


def content_type(name: str) -> str:
    """By the ending alone: nothing in a package is believed about itself."""
    return CONTENT_TYPES.get(extension_of(name), "application/octet-stream")


def check_document(document: Any) -> Package:
    """The package in a document of the library.

    Raises:
        PackageProblem: as ``inspect``, or the file is not there.
    """
    if document.file_extension.lower() != "zip":
        raise PackageProblem(_("Choose a .zip file."))
    try:
        with document.file.open("rb") as file:
            return inspect(file)
    except OSError as error:
        raise PackageProblem(_("The file is not there any more. Upload it anew.")) from error


# --- where it is shown ----------------------------------------------------------------------
def public_key(product_pk: int, document_pk: int, digest: str) -> str:
    """Names a published package in addresses; another file has another address."""
    return f"{product_pk}-{document_pk}-{digest[:12]}"


def preview_key(document_pk: int) -> str:
    """For an hour, for whoever sees the preview: a sandbox gets no cookies to ask for rights."""
    return "preview-" + _signer.sign(str(document_pk)).replace(":", "~")


def document_of_preview(key: str) -> int | None:
    """The document that a preview key names; None where the key is forged or old."""
    try:
        value = _signer.unsign(key.removeprefix("preview-").replace("~", ":"), PREVIEW_SECONDS)
    except BadSignature:
        return None
    return int(value)


def frame_url(document: Any, *, page: Any, is_preview: bool) -> str:
    """The address to show a package at; "" where nothing may be shown."""
    if is_preview:
        try:
            key, start = preview_key(document.pk), check_document(document).start
        except PackageProblem:
            return ""
    else:
        if page is None:
            return ""
        # An alias shows what its original has published.
        product_pk = page.alias_of_id or page.pk
        packages = page.packages.model.objects
        row = packages.filter(product_id=product_pk, document_id=document.pk).first()
        if row is None:
            return ""
        key, start = public_key(product_pk, document.pk, row.digest), row.start
    return reverse("policy_interpretation:animation", args=[key, start])


def root_of(frame: str) -> str:
    """``/policies/h5/KEY/`` of an address below it."""
    head, _mark, tail = frame.partition("/h5/")
    return f"{head}/h5/{tail.split('/')[0]}/"


def policy(own: str) -> str:
    """The security policy of everything in a package.

    Args:
        own: the absolute address below which the package's files lie. Nothing else is reached:
            no other host, none of the portal's pages, no form, no cookie (the sandbox is an origin
            of its own).
    """
    code = f"{own} 'unsafe-inline'"
    return "; ".join(
        (
            "sandbox allow-scripts",
            "default-src 'none'",
            f"script-src {code}",
            f"style-src {code}",
            f"img-src {own} data: blob:",
            f"media-src {own} data: blob:",
            f"font-src {own} data:",
            f"connect-src {own}",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
        )
    )
