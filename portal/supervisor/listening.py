"""The listening socket of ``portal serve``.

The supervisor opens it and hands it to the web process. A port that is taken is told before
anything else starts, and visitors who come while the web process is being restarted wait in the
socket's queue instead of being refused.
"""

import errno
import os
import socket


class AddressUnusable(Exception):
    """The socket cannot be opened; the message is one line for the person at the console."""


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket.

    Raises:
        AddressUnusable: the port is taken, not allowed, or the host is not of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise AddressUnusable(f"the host {host!r} is not known ({error.strerror})") from error
    opened = socket.socket(family, kind, protocol)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(1024)
    except OSError as error:
        opened.close()
        raise AddressUnusable(_reason(error, host, port)) from error
    return opened


def _reason(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            free = port + 1 if port < 65535 else 8000
            return (
                f"port {port} on {host} is in use by another program; "
                f"choose another one, for example: PORT={free} make run"
            )
        case errno.EACCES:
            return f"port {port} needs more rights than this account has; choose one above 1023"
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine"
        case _:
            return f"{host}:{port} cannot be opened ({os.strerror(error.errno or 0)})"


def address_url(host: str, port: int) -> str:
    """The address as a person types it."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
