"""The page store's front before an application that has nothing: what is served comes from files."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from portal.publishing.front import PageStoreFront


def nothing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    status = "200 OK" if environ["PATH_INFO"] == "/healthz" else "404 Not Found"
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", "4")])
    return (b"none",)


application = PageStoreFront(nothing, Path(os.environ["STORE_ROOT"]))
