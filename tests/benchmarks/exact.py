"""What one published change takes out of a full store of pages, beside what it changes: all of them byte by byte.

Run by ``subject`` with the portal's environment and the store on. The argument is how many pages lie
in the store; the last line of the output is one JSON object::

    {"pages": 10000, "store_ms": 41.0, "changes": {"edited": {"changed": 3, "out": 3, "missed": 0,
     "needless": 0, "settle_ms": 80.2, "publish_ms": 130.1}, …}}

``missed`` and ``needless`` are looked for by rendering every stored page again past the store.
``publish_ms`` is the publishing itself, without the store; ``settle_ms`` what the request waits for
beside it.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .operating import as_operator

HOST = "127.0.0.1"


def main(arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    with as_operator():
        print(json.dumps(_measured(int(arguments[0]))))
    return 0


def _measured(number: int) -> dict[str, Any]:
    from portal.publishing.store import settling
    from portal.publishing.store.keeping import store

    found = store()
    settling.settle(found)
    paths = _paths(number)
    begun = time.monotonic()
    _fill(found, paths)
    seconds = time.monotonic() - begun
    kept = _kept(found)
    if len(kept) < 0.95 * number:
        raise SystemExit(f"Only {len(kept)} of {len(paths)} pages could be stored")
    changes: dict[str, Any] = {}
    for name, change in _changes():
        changes[name] = _compared(found, change)
        _fill(found, paths)
    return {
        "pages": len(kept),
        "store_ms": round(1000 * seconds / len(paths), 1),
        "changes": changes,
    }


def _paths(number: int) -> list[str]:
    """Addresses of the portal itself: all but articles, then as many of those as there is room for."""
    from wagtail.models import Page

    from portal.core import structure
    from portal.pages.models import ArticlePage

    rows = Page.objects.live().order_by("-pk").values_list("pk", "path", "url_path")
    articles = set(ArticlePage.objects.values_list("pk", flat=True))
    own = []
    for pk, path, url_path in rows:
        root = structure.current().root_for_url_path(url_path)
        hidden = path.startswith(structure.current().hidden_paths)
        if root is not None and root.is_default and not hidden:
            own.append((pk in articles, structure.current().url(url_path)))
    own.sort(key=lambda row: row[0])
    return [path for _is_article, path in own[: number + 200]]


def _fill(found: Any, paths: Sequence[str]) -> None:
    from portal.publishing import refreshing

    refreshing.warm(found, [f"{HOST}{path}" for path in paths])


def _kept(found: Any) -> dict[str, str]:
    """{path: digest of the bytes that lie there}."""
    folder = found.files.live / HOST
    return {
        path: _digest((folder / path.strip("/") / "index.html").read_bytes())
        for entry in found.index.entries()
        if (path := entry.address.removeprefix(HOST))
    }


def _compared(found: Any, change: Callable[[], object]) -> dict[str, float]:
    from portal.publishing.store import settling

    before = _kept(found)
    begun = time.monotonic()
    change()
    published = time.monotonic()
    settled = settling.settle(found)
    ended = time.monotonic()
    out = before.keys() - _kept(found).keys()
    changed = {path for path, digest in before.items() if _rendered(path) != digest}
    for path in sorted(out - changed)[:5]:
        print(f"needless: {path}", file=sys.stderr)
    for path in sorted(changed - out)[:5]:
        print(f"MISSED: {path}", file=sys.stderr)
    return {
        "changed": len(changed),
        "out": len(out),
        "missed": len(changed - out),
        "needless": len(out - changed),
        "all": settled.all,
        "publish_ms": round(1000 * (published - begun), 1),
        "settle_ms": round(1000 * (ended - published), 1),
    }


def _rendered(path: str) -> str:
    """Past the store, as a visitor gets it; "" for what is no page any more."""
    from django.test import Client, override_settings

    with override_settings(PORTAL_PAGE_STORE=False):
        client = Client(headers={"host": HOST, "x-forwarded-proto": "https"})
        response = client.get(path, secure=True)
    return _digest(response.content) if response.status_code == 200 else ""


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _changes() -> Iterator[tuple[str, Callable[[], object]]]:
    from portal.pages.models import ArticlePage, ColumnPage

    articles = ArticlePage.objects.live().order_by("pk")
    middle = articles[articles.count() // 2]

    def edited() -> None:
        middle.title = f"{middle.title}（已更新）"
        middle.save_revision().publish()

    def new() -> None:
        column = ColumnPage.objects.get(pk=middle.get_parent().pk)
        body = [("paragraph", "<p>云湖市位于云水之滨，办事请带证件。</p>")]
        page = ArticlePage(title="新公布的一篇", source="云湖", body=body)
        column.add_child(instance=page)
        page.save_revision().publish()

    def withdrawn() -> None:
        ArticlePage.objects.get(pk=middle.pk).unpublish()

    yield "edited", edited
    yield "new", new
    yield "withdrawn", withdrawn


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
