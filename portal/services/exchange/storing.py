"""Checking and storing the rows of a file. The same way for both: a dry run rolls back.

Each row is a transaction of its own, and a row that says what is there already is left alone: an
interrupted run is simply started again. New guides and changes are drafts, which go through their
reviews; only an operator's command publishes.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import PublishRefused, free_slug, site_of_path
from portal.services.models import GuidePage

from .building import Problem, fill
from .columns import COLUMNS
from .known import Known
from .reading import RawGuide
from .values import storable, text_of
from .writing import values_of


class Status(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes, or would become, of a row."""

    line: int
    name: str
    status: Status
    problems: Sequence[Problem] = ()
    page: int | None = None


@dataclass
class Outcome:
    steps: list[Step] = field(default_factory=list)
    ignored: Sequence[str] = ()

    def count(self, status: Status) -> int:
        return sum(step.status is status for step in self.steps)


class _Undone(Exception):
    """Ends the transaction of a dry run."""


class Importer:
    """One run into a column. ``user`` None: an operator's command, which may change everything."""

    def __init__(self, column: Page, *, user: Any = None, publish: bool = False) -> None:
        self.column = column
        self.user = user
        self.publish = publish
        self.site = site_of_path(column.path)
        self.known = Known()
        self._codes: Counter[str] = Counter()

    def run(
        self,
        rows: Sequence[RawGuide],
        *,
        dry_run: bool,
        progress: Callable[[int, int], None] | None = None,
    ) -> Outcome:
        """Check, or store, every row; one that is refused does not stop the others."""
        outcome = Outcome(ignored=sorted({str(n) for r in rows for n in r.values} - set(COLUMNS)))
        for number, row in enumerate(rows, start=1):
            outcome.steps.append(self._one(row, dry_run=dry_run))
            if progress is not None:
                progress(number, len(rows))
        return outcome

    def _one(self, row: RawGuide, *, dry_run: bool) -> Step:
        name = storable(str(row.values.get("title") or ""))[:120]
        step: Step | None = None
        try:
            with transaction.atomic():
                step = self._stored(row, name, keep=not dry_run)
                if dry_run:
                    raise _Undone
        except _Undone:
            pass
        except PublishRefused as refused:
            step = Step(row.line, name, Status.REFUSED, [Problem("", " ".join(refused.messages))])
        except ValidationError as error:
            step = Step(row.line, name, Status.REFUSED, _problems(error))
        assert step is not None
        return step

    def _stored(self, row: RawGuide, name: str, *, keep: bool) -> Step:
        existing = self._existing(row.values)
        page = existing.get_latest_revision_as_object() if existing else self._new(row.values)
        before = values_of(page) if existing else {}
        problems = [
            *fill(page, row.values, self.known),
            *self._code_problems(page),
            *self._key_problems(row.values, existing),
        ]
        problems += self._page_problems(page, is_new=existing is None)
        if problems:
            return Step(row.line, name, Status.REFUSED, problems, existing.pk if existing else None)
        if existing is not None and values_of(page) == before and not self._to_publish(existing):
            return Step(row.line, name, Status.UNCHANGED, (), existing.pk)
        if keep:
            self._keep(page, existing)
        status = Status.UPDATED if existing else Status.CREATED
        return Step(row.line, name, status, (), page.pk)

    def _new(self, values: Mapping[str, Any]) -> GuidePage:
        """With the key of the file, by which the guide is known again in another portal, too."""
        page = GuidePage()
        if key := _word(values, "key"):
            page.translation_key = uuid.UUID(key)
        return page

    def _to_publish(self, page: GuidePage) -> bool:
        return self.publish and (not page.live or page.has_unpublished_changes)

    # --- which guide -----------------------------------------------------------------------------
    def _existing(self, values: Mapping[str, Any]) -> GuidePage | None:
        """The guide of this site that a row means: by key, code, or by its title in the column.

        Raises:
            ValidationError: it may not be changed, by this account or just now.
        """
        found = self._by_key(_word(values, "key")) or self._by_code(values)
        if found is None and not _word(values, "implementation_code"):
            title = _word(values, "title")
            found = GuidePage.objects.child_of(self.column).filter(draft_title=title).first()
        if found is None:
            return None
        if site_of_path(found.path) != self.site:
            raise ValidationError(_("Another site has this guide: %(title)s") % {"title": found})
        if found.current_workflow_state is not None and not self.publish:
            raise ValidationError(_("This guide is in review. Bring it again afterwards."))
        if self.user is not None:
            rights = found.permissions_for_user(self.user)
            if not rights.can_edit() or rights.page_locked():
                raise ValidationError(_("You may not change this guide now."))
        return found

    def _by_key(self, key: str) -> GuidePage | None:
        if not key:
            return None
        try:
            wanted = uuid.UUID(key)
        except ValueError as error:
            message = _("“%(text)s” is no key of a guide.") % {"text": key[:60]}
            raise ValidationError({"key": message}) from error
        return self._originals().filter(translation_key=wanted).first()

    def _by_code(self, values: Mapping[str, Any]) -> GuidePage | None:
        code = _word(values, "implementation_code")
        return self._originals().filter(implementation_code=code).first() if code else None

    def _originals(self) -> Any:
        return GuidePage.objects.filter(alias_of=None, locale=self.column.locale_id)

    # --- what is wrong ---------------------------------------------------------------------------
    def _code_problems(self, page: GuidePage) -> list[Problem]:
        code = page.implementation_code
        if not code:
            self._codes[f"title {page.title}"] += 1
            if self._codes[f"title {page.title}"] > 1:
                message = _("The file has this name more than once, without codes that differ.")
                return [Problem("title", message)]
            return []
        self._codes[code] += 1
        if self._codes[code] > 1:
            return [Problem("implementation_code", _("The file has this code more than once."))]
        others = self._originals().filter(implementation_code=code).exclude(pk=page.pk)
        if others.exists():
            return [Problem("implementation_code", _("Another guide has this code."))]
        return []

    def _key_problems(self, values: Mapping[str, Any], existing: GuidePage | None) -> list[Problem]:
        key = _word(values, "key")
        if not key:
            return []
        self._codes[f"key {uuid.UUID(key)}"] += 1
        if self._codes[f"key {uuid.UUID(key)}"] > 1:
            return [Problem("key", _("The file has this key more than once."))]
        same = Page.objects.filter(translation_key=key, locale=self.column.locale_id)
        if existing is None and same.exists():
            return [Problem("key", _("Another page has this key: leave the cell empty."))]
        return []

    def _page_problems(self, page: GuidePage, *, is_new: bool) -> list[Problem]:
        if not page.title:
            return [Problem("title", _("A guide needs a name."))]
        page.draft_title = page.title
        if is_new:
            page.live = False
            page.locale_id = self.column.locale_id
            page.slug = free_slug(page.slug or page.title, self.column)
        try:
            page.full_clean(
                exclude=["path", "depth", "url_path", "content_type", "locale", "page_ptr"],
                validate_unique=False,
                validate_constraints=False,
            )
        except ValidationError as error:
            return _problems(error)
        return []

    # --- keeping ---------------------------------------------------------------------------------
    def _keep(self, page: GuidePage, existing: GuidePage | None) -> None:
        if existing is None:
            self.column.refresh_from_db(fields=["numchild", "path"])
            page.owner = self.user
            self.column.add_child(instance=page)
        revision = page.save_revision(
            user=self.user, log_action="wagtail.create" if existing is None else "wagtail.edit"
        )
        if self.publish:
            revision.publish(user=self.user)


def _word(values: Mapping[str, Any], column: str) -> str:
    """What tells which guide a row means.

    Raises:
        ValidationError: it is no text; the column is named.
    """
    try:
        return text_of(values.get(column))
    except ValidationError as error:
        raise ValidationError({column: error.messages}) from error


def _problems(error: ValidationError) -> list[Problem]:
    if hasattr(error, "error_dict"):
        return [
            Problem("" if name == "__all__" else name, " ".join(messages))
            for name, messages in error.message_dict.items()
        ]
    return [Problem("", " ".join(error.messages))]


def report(outcome: Outcome, *, file: str, dry_run: bool) -> dict[str, Any]:
    """The outcome as JSON; also what a screen shows."""
    return {
        "file": file,
        "dry_run": dry_run,
        "counts": {status.value: outcome.count(status) for status in Status},
        "ignored_columns": list(outcome.ignored),
        "rows": [
            {
                "line": step.line,
                "title": step.name,
                "status": step.status.value,
                "page": step.page,
                "problems": [{"column": p.column, "message": p.message} for p in step.problems],
            }
            for step in outcome.steps
        ],
    }
