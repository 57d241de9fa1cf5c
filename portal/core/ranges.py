"""Parts of files (RFC 9110, range requests): Safari plays no video without, nobody can skip."""

import os
import re
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_CHUNK = 64 * 1024


def partial_response(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The part of a file that a request asks for; the whole where it asks for none or for several.

    A request with ``If-Range`` gets the whole: what it has may be another file.
    """
    if not isinstance(response, FileResponse) or response.status_code != 200:
        return response
    response.headers["Accept-Ranges"] = "bytes"
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not asked or "If-Range" in request.headers or not any(asked.groups()):
        return response
    file: IO[bytes] = response.file_to_stream  # type: ignore[assignment]
    size = os.fstat(file.fileno()).st_size
    first, last = _bounds(asked[1], asked[2], size)
    if first >= size or first > last:
        response.close()
        refused = HttpResponse(status=416)
        refused.headers["Content-Range"] = f"bytes */{size}"
        return refused
    file.seek(first)
    length = last - first + 1
    response.streaming_content = _read(file, length)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Content-Length"] = str(length)
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:  # the last so many bytes
        return (max(size - int(last), 0), size - 1)
    return (int(first), min(int(last), size - 1) if last else size - 1)


def _read(file: IO[bytes], length: int) -> Iterator[bytes]:
    while length > 0 and (data := file.read(min(_CHUNK, length))):
        length -= len(data)
        yield data
