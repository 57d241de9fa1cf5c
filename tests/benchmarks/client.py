"""One load client: asks for the same page again and again, one connection for each request.

Run as a file by ``loads`` with the standard library only, so that it starts in milliseconds and
takes as little as possible of the two cores that the server needs. It reads its orders as one line
of JSON, says ``ready``, waits for ``go``, and answers with one line of JSON.
"""

import json
import socket
import struct
import sys
import time

_RECEIVE = 131_072


class BadAnswer(Exception):
    """The server answered, but not with a whole page and status 200."""


def fetch(port: int, request: bytes, timeout: float) -> int:
    """Send one request to this machine; return the number of bytes of the body.

    Raises:
        BadAnswer: the status is not 200, or the body is shorter than announced.
        OSError: no connection, or no answer in time.
    """
    with socket.socket() as connection:
        # Kernel timeouts: Python's own would add a poll() to every call.
        limit = struct.pack("ll", int(timeout), 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        connection.connect(("127.0.0.1", port))
        connection.sendall(request)
        parts = []
        while part := connection.recv(_RECEIVE):
            parts.append(part)
    return _body_length(b"".join(parts))


def _body_length(answer: bytes) -> int:
    head, separator, body = answer.partition(b"\r\n\r\n")
    status = head[9:12].decode("ascii", "replace")
    if not separator or status != "200":
        raise BadAnswer(f"status {status or 'missing'}")
    lowered = head.lower()
    if b"\r\ncontent-length:" in lowered:
        announced = int(lowered.split(b"\r\ncontent-length:", 1)[1].split(b"\r\n", 1)[0])
        if announced != len(body):
            raise BadAnswer("torn body")
    elif b"\r\ntransfer-encoding: chunked" in lowered and not body.endswith(b"0\r\n\r\n"):
        raise BadAnswer("torn body")
    return len(body)


def run(port: int, request: bytes, seconds: float, limit: int, timeout: float) -> dict[str, object]:
    """Ask until the time is over or ``limit`` requests are made.

    Returns a dictionary: ``latencies`` (whole microseconds of the good answers), ``errors``
    (reason → count), ``seconds`` (time really used), ``bytes`` (body of the last good answer).
    """
    latencies: list[int] = []
    errors: dict[str, int] = {}
    size = 0
    clock = time.perf_counter
    begin = now = clock()
    end = begin + seconds
    asked = 0
    while now < end and asked < limit:
        asked += 1
        started = now
        try:
            size = fetch(port, request, timeout)
        except (BadAnswer, OSError) as error:
            reason = str(error) or type(error).__name__
            errors[reason] = errors.get(reason, 0) + 1
            now = clock()
        else:
            now = clock()
            latencies.append(round((now - started) * 1e6))
    return {
        "latencies": latencies,
        "errors": errors,
        "seconds": now - begin,
        "bytes": size,
    }


def main() -> None:
    orders = json.loads(sys.stdin.readline())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if sys.stdin.readline().strip() != "go":
        return
    result = run(
        port=orders["port"],
        request=orders["request"].encode("ascii"),
        seconds=orders["seconds"],
        limit=orders["limit"],
        timeout=orders["timeout"],
    )
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
