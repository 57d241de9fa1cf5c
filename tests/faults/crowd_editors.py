"""Editors of the crowd: each publishes its own article again and again and looks at once.

    python -m tests.faults.crowd_editors URL EDITORS SECONDS

Prints one JSON object: how often was published, and what was wrong.
"""

import json
import sys
import threading
import time
import urllib.request
from typing import Any

import django

django.setup()

from django.db import close_old_connections  # noqa: E402 - after the set-up

from portal.core.models import Basis  # noqa: E402
from portal.core.reviews.grounds import releasing_as  # noqa: E402
from portal.pages.models import ArticlePage  # noqa: E402
from portal.publishing.middleware import follow_changes  # noqa: E402

wrong: list[str] = []
published = [0]
_lock = threading.Lock()


def edit(url: str, pk: int, path: str, until: float) -> None:
    number = 0
    try:
        while time.monotonic() < until:
            number += 1
            title = f"第{pk}篇第{number}版"
            page: Any = ArticlePage.objects.get(pk=pk)
            page.title = title
            with releasing_as(Basis.OPERATOR):
                page.save_revision(log_action=False).publish(skip_permission_checks=True)
            follow_changes()  # as at the end of the request that publishes
            with urllib.request.urlopen(url + path, timeout=30) as answer:
                shown = answer.read().decode()
            with _lock:
                published[0] += 1
                if title not in shown:
                    wrong.append(f"{path} does not show {title}")
    except Exception as error:  # told to the test, which fails by it
        with _lock:
            wrong.append(f"{path}: {type(error).__name__}: {error}")
    finally:
        close_old_connections()


def main(url: str, editors: int, seconds: float) -> None:
    pages = ArticlePage.objects.live().filter(
        alias_of=None, locale__language_code="zh-hans", url_path__startswith="/yunhu"
    )
    chosen = list(pages.order_by("pk")[:editors]) or list(
        ArticlePage.objects.live().filter(alias_of=None).order_by("pk")[:editors]
    )
    until = time.monotonic() + seconds
    threads = []
    for page in chosen:
        path = "/" + page.url.partition("//")[2].partition("/")[2] if "//" in page.url else page.url
        threads.append(threading.Thread(target=edit, args=(url, page.pk, path, until)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"published": published[0], "wrong": wrong[:20]}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
