"""The plugin's part of the demo city: questions and answers (files in ``demo/questions``).

All of it is made in ``finish``, when the pages and documents that answers cite are public. What is
there by its key is left as it is, so that a second run repairs an interrupted first one.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from wagtail.models import Page

from portal.plugin_api import capability, clauses, publish_new_pages, site_of_path

from . import demo_watch
from .exchange.places import Places
from .index.services import follow_many, row_of
from .models import Origin, QuestionPage, QuestionSource, SourceKind, Topic, Trust
from .texts import plain_text

type Row = Mapping[str, Any]

DIRECTORY = Path(__file__).parent / "demo"


class DemoFault(ValueError):
    """The demo's files name something that is not there."""


class DemoQuestions:
    """Entered in the registry ``demo_content``: entries, which are no pages of a column."""

    def finish(self, demo: Any) -> None:
        rows = list(_rows(demo))
        keys = [row["id"] for row in rows]
        if QuestionPage.objects.filter(key__in=keys).count() != len(rows):
            demo.say(f"questions and answers: {len(rows)}")
            _Loading(demo, rows).run()
        self._watch(demo)

    def _watch(self, demo: Any) -> None:
        """What the knowledge base is measured by, and what it lacks."""
        files = [DIRECTORY / name for name in ("golden.yaml", "gaps.yaml")]
        rows = [demo.read_yaml(file) if file.exists() else [] for file in files]
        try:
            golden, gaps = demo_watch.load(*rows)
        except LookupError as missing:
            raise DemoFault(str(missing)) from missing
        if golden or gaps:
            demo.say(f"golden questions: {golden}; gaps: {gaps}")


def _rows(demo: Any) -> Iterator[dict[str, Any]]:
    """The entries of all files, each with its topic, translations as entries of their own."""
    for path in sorted((DIRECTORY / "questions").glob("*.yaml")):
        for row in demo.read_yaml(path):
            yield row | {"topic": path.stem}
            for language, words in (row.get("translations") or {}).items():
                yield {
                    "id": f"{row['id']}-{language}",
                    "language": language,
                    "translation_of": row["id"],
                    "topic": path.stem,
                    **{name: row.get(name) for name in ("site", "owner", "audience")},
                    **words,
                }


class _Loading:
    def __init__(self, demo: Any, rows: Sequence[dict[str, Any]]) -> None:
        self.demo, self.rows = demo, rows
        self.topics = {topic.slug: topic for topic in Topic.objects.all()}
        self.places = Places()
        known = QuestionPage.objects.filter(key__in=[row["id"] for row in rows])
        self.pages: dict[str, QuestionPage] = {page.key: page for page in known}
        self.units: dict[str, Any] = {}
        self.slugs = set(Page.objects.values_list("slug", flat=True))

    def run(self) -> None:
        """Batch by batch: what names another entry comes after it."""
        waiting = [row for row in self.rows if row["id"] not in self.pages]
        while waiting:
            ready = [row for row in waiting if self._named(row) <= self.pages.keys()]
            if not ready:
                raise DemoFault(f"these name each other: {[row['id'] for row in waiting]}")
            self._publish(ready)
            waiting = [row for row in waiting if row["id"] not in self.pages]

    def _named(self, row: Row) -> set[str]:
        names = (row.get("translation_of"), row.get("superseded_by"))
        return {name for name in names if name}

    @transaction.atomic
    def _publish(self, rows: Iterable[dict[str, Any]]) -> None:
        by_site: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            by_site.setdefault(row["site"], []).append(row)
        for code, own in by_site.items():
            column = self.places.make_column(self.places.site(code))
            pages = [self._page(row) for row in own]
            refused = publish_new_pages(column, pages)
            if refused:
                place, problems = next(iter(refused.items()))
                raise DemoFault(f"{own[place]['id']}: {problems[0].message}")
            follow_many(rows=map(row_of, pages))
            self.pages |= {page.key: page for page in pages}

    def _page(self, row: Row) -> QuestionPage:
        original = self.pages.get(row.get("translation_of") or "")
        page = QuestionPage(
            key=row["id"],
            language=row["language"],
            question=row["question"].strip(),
            phrasings=[str(text) for text in row.get("phrasings") or ()],
            answer=_one_line(row["answer"]),
            topic=self.topics[row["topic"]],
            audience=",".join(row.get("audience") or ()),
            owner_unit=self._unit(row["owner"]),
            valid_from=_moment(row.get("valid_from")),
            valid_until=_moment(row.get("valid_until"), after=True),
            superseded_by=self.pages.get(row.get("superseded_by") or ""),
            translation_of=original,
            source_state=original.text_state if original else "",
            trust=row.get("trust") or Trust.HUMAN,
            origin=Origin.EDITOR,
            slug=self._slug(row["id"]),
        )
        page.title = page.derived_title()
        page.search_description = plain_text(page.answer)[:150].replace("\n", " ")
        page.sources = [self._source(line, row) for line in row.get("sources") or ()]
        return page

    def _slug(self, key: str) -> str:
        slug = key.replace("_", "-").lower()
        while slug in self.slugs:
            slug += "-wenda"
        self.slugs.add(slug)
        return slug

    def _unit(self, name: str) -> Any:
        if name not in self.units:
            units: Any = QuestionPage._meta.get_field("owner_unit").related_model
            found = units._default_manager.filter(short_name=name).first()
            if found is None:
                raise DemoFault(f"there is no unit {name}")
            self.units[name] = found
        return self.units[name]

    def _source(self, line: Row, row: Row) -> QuestionSource:
        if line["kind"] == "url":
            return QuestionSource(
                kind=SourceKind.ADDRESS, url=line["url"], label=line.get("label") or ""
            )
        page = self.demo.pages.get(line["key"])
        if page is None:
            raise DemoFault(f"{row['id']}: there is no page {line['key']}")
        kind = SourceKind.POLICY if line["kind"] == "policy" else SourceKind.PAGE
        found = QuestionSource(kind=kind, target_id=page.pk, label=line.get("label") or "")
        if line.get("clause"):
            found.clauses = [self._clause(page, str(line["clause"]), row)]
        return found

    def _clause(self, page: Page, words: str, row: Row) -> str:
        provider = capability(clauses, site_of_path(page.path))
        found = provider.find(document=page.pk, words=words.replace("/", "")) if provider else ""
        if provider is not None and not found:
            raise DemoFault(f"{row['id']}: {page.title} has no clause {words}")
        return str(found)


def _one_line(answer: str) -> str:
    """Rich text as the editor stores it: no line breaks between the tags."""
    return "".join(line.strip() for line in answer.splitlines())


def _moment(value: Any, *, after: bool = False) -> datetime.datetime | None:
    """The beginning of a day; with ``after`` of the next one: the last day counts whole."""
    if value is None:
        return None
    day = value if isinstance(value, datetime.date) else parse_date(str(value))
    if day is None:
        raise DemoFault(f"{value!r} is no day")
    start = datetime.datetime.combine(day, datetime.time())
    return timezone.make_aware(start + datetime.timedelta(days=int(after)))
