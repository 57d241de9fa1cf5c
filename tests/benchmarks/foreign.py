"""Foreign sections: the boards over many core pages, the sync of one change, traditional Chinese.

Run by ``subject`` with the portal's environment, as ``inprocess`` is. The argument is how many core
pages each of five languages has; the last line of the output is one JSON object::

    {"pages": 1000, "languages": 5, "article": {"queries": 7, "cpu_ms": 9.1, "bytes": …},
     "board": {…}, "boards": {…}, "board_column": {…}, "sync_ms": 80.2, "memory_ms": 4.1,
     "zh_hant_ms": 6.3}

``sync_ms`` is the processor time of taking over one changed paragraph in one language, ``memory_ms``
that of what the memory of 20,000 texts knows for a paragraph, ``zh_hant_ms`` that of one finished
page in traditional characters. The rows of the boards are written in bulk:
what is measured does not look at the texts behind them.
"""

import datetime
import json
import os
import random
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

from .inprocess import addresses, bench_user, measure, visitor
from .operating import as_operator

LANGUAGES = ("en", "ja", "ko", "ru", "fr")
_CHANGES = 12
_CONVERTED = 100
_PARAGRAPHS = 20
_MEMORY = 20_000
_LOOK_UPS = 50
_WORDS = [
    "居留",
    "许可",
    "外国人",
    "签证",
    "办理",
    "材料",
    "窗口",
    "工作日",
    "登记",
    "住所",
    "护照",
    "申请",
    "费用",
    "地址",
    "医院",
    "学校",
]


@dataclass(frozen=True)
class _Paragraph:
    source_text: str
    path: str = "body.x"


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    with as_operator():
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    wanted = int(arguments[0])
    sections = _sections()
    article = measure(visitor(), addresses()["addresses"]["article"])
    answer: dict[str, Any] = {"article": asdict(article), "languages": len(sections)}
    answer["pages"] = _fill(sections, wanted)
    answer |= _boards(sections[0])
    answer["sync_ms"] = _sync(sections[0])
    answer["memory_ms"] = _look_up(sections[0])
    answer["zh_hant_ms"] = _convert()
    print(json.dumps(answer))
    return 0


def _sections() -> list[Any]:
    """The open sections of the portal's own site in five languages, made where there is none."""
    from wagtail.models import Locale

    from portal.core import structure
    from portal.foreign.models import ForeignSection

    site = structure.current().main_site_pk
    found = []
    for code in LANGUAGES:
        locale, _created = Locale.objects.get_or_create(language_code=code)
        section, _created = ForeignSection.objects.get_or_create(site_id=site, locale=locale)
        found.append(section)
    return found


def _fill(sections: list[Any], wanted: int) -> int:
    """As many translations in each section as there shall be, in all states; how many there are."""
    from django.utils import timezone

    from portal.foreign.models import PageTranslation, TranslationAssignment
    from portal.pages.models import ArticlePage

    numbers = random.Random(2026)
    now = timezone.now()
    statuses = [status for status in PageTranslation.Status.values for _time in range(2)]
    sources = ArticlePage.objects.live().filter(locale__language_code="zh-hans", alias_of=None)
    pks = list(sources.order_by("pk").values_list("pk", flat=True))
    PageTranslation.objects.filter(section__in=sections).delete()
    rows = []
    for section in sections:
        for pk in pks[:wanted]:
            texts, status = numbers.randint(4, 60), numbers.choice(statuses)
            since = now - datetime.timedelta(hours=numbers.randint(1, 2000))
            released = status in ("stale", "current") or numbers.random() < 0.3
            rows.append(
                PageTranslation(
                    section=section,
                    source_id=pk,
                    status=status,
                    segments=texts,
                    current=texts if status == "current" else numbers.randint(0, texts - 1),
                    stale=numbers.randint(0, 3) if released else 0,
                    words=0 if status == "current" else numbers.randint(5, 900),
                    harm=numbers.choice((1, 2, 4, 8)),
                    readers=numbers.randint(0, 5000),
                    waiting_since=None if status == "current" else since,
                    due=None if status == "current" else (since + datetime.timedelta(7)).date(),
                    released_at=since if released else None,
                )
            )
    PageTranslation.objects.bulk_create(rows, batch_size=500)
    user = bench_user()
    owed = PageTranslation.objects.filter(section__in=sections).exclude(status="current")
    TranslationAssignment.objects.bulk_create(
        [
            TranslationAssignment(translation_id=pk, user=user)
            for pk in owed.values_list("pk", flat=True)[::3]
        ],
        batch_size=500,
    )
    return min(wanted, len(pks))


def _boards(section: Any) -> dict[str, Any]:
    """The boards as a superuser sees them, and one that looks at the columns of every row."""
    from django.urls import reverse

    client = visitor()
    client.force_login(bench_user(), backend="portal.core.staff.backend.StaffBackend")
    board = reverse("foreign_board", args=[section.pk])
    column = section.columns.order_by("pk").first()
    found = {
        "board": asdict(measure(client, board)),
        "boards": asdict(measure(client, reverse("foreign_boards"))),
    }
    if column is not None:
        found["board_column"] = asdict(measure(client, f"{board}?column={column.pk}"))
    return found


def _sync(section: Any) -> float:
    """Processor time for a changed paragraph of a released page, in one language; the median."""
    from wagtail.models import Page
    from wagtail_localize.models import StringTranslation

    from portal.core import structure
    from portal.foreign.models import CoreRule, PageTranslation
    from portal.foreign.selectors.source_texts import stored_segments, stored_source
    from portal.foreign.services.live import record_release
    from portal.foreign.services.syncing import sync_source
    from portal.pages.models import ArticlePage, ColumnPage

    site = structure.current().main_site_pk
    home = Page.objects.get(pk=structure.current().records[site].root_page_id)
    column = ColumnPage.objects.live().child_of(home).first()
    texts = [
        f"<p>第{number}段。云湖市位于云水之滨，办事请带证件。</p>" for number in range(_PARAGRAPHS)
    ]
    page = ArticlePage(title="测量用的文章", source="云湖", slug="bench-foreign-sync")
    page.body = [("paragraph", text) for text in texts]
    column.add_child(instance=page)
    page.save_revision().publish()
    rule = CoreRule.objects.create(site_id=site, page_id=page.pk)
    rule.languages.set([section.locale])
    sync_source(page)
    translation = PageTranslation.objects.get(source_id=page.pk, section=section)
    source = stored_source(page)
    assert source is not None
    for row in stored_segments(source):
        StringTranslation.objects.create(
            translation_of=row.string,
            context=row.context,
            locale=section.locale,
            data=f"Text {row.pk}",
        )
    record_release(translation, user=None)
    times = []
    for number in range(_CHANGES):
        page = ArticlePage.objects.get(pk=page.pk)
        # The same blocks, as after an editor's save: one of them says something else.
        stored = list(page.body.raw_data)
        stored[number] = {**stored[number], "value": f"<p>第{number}段改过了。</p>"}
        page.body = json.dumps(stored)
        page.save_revision().publish()
        started = time.process_time()
        sync_source(page)
        times.append(time.process_time() - started)
        marked = translation.live_segments.filter(stale_since__isnull=False).count()
        if marked < number + 1:
            raise SystemExit(f"{marked} paragraphs are marked after {number + 1} changes")
    return round(1000 * statistics.median(times), 2)


def _look_up(section: Any) -> float:
    """Processor time of asking a large memory about one paragraph that was edited; the mean."""
    from portal.foreign.models import PageTranslation
    from portal.foreign.selectors.memory import suggestions
    from tests.foreign.memories import fill_memory

    chance = random.Random(11)
    texts = list(
        {"".join(chance.choices(_WORDS, k=chance.randint(6, 25))) + "。" for _ in range(_MEMORY)}
    )
    fill_memory(section.locale_id, texts)
    translation = PageTranslation.objects.filter(section=section).select_related("source")[0]
    wanted = [_Paragraph(text[:-2] + "了。") for text in texts[:_LOOK_UPS]]
    started = time.process_time()
    known = [suggestions(translation, paragraph) for paragraph in wanted]
    took = time.process_time() - started
    if not all(known):
        raise SystemExit("the memory does not know what was put into it")
    return round(1000 * took / _LOOK_UPS, 2)


def _convert() -> float:
    """Processor time for one article's finished page in traditional characters; the median."""
    from portal.core import structure
    from portal.pages.models import ArticlePage
    from portal.text.script import default_converter
    from portal.text.script_markup import convert_page

    client, converter = visitor(), default_converter()
    pages = ArticlePage.objects.live().filter(locale__language_code="zh-hans").order_by("-pk")
    times = []
    for url_path in pages.values_list("url_path", flat=True)[:_CONVERTED]:
        response = client.get(structure.current().url(url_path), secure=True)
        if response.status_code != 200:
            continue
        html = response.content.decode()
        started = time.process_time()
        converted = convert_page(html, converter)
        times.append(time.process_time() - started)
        if converted == html:
            raise SystemExit(f"{url_path} is as it was")
    return round(1000 * statistics.median(times), 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
