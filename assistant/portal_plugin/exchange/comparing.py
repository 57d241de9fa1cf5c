"""What a row would change: compared with the entry that has its id, nothing is written.

The id of an entry is the one that it was brought in with, else its number; it is looked for within
one site.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from assistant.portal_plugin.models import QuestionPage, SourceKind
from assistant.portal_plugin.models.tasks import ImportedEntry
from assistant.portal_plugin.texts import plain_text
from portal.plugin_api import site_of_path

from .places import Names, PlaceRefused, Places
from .rows import Problem, Row, title_of

_AT_ONCE = 400


class Status(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Step:
    """What is (or was) to be done about one row.

    ``page_pk`` None: there is no entry yet. ``values`` are what the entry is to have.
    """

    line: int
    key: str
    status: Status
    site: int = 0
    page_pk: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()

    def refused(self, message: str, column: str = "") -> "Step":
        return replace(
            self, status=Status.REFUSED, problems=[*self.problems, Problem(column, message)]
        )


@dataclass(frozen=True, slots=True)
class Options:
    """How to bring entries in. ``site`` is where rows go that name none (a site record)."""

    site: Any
    places: Places
    replace: bool = False
    create_topics: bool = False


class Comparison:
    """Compares rows with what is there. ``new_topics`` are names that would be made."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.names = Names()
        self.new_topics: dict[str, None] = {}
        self._keys = self._existing()

    def steps(self, rows: Sequence[Row]) -> list[Step]:
        """One step for each row, in their order."""
        found = list(self._resolved(rows))
        for start in range(0, len(found), _AT_ONCE):
            found[start : start + _AT_ONCE] = self._compared(found[start : start + _AT_ONCE])
        return found

    def withdrawals(self, rows: Sequence[Row], steps: Sequence[Step]) -> list[Step]:
        """What ``replace`` takes back: public, brought in from a file, and not in this one."""
        if not self.options.replace:
            return []
        sites = {step.site for step in steps if step.site} | {self.options.site.pk}
        kept = {(site, row.key) for row in rows for site in sites}
        found = (
            QuestionPage.objects.filter(live=True, imported__isnull=False, alias_of__isnull=True)
            .order_by("path")
            .values_list("pk", "key", "path")
        )
        result: list[Step] = []
        for pk, key, path in found:
            site = site_of_path(path)
            if site in sites and (site, key or str(pk)) not in kept:
                result.append(Step(0, key or str(pk), Status.WITHDRAWN, site or 0, pk))
        return result

    def find(self, site: int, key: str) -> int | None:
        return self._keys.get((site, key))

    # --- parts -----------------------------------------------------------------------------------
    def _existing(self) -> dict[tuple[int, str], int]:
        rows = QuestionPage.objects.filter(alias_of__isnull=True).values_list("pk", "key", "path")
        sites: dict[str, int | None] = {}
        found: dict[tuple[int, str], int] = {}
        numbered: dict[tuple[int, str], int] = {}
        for pk, key, path in rows:
            above = path[: -Page.steplen]
            if above not in sites:
                sites[above] = site_of_path(path)
            site = sites[above]
            if site is not None:
                (found if key else numbered)[site, key or str(pk)] = pk
        return numbered | found

    def _resolved(self, rows: Iterable[Row]) -> Iterable[Step]:
        seen: dict[tuple[int, str], int] = {}
        for row in rows:
            step = Step(row.line, row.key, Status.CREATED, problems=list(row.problems))
            if row.problems:
                yield replace(step, status=Status.REFUSED)
                continue
            try:
                site = self._site_of(row)
            except PlaceRefused as problem:
                yield step.refused(str(problem), "site")
                continue
            step = replace(step, site=site.pk)
            first = seen.setdefault((site.pk, row.key), row.line)
            if first != row.line:
                yield step.refused(
                    _("The id stands in line %(line)d already.") % {"line": first}, "id"
                )
                continue
            values, warnings = self._values(row, site.pk)
            yield replace(
                step,
                page_pk=self._keys.get((site.pk, row.key)),
                values=values,
                warnings=warnings,
                digest=_digest(row),
            )

    def _site_of(self, row: Row) -> Any:
        name = row.value("site")
        return self.options.places.site(name) if name else self.options.site

    def _values(self, row: Row, site: int) -> tuple[dict[str, Any], list[Problem]]:
        """The entry's fields that the row speaks of, and what could not be followed."""
        values: dict[str, Any] = {}
        warnings: list[Problem] = []
        for column, value in row.given.items():
            match column:
                case "owner":
                    unit = self.names.unit(value, site) if value else None
                    if value and unit is None:
                        message = _("No unit is called “%(name)s”; the owner stays as it is.")
                        warnings.append(Problem("owner", message % {"name": value}))
                    else:
                        values["owner_unit_id"] = unit
                case "topic":
                    topic = self.names.topic(value) if value else None
                    if value and topic is None and self.options.create_topics:
                        self.new_topics.setdefault(value)
                        values["topic_id"] = value  # the name, until the topic is made
                    elif value and topic is None:
                        message = _("There is no topic “%(name)s”; the topic stays as it is.")
                        warnings.append(Problem("topic", message % {"name": value}))
                    else:
                        values["topic_id"] = topic.pk if topic else None
                case "variants":
                    values["phrasings"] = list(value)
                case "question" | "answer" | "language" | "valid_from" | "valid_until":
                    values[column] = value
                case "source_url" | "title":
                    values[column] = value
        return values, warnings

    def _compared(self, steps: Sequence[Step]) -> list[Step]:
        pks = [step.page_pk for step in steps if step.page_pk is not None]
        if not pks:
            return list(steps)
        found = QuestionPage.objects.filter(pk__in=pks).prefetch_related("sources")
        pages = {page.pk: page for page in found}
        stored = dict(ImportedEntry.objects.filter(pk__in=pks).values_list("page_id", "digest"))
        return [self._compared_one(step, pages, stored) for step in steps]

    def _compared_one(
        self, step: Step, pages: Mapping[int, QuestionPage], digests: Mapping[int, str]
    ) -> Step:
        if step.status is Status.REFUSED or step.page_pk is None:
            return step
        page = pages.get(step.page_pk)
        if page is None:  # deleted a moment ago
            return replace(step, page_pk=None)
        if page.locked:
            return step.refused(_("The entry is locked in the editor."))
        same_row = digests.get(page.pk) == step.digest
        if page.live and (same_row or not changes(page, step.values)):
            return replace(step, status=Status.UNCHANGED)
        warnings = list(step.warnings)
        if page.has_unpublished_changes and page.live:
            warnings.append(Problem("", _("A draft of this entry gives way to the file.")))
        return replace(step, status=Status.UPDATED, warnings=warnings)


def changes(page: QuestionPage, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that an entry does not have yet."""
    found = {
        name: value
        for name, value in values.items()
        if name not in ("source_url", "title") and getattr(page, name) != value
    }
    if "source_url" in values and address_of(page) != values["source_url"]:
        found["source_url"] = values["source_url"]
    question = values.get("question", page.question)
    wanted = title_of(question, values.get("title", ""), plain_text(values.get("answer", "")))
    if not question and values.get("title") and page.title != wanted:
        found["title"] = values["title"]
    return found


def address_of(page: QuestionPage) -> str:
    """The first source of an entry that is an address of its own."""
    rows = page.sources.all()
    return next((row.url for row in rows if row.kind == SourceKind.ADDRESS and row.url), "")


def _digest(row: Row) -> str:
    text = json.dumps([row.key, dict(row.given)], sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def lines_without_id(rows: Collection[Row]) -> bool:
    """Whether a row's id cannot be known: then nobody can say what is missing from the file."""
    return any(not row.key for row in rows)
