"""Documents from files: how long one takes, with few and with many in the library.

Run by ``subject`` with the portal's environment, as ``inprocess`` is. The argument is how many
documents the library is to hold for the second measurement; the last line of the output is one JSON
object of milliseconds for each document, reading included, and what the public pages cost then::

    {"few": {"draft": 58.1, "published": 108.9, "word": 66.0}, "many": {…}, "documents": 10000,
     "pages": {"policy": {"queries": 7, "cpu_ms": 29.1, "bytes": 158912}, …}}

The library is filled with public documents of a hundred clauses, which takes about half an hour for
ten thousand.
"""

import io
import json
import os
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from tests.benchmarks.operating import as_operator

_ARTICLES = 100
_REPEATS = 12
_DIGITS = "〇一二三四五六七八九"


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    with as_operator():
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    wanted = int(arguments[0])
    numbers = iter(range(1, 10**9))
    answer: dict[str, Any] = {"few": _measure(numbers.__next__)}
    _fill(wanted, numbers.__next__)
    answer |= {"many": _measure(numbers.__next__), "documents": wanted, "pages": _pages()}
    print(json.dumps(answer))
    return 0


def lines_of(number: int, articles: int = _ARTICLES) -> list[str]:
    """An invented document with a number of its own."""
    body = [
        f"第{_printed(place)}条 市有关部门应当在{place}个工作日内办理第{number}类事项，"
        "向社会公布办理结果，接受监督；逾期未办理的，应当书面说明理由。"
        for place in range(1, articles + 1)
    ]
    return [
        f"云湖市第{number}类事项办理办法",
        f"云政发〔2026〕{number}号",
        "各县（区）人民政府，市政府各部门：",
        *body,
        "云湖市人民政府",
        "2026年5月6日",
    ]


def _printed(number: int) -> str:
    tens, ones = divmod(number, 10)
    hundreds, tens = divmod(tens, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def plain(lines: list[str]) -> bytes:
    return "\n".join(lines).encode()


def word(lines: list[str]) -> bytes:
    """The smallest package that Word opens."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    document = f'<w:document xmlns:w="{namespace}"><w:body>{paragraphs}</w:body></w:document>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr("_rels/.rels", relations)
        package.writestr("word/document.xml", document)
    return buffer.getvalue()


def _importer(*, publish: bool) -> Any:
    from portal.core import structure
    from portal.pages.models import ColumnPage
    from portal.policy_interpretation.importing.services import Importer
    from portal.policy_interpretation.models import ImportBatch

    columns = ColumnPage.objects.live().filter(column_type__contains="政策文件")
    column = columns.order_by("depth", "path")[0]
    batch = ImportBatch.objects.create(
        site_id=structure.current().site_pk_for(column.path), column=column
    )
    return Importer(batch, column.page_ptr, publish=publish)


def _bring_in(importer: Any, name: str, data: bytes) -> None:
    from portal.text.official.files import take_bytes

    items = importer.store(take_bytes(Path(name), data), name=name, data=data)
    if items[0].status == "refused":
        raise SystemExit(f"{name} was refused: {items[0].findings}")


def _measure(number: Callable[[], int]) -> dict[str, float]:
    """The median of some documents, in milliseconds on the clock."""
    kinds: dict[str, tuple[bool, str, Callable[[list[str]], bytes]]] = {
        "draft": (False, "a.txt", plain),
        "published": (True, "a.txt", plain),
        "word": (False, "a.docx", word),
    }
    found = {}
    for kind, (publish, name, write) in kinds.items():
        importer = _importer(publish=publish)
        times = []
        for _round in range(_REPEATS):
            data = write(lines_of(number()))
            started = time.perf_counter()
            _bring_in(importer, name, data)
            times.append(1000 * (time.perf_counter() - started))
        found[kind] = round(sorted(times)[_REPEATS // 2], 1)
    return found


def _fill(wanted: int, number: Callable[[], int]) -> None:
    from portal.policy_interpretation.models import PolicyPage

    importer = _importer(publish=True)
    for _place in range(wanted - PolicyPage.objects.count()):
        _bring_in(importer, "fill.txt", plain(lines_of(number())))


def _pages() -> dict[str, dict[str, float]]:
    """A document, the same on a day, and the library, as a visitor sees them."""
    from django.utils import timezone

    from portal.core import structure
    from portal.policy_interpretation.models import PolicyPage

    from .inprocess import measure, visitor

    newest = PolicyPage.objects.live().order_by("-pk")[0]
    address = structure.current().url(newest.url_path)
    day = f"?asof={timezone.localdate():%Y-%m-%d}"
    paths = {
        "policy": address,
        "policy_as_of": address + day,
        "library": "/policies/",
        "library_far": "/policies/?page=20",
        "library_search": f"/policies/?{urlencode({'q': '事项办理'})}",
    }
    return {key: asdict(measure(visitor(), path)) for key, path in paths.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
