"""Looking for viruses in what visitors send: clamd by its own protocol, where one is set up.

``CLAMD_ADDRESS`` is ``host:port`` or the path of a socket. Without it files are kept as "not
scanned", and staff see that before they open one.
"""

import os
import socket
import struct
from dataclasses import dataclass

_PIECE = 64 * 1024
_SECONDS = 20
_LONGEST_ANSWER = 4096


class ScannerFailed(Exception):
    """The scanner is set up and did not answer: nothing is known of the file."""


@dataclass(frozen=True, slots=True)
class Scan:
    """``by``: who looked, "" where nobody did; ``threat``: what was found, "" for nothing."""

    by: str = ""
    threat: str = ""


def scan(data: bytes) -> Scan:
    """Ask the scanner of this platform about a file.

    Raises:
        ScannerFailed: there is one, and it cannot be asked.
    """
    address = os.environ.get("CLAMD_ADDRESS", "").strip()
    if not address:
        return Scan()
    try:
        answer = _instream(address, data)
    except OSError as error:
        raise ScannerFailed(str(error)) from error
    # "stream: OK", "stream: Eicar-Signature FOUND", "INSTREAM size limit exceeded. ERROR"
    told = answer.removeprefix("stream:").strip()
    if told == "OK":
        return Scan(by="clamd")
    if told.endswith(" FOUND"):
        return Scan(by="clamd", threat=told.removesuffix(" FOUND")[:80])
    raise ScannerFailed(told[:200] or "no answer")


def _instream(address: str, data: bytes) -> str:
    with _connected(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            more = connection.recv(_LONGEST_ANSWER)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", errors="replace").strip()


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_SECONDS)
        connection.connect(address)
        return connection
    host, _colon, port = address.rpartition(":")
    if not port.isdecimal():
        raise ScannerFailed(f"CLAMD_ADDRESS: {address!r} is neither host:port nor a path")
    return socket.create_connection((host.strip("[]") or "localhost", int(port)), timeout=_SECONDS)
