"""Doing what a comparison found: batches of new entries at once, changed ones one by one.

Each batch is one transaction with the digests of its rows, so that a run which was killed is simply
started again: what is stored is unchanged then.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from assistant.portal_plugin.index.imagined import both, if_published, if_withdrawn
from assistant.portal_plugin.index.services import follow_many, row_of
from assistant.portal_plugin.models import (
    Origin,
    QuestionPage,
    QuestionSource,
    SourceKind,
    Topic,
)
from assistant.portal_plugin.models.tasks import ImportedEntry
from assistant.portal_plugin.services import golden_moves
from assistant.portal_plugin.services.going_public import Went, go_public
from assistant.portal_plugin.services.golden_moves import Preview
from assistant.portal_plugin.texts import plain_text
from portal.plugin_api import PublishRefused, publish_new_pages, release_ground, take_turn
from portal.text import pinyin

from .comparing import Comparison, Options, Status, Step, changes, lines_without_id
from .places import PlaceRefused
from .rows import Problem, Row, title_of

BATCH = 200
_CHANGING = (Status.CREATED, Status.UPDATED, Status.WITHDRAWN)
# Changed entries take longer: others want to write in between.
_BATCH_OF_CHANGES = 20

type Progress = Callable[[int, int], Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``steps`` in the order of the file, withdrawals behind. ``notes`` concern the whole file.

    ``preview``: which golden questions it would move; None where that was not worked out.
    """

    steps: list[Step]
    notes: list[str]
    preview: Preview | None = None

    def count(self, status: Status) -> int:
        return sum(step.status is status for step in self.steps)


def check(rows: Sequence[Row], options: Options, *, most_to_move: int | None = None) -> Outcome:
    """What would happen; no entry is written.

    Args:
        most_to_move: what golden questions would move is worked out for so many changed entries;
            None: for any number, which takes a minute for some hundred new texts.
    """
    comparison = Comparison(options)
    steps = comparison.steps(rows)
    notes = _notes(rows, options, comparison)
    every = [*steps, *_withdrawals(rows, steps, options, comparison)]
    changing = [step for step in every if step.status in _CHANGING]
    if most_to_move is not None and len(changing) > most_to_move:
        notes.append(
            _("So many entries change that the golden questions are not asked here: the command "
              "“portal import_qa --dry-run” does it.")
        )  # fmt: skip
        return Outcome(every, notes)
    return Outcome(every, notes, _preview(changing, options, comparison))


def _preview(steps: Sequence[Step], options: Options, comparison: Comparison) -> Preview:
    """Which golden questions would move by these."""
    gone = [step.page_pk for step in steps if step.status is Status.WITHDRAWN and step.page_pk]
    written = [step for step in steps if step.status is not Status.WITHDRAWN]
    storing = _Storing(options, comparison, None)
    pages = list(storing.as_they_would_be(written))
    return golden_moves.on_change(lambda: both(if_withdrawn(gone), if_published(pages)))


def store(
    rows: Sequence[Row],
    options: Options,
    *,
    user: Any = None,
    progress: Progress = lambda done, wanted: None,
) -> Outcome:
    """Bring the entries in and publish them.

    Args:
        user: named in history and publications; whether the account may is the caller's question.
        progress: called with the number of rows that are done, and of all.
    """
    comparison = Comparison(options)
    steps = comparison.steps(rows)
    notes = _notes(rows, options, comparison)
    storing = _Storing(options, comparison, user)
    storing.make_topics()
    withdrawn = _withdrawals(rows, steps, options, comparison)
    todo = [step for step in steps if step.status in (Status.CREATED, Status.UPDATED)]
    adopted = [step for step in steps if step.status is Status.UNCHANGED]
    wanted = len(steps) + len(withdrawn)
    done = wanted - len(todo) - len(withdrawn)
    progress(done, wanted)
    _remember(adopted)
    results: dict[int, Step] = {}
    new = [step for step in todo if step.page_pk is None]
    changed = [step for step in todo if step.page_pk is not None]
    for site in dict.fromkeys(step.site for step in new):
        for batch in batched((step for step in new if step.site == site), BATCH):
            for step in storing.create(batch):
                results[step.line] = step
            done += len(batch)
            progress(done, wanted)
    for batch in batched(changed, _BATCH_OF_CHANGES):
        for step in storing.update(batch):
            results[step.line] = step
        done += len(batch)
        progress(done, wanted)
    for batch in batched(withdrawn, _BATCH_OF_CHANGES):
        storing.withdraw(batch)
        done += len(batch)
        progress(done, wanted)
    return Outcome([*(results.get(step.line, step) for step in steps), *withdrawn], notes)


def _withdrawals(
    rows: Sequence[Row], steps: Sequence[Step], options: Options, comparison: Comparison
) -> list[Step]:
    if options.replace and lines_without_id(rows):
        return []
    return comparison.withdrawals(rows, steps)


def _notes(rows: Sequence[Row], options: Options, comparison: Comparison) -> list[str]:
    notes = []
    if options.replace and lines_without_id(rows):
        notes.append(
            _("Nothing is withdrawn: there are rows whose id cannot be read, so nobody can say "
              "what is missing from the file.")
        )  # fmt: skip
    if comparison.new_topics:
        notes.append(_("New topics: %(names)s.") % {"names": ", ".join(comparison.new_topics)})
    if options.places.column(options.site) is None:
        notes.append(_("A column for questions is made at %(site)s.") % {"site": options.site.code})
    return notes


def _remember(steps: Sequence[Step]) -> None:
    """Which row each entry was made from, in the transaction of its making."""
    for batch in batched(steps, 1000):
        ImportedEntry.objects.bulk_create(
            [
                ImportedEntry(page_id=step.page_pk, digest=step.digest)
                for step in batch
                if step.page_pk is not None
            ],
            update_conflicts=True,
            unique_fields=["page"],
            update_fields=["digest", "imported_at"],
        )


class _Storing:
    def __init__(self, options: Options, comparison: Comparison, user: Any) -> None:
        self.options, self.comparison, self.user = options, comparison, user
        self._topics: dict[int, Topic] = {}
        self._slugs: dict[int, set[str]] = {}

    def as_they_would_be(self, steps: Sequence[Step]) -> Iterator[QuestionPage]:
        """The entries of some steps in memory, as publishing them would leave them."""
        stored = QuestionPage.objects.select_related("topic").in_bulk(
            [step.page_pk for step in steps if step.page_pk is not None]
        )
        for step in steps:
            page = stored.get(step.page_pk or 0)
            if page is None:
                page = QuestionPage(key=step.key, origin=Origin.IMPORT)
                record = self.options.places.site_by_pk(step.site)
                column = self.options.places.column(record) or record.root_page
                page.path = f"{column.path}{'0' * Page.steplen}"
                self._fill(page, dict(step.values))
            else:
                self._fill(page, changes(page, step.values))
            yield page

    @transaction.atomic
    def make_topics(self) -> None:
        for name in self.comparison.new_topics:
            if self.comparison.names.topic(name) is None:
                self.comparison.names.make_topic(name)

    # --- new ones --------------------------------------------------------------------------------
    def create(self, steps: Sequence[Step]) -> list[Step]:
        """New entries of one site. Those that somebody else made meanwhile are updated."""
        try:
            with transaction.atomic():
                take_turn()
                column = self._column(steps[0].site)
                there = self._made_meanwhile(steps, column)
                mine = [step for step in steps if step.key not in there]
                done = self._publish(mine, column)
        except PlaceRefused as problem:
            return [step.refused(str(problem)) for step in steps]
        late = [replace(step, page_pk=there[step.key]) for step in steps if step.key in there]
        return [*done, *(self.update(late) if late else [])]

    def _column(self, site_pk: int) -> Page:
        record = self.options.places.site_by_pk(site_pk)
        name = self.user.get_full_name() if self.user is not None else ""
        return self.options.places.make_column(record, responsible=name)

    def _made_meanwhile(self, steps: Sequence[Step], column: Page) -> dict[str, int]:
        site_path = self.options.places.site_by_pk(steps[0].site).root_page.path
        rows = QuestionPage.objects.filter(
            key__in=[step.key for step in steps],
            path__startswith=site_path,
            alias_of__isnull=True,
        )
        return {
            key: pk
            for pk, key in rows.values_list("pk", "key")
            if self.comparison.find(steps[0].site, key) is None
        }

    def _publish(self, steps: Sequence[Step], column: Page) -> list[Step]:
        pages = [self._new_page(step, column) for step in steps]
        if release_ground() is None:
            return self._hand_in(steps, pages, column)
        refused = publish_new_pages(column, pages, user=self.user)
        done: list[Step] = []
        written: list[QuestionPage] = []
        for place, (step, page) in enumerate(zip(steps, pages, strict=True)):
            if place in refused:
                problems = [Problem("", str(problem.message)) for problem in refused[place]]
                done.append(replace(step, status=Status.REFUSED, problems=problems))
                continue
            written.append(page)
            done.append(replace(step, page_pk=page.pk))
        follow_many(rows=map(row_of, written))
        _remember([step for step in done if step.status is Status.CREATED])
        return done

    def _hand_in(
        self, steps: Sequence[Step], pages: Sequence[QuestionPage], column: Page
    ) -> list[Step]:
        """What people bring in becomes drafts in review, each by itself."""
        done: list[Step] = []
        for step, page in zip(steps, pages, strict=True):
            page.live, page.owner = False, self.user
            with transaction.atomic():
                point = transaction.savepoint()
                Page.objects.get(pk=column.pk).specific.add_child(instance=page)
                page.save_revision(user=self.user, log_action="wagtail.create")
                went, why = go_public(page=page, user=self.user)
                if went is Went.NOWHERE:
                    transaction.savepoint_rollback(point)
            if went is Went.NOWHERE:
                done.append(step.refused(why))
            else:
                done.append(replace(step, page_pk=page.pk))
        _remember([step for step in done if step.status is Status.CREATED])
        return done

    def _new_page(self, step: Step, column: Page) -> QuestionPage:
        values = dict(step.values)
        page = QuestionPage(key=step.key, origin=Origin.IMPORT, slug=self._slug(step.key, column))
        self._fill(page, values)
        return page

    def _fill(self, page: QuestionPage, values: dict[str, Any]) -> None:
        url = values.pop("source_url", None)
        title = values.pop("title", "")
        topic = values.pop("topic_id", page.topic_id)
        page.topic = self._topic(topic)
        for name, value in values.items():
            setattr(page, name, value)
        if url is not None:
            self._set_address(page, url)
        if page.question or title or "answer" in values:
            page.title = title_of(page.question, title or page.title, plain_text(page.answer))

    def _topic(self, wanted: Any) -> Topic | None:
        """By primary key, or by name where it has just been made."""
        if not wanted:
            return None
        if isinstance(wanted, str):
            return self.comparison.names.topic(wanted)
        if wanted not in self._topics:
            self._topics[wanted] = Topic.objects.get(pk=wanted)
        return self._topics[wanted]

    @staticmethod
    def _set_address(page: QuestionPage, url: str) -> None:
        """The first source that is an address becomes this one; without one it goes."""
        rows = list(page.sources.all())
        first = next((row for row in rows if row.kind == SourceKind.ADDRESS), None)
        if url and first is not None:
            first.url = url
        elif url:
            rows.append(QuestionSource(kind=SourceKind.ADDRESS, url=url))
        elif first is not None:
            rows.remove(first)
        page.sources.set(rows)

    def _slug(self, key: str, column: Page) -> str:
        """A free address in the column, made from the id."""
        if column.pk not in self._slugs:
            found = Page.objects.child_of(column).values_list("slug", flat=True)
            self._slugs[column.pk] = set(found)
        taken = self._slugs[column.pk]
        base = pinyin.slug(key, max_length=80) or "wenti"
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        return slug

    # --- changed ones ----------------------------------------------------------------------------
    def update(self, steps: Sequence[Step]) -> list[Step]:
        done = []
        for step in steps:
            try:
                with transaction.atomic():
                    done.append(self._update(step))
            except PublishRefused as refused:
                problems = [Problem("", str(problem.message)) for problem in refused.problems]
                done.append(replace(step, status=Status.REFUSED, problems=problems))
            except ValidationError as error:
                done.append(step.refused(" ".join(error.messages)))
        return done

    def _update(self, step: Step) -> Step:
        take_turn()
        page = QuestionPage.objects.filter(pk=step.page_pk).first()
        if page is None:
            return step.refused(_("The entry was deleted meanwhile."))
        if page.locked:
            return step.refused(_("The entry is locked in the editor."))
        values = dict(step.values)
        if isinstance(values.get("topic_id"), str):
            topic = self._topic(values["topic_id"])
            values["topic_id"] = topic.pk if topic else None
        found = changes(page, values)
        if page.live and not found:
            status = Status.UNCHANGED
        else:
            self._fill(page, found)
            page.save_revision(user=self.user, log_action=True)
            went, why = go_public(page=page, user=self.user)
            if went is Went.NOWHERE:
                raise ValidationError(why)
            status = Status.UPDATED
        _remember([step])
        return replace(step, status=status)

    def withdraw(self, steps: Sequence[Step]) -> None:
        with transaction.atomic():
            take_turn()
            for page in QuestionPage.objects.filter(pk__in=[s.page_pk for s in steps], live=True):
                UnpublishPageAction(page, user=self.user).execute(skip_permission_checks=True)
