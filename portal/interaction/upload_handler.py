"""Reading a posted form within bounds: a file that is too large costs itself, not the letter."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from .uploads import LARGEST, LARGEST_TOGETHER, MOST_FILES

# Beyond this the form is not read at all: it is no letter.
LARGEST_BODY = 200 * 1024 * 1024


class BoundedUploads(FileUploadHandler):
    """Drops what is beyond the limits while it comes in.

    ``dropped`` are the names of those that are too large; ``are_too_many``: more came than may.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.dropped: list[str] = []
        self.are_too_many = False
        self._count = self._together = self._size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._size = 0
        self._count += 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        # Not in new_file(): a file that is skipped there closes the one before it.
        if self._count > MOST_FILES:
            self.are_too_many = True
            raise SkipFile
        self._size += len(raw_data)
        self._together += len(raw_data)
        if self._size > LARGEST or self._together > LARGEST_TOGETHER:
            self._together -= self._size
            self.dropped.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None  # the handlers behind this one make the file


def bound_uploads(request: HttpRequest) -> BoundedUploads:
    """Put the bounds before a request's own handlers; before its POST is looked at."""
    handler = BoundedUploads(request)
    request.upload_handlers.insert(0, handler)
    return handler


def is_far_too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > LARGEST_BODY
