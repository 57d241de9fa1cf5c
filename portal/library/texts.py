"""Checksums of items."""

import hashlib
from typing import Any


def checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def file_checksum(file: Any) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        for chunk in iter(lambda: stream.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()
