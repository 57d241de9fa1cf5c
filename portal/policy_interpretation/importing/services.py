"""Storing what was read: drafts, their relations, and what a person has to look at."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.models import Page

from portal.plugin_api import take_turn
from portal.policy_interpretation.clauses import parents_of
from portal.policy_interpretation.models import (
    ImportBatch,
    ImportItem,
    IssuingBody,
    PolicyFile,
    PolicyPage,
    PolicyRecord,
    PolicyRelation,
)
from portal.policy_interpretation.numbers import number_key
from portal.text.official.files import Taken
from portal.text.official.model import Clause, Finding, Parsed

from .bodies import known_units
from .mapping import Draft, clauses_of, to_draft
from .reports import entry
from .sentences import INFORMATIVE, refused, told

# The kinds of files that visitors want as they were issued.
_ORIGINALS = frozenset({"docx", "pdf", "ofd", "doc", "wps"})
_STATUS = ImportItem.Status


@dataclass(slots=True)
class Importer:
    """One run into one column. Keeps the registry's names at hand for all its files.

    ``publish``: release what the gate lets through; the rest stays a draft, and says why.
    """

    batch: ImportBatch
    column: Page
    user: Any = None
    publish: bool = False
    _units: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._units = known_units()

    # --- files -----------------------------------------------------------------------------------
    def earlier(self, digest: str) -> list[ImportItem]:
        """What the same bytes became in this site before, if it is still there."""
        if not digest:
            return []
        return list(
            ImportItem.objects.filter(
                digest=digest, batch__site_id=self.batch.site_id, page__isnull=False
            )
            .exclude(status=_STATUS.REFUSED)
            .order_by("-batch_id", "part")
        )

    @transaction.atomic
    def store(
        self, taken: Taken, *, name: str, item: ImportItem | None = None, data: bytes | None = None
    ) -> list[ImportItem]:
        """Everything of one file in one transaction: all its documents, or a refusal.

        ``item``: where the file waits already. ``data``: the file itself, to be kept beside the
        document; read from disk where missing.
        """
        if taken.parsed is None or taken.source is None:
            assert taken.refusal is not None
            sentence, code = refused(taken.refusal), taken.refusal.reason
            return [self.refuse(name, sentence, code, digest=taken.digest, item=item)]
        take_turn()
        try:
            with transaction.atomic():
                return self._documents(taken, name, item, data)
        except ValidationError as error:
            sentence = " ".join(error.messages)
            return [self.refuse(name, sentence, "invalid", digest=taken.digest, item=item)]

    def _documents(
        self, taken: Taken, name: str, item: ImportItem | None, data: bytes | None
    ) -> list[ImportItem]:
        assert taken.parsed is not None
        assert taken.source is not None
        source = [line.text for line in taken.source.lines]
        documents = [taken.parsed, *taken.parsed.embedded]
        # What is forwarded comes first, so that the forwarding document can point to it.
        items = [
            self._document(taken, name, part, documents[part], source, data, None if part else item)
            for part in reversed(range(len(documents)))
        ]
        return items[::-1]

    def refuse(
        self, name: str, sentence: str, code: str, *, digest: str, item: ImportItem | None = None
    ) -> ImportItem:
        """Note why nothing came of a file."""
        item = item or ImportItem(batch=self.batch)
        item.name, item.digest, item.status = _name(name), digest, _STATUS.REFUSED
        item.findings = [{"code": code, "sentence": sentence}]
        item.report = entry(name, "refused", warnings=[sentence])
        item.save()
        return item

    # --- one document ----------------------------------------------------------------------------
    def _document(
        self,
        taken: Taken,
        name: str,
        part: int,
        parsed: Parsed,
        source: list[str],
        data: bytes | None,
        item: ImportItem | None,
    ) -> ImportItem:
        assert taken.source is not None
        existing = self._existing(parsed, part)
        page = existing.get_latest_revision_as_object() if existing else PolicyPage()
        known = clauses_of(page.body.raw_data) if existing else []
        before = existing.latest_revision_id if existing else None
        draft = to_draft(parsed, fallback_title=Path(name).stem, known=known)
        findings = [*(taken.source.findings if part == 0 else ()), *parsed.findings]
        notes = [(finding, told(finding)) for finding in findings]
        kept = self._fill(page, draft, existing)
        if kept:
            finding = Finding("kept_by_hand", ", ".join(kept))
            notes.append((Finding("kept_by_hand"), told(finding, fields=", ".join(kept))))
        if _tree_differs(parsed.clauses):
            notes.append((Finding("tree_differs"), told(Finding("tree_differs"))))
        if parsed.published_on and not page.date:
            page.date = _morning(parsed.published_on)
        self._keep_original(page, taken, name, data, part)
        if existing is None:
            page.owner = self.user
            page.live, page.has_unpublished_changes = False, True
            page.locale_id = self.column.locale_id
            # Another document of the run may have been added since the column was read.
            self.column.refresh_from_db(fields=["numchild", "path"])
            self.column.add_child(instance=page)
        revision = page.save_revision(
            user=self.user, log_action="wagtail.create" if existing is None else "wagtail.edit"
        )
        if self.publish:
            problem = self._release(page, revision)
            if problem:
                notes.append(
                    (Finding("not_published"), told(Finding("not_published"), reason=problem))
                )
        serious = [finding for finding, _sentence in notes if finding.code not in INFORMATIVE]
        status = _STATUS.FLAGGED if serious else _STATUS.IMPORTED
        stored = existing or page
        removed = [*(taken.source.removed if part == 0 else ()), *parsed.removed]
        item = item or ImportItem(batch=self.batch)
        item.name, item.part, item.digest = _name(name), part, taken.digest
        item.status, item.page, item.was_update = status, stored, existing is not None
        item.source = source if part == 0 else []
        item.removed = [asdict(piece) for piece in removed]
        item.findings = [
            {
                "code": finding.code,
                "sentence": sentence,
                "excerpt": finding.excerpt,
                "clause": finding.clause,
                "line": finding.line,
            }
            for finding, sentence in notes
        ]
        item.taken_over = {
            "fields": draft.fields,
            "bodies": draft.bodies,
            "relations": draft.relations,
            "clause_ids": draft.clause_ids,
            "revision_before": before,
        }
        item.report = entry(
            name,
            status.value,
            parsed=parsed,
            ids=draft.clause_ids,
            warnings=[sentence for _finding, sentence in notes],
            removed=[piece.text for piece in removed],
            theme=str(page.theme) if page.theme_id else "",
        )
        item.save()
        return item

    def _existing(self, parsed: Parsed, part: int) -> PolicyPage | None:
        """The document that the file holds again, for who may change it.

        Raises:
            ValidationError: it may not be changed, by this account or just now.
        """
        found = self.batch.target if self.batch.target_id and part == 0 else self._known(parsed)
        if found is None or self.user is None:
            return found
        rights = found.permissions_for_user(self.user)
        if not rights.can_edit() or rights.page_locked():
            raise ValidationError(
                _("The library has this document already, and you may not change it: %(title)s")
                % {"title": found.title}
            )
        return found

    def _known(self, parsed: Parsed) -> PolicyPage | None:
        """The document of this site with the same number, else with the same title and day."""
        records = PolicyRecord.objects.filter(site_id=self.batch.site_id)
        key = number_key(parsed.document_number)
        if key:
            found = records.filter(number_key=key)
        elif parsed.title and parsed.issued_on:
            found = records.filter(title=parsed.title, issued_on=parsed.issued_on, number_key="")
        else:
            return None
        record = found.select_related("page").order_by("pk").first()
        return record.page if record else None

    def _fill(self, page: PolicyPage, draft: Draft, existing: PolicyPage | None) -> list[str]:
        """Write the draft into the page; the names of the fields that were kept as typed."""
        before = self._taken_over(existing) if existing else {}
        kept: list[str] = []
        for name, value in draft.fields.items():
            current = getattr(page, name)
            if existing and current and not _same(current, before.get(name)):
                if not _same(current, value):
                    kept.append(str(page._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
                continue
            setattr(page, name, value)
        page.body = page.body.stream_block.to_python(draft.blocks)
        if not existing or not page.issuing_bodies.all():
            page.issuing_bodies = [
                IssuingBody(
                    sort_order=order,
                    organisation_id=self._units.get(name),
                    name="" if name in self._units else name,
                )
                for order, name in enumerate(draft.bodies)
            ]
        page.relations = [*page.relations.all(), *self._relations(page, draft)]
        return kept

    def _taken_over(self, page: PolicyPage) -> Mapping[str, Any]:
        item = ImportItem.objects.filter(page=page).order_by("-pk").first()
        found: Mapping[str, Any] = item.taken_over.get("fields", {}) if item else {}
        return found

    def _relations(self, page: PolicyPage, draft: Draft) -> list[PolicyRelation]:
        """The proposed relations that are not there yet, with documents of the library found."""
        have = {
            (relation.kind, number_key(relation.target_number), relation.target_title)
            for relation in page.relations.all()
        }
        found: list[PolicyRelation] = []
        for row in draft.relations:
            key = number_key(row["target_number"])
            if (row["kind"], key, row["target_title"]) in have:
                continue
            have.add((row["kind"], key, row["target_title"]))
            target = self._target(key, row["target_title"])
            if target is not None and target == page.pk:
                continue
            found.append(
                PolicyRelation(
                    kind=row["kind"],
                    target_id=target,
                    target_title=row["target_title"],
                    target_number=row["target_number"],
                    clause=row["clause"],
                )
            )
        return found

    def _target(self, key: str, title: str) -> int | None:
        records = PolicyRecord.objects.order_by("pk")
        found = records.filter(number_key=key) if key else records.filter(title=title)
        pk: int | None = found.values_list("pk", flat=True).first()
        return pk

    def _keep_original(
        self, page: PolicyPage, taken: Taken, name: str, data: bytes | None, part: int
    ) -> None:
        assert taken.source is not None
        if part or taken.source.format not in _ORIGINALS:
            return
        content = data if data is not None else taken.path.read_bytes()
        document = get_document_model()(
            title=Path(name).stem[:255],
            collection=self.batch.site.collection,
            uploaded_by_user=self.user,
        )
        document.file.save(Path(name).name, ContentFile(content), save=False)
        document.save()
        page.files = [
            *(file for file in page.files.all() if file.is_attachment),
            PolicyFile(document=document),
        ]

    def _release(self, page: PolicyPage, revision: Any) -> str:
        """Publish; what the gate has against it, or ""."""
        try:
            with transaction.atomic():
                revision.publish(user=self.user)
        except ValidationError as error:
            return " ".join(error.messages)
        return ""


def finish(*, batch: ImportBatch) -> None:
    batch.state, batch.finished_at = ImportBatch.State.DONE, timezone.now()
    batch.save(update_fields=["state", "finished_at"])


def _name(path: str) -> str:
    """The end of a path that is too long for its column says more than the beginning."""
    return path[-255:]


def _same(one: Any, other: Any) -> bool:
    return str(one or "") == str(other or "")


def _tree_differs(clauses: tuple[Clause, ...]) -> bool:
    """Whether the page's rule (levels in order) gives another tree than the parser found."""
    return parents_of([clause.level for clause in clauses]) != [c.parent for c in clauses]


def _morning(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
