"""What the screens show of sets: how far they are, what hinders them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.models import Page

from portal.plugin_api import MemberStage, MemberStanding

from .members import Member, deleted, members_of
from .models import Bundle, BundleItem


class Stage(StrEnum):
    """How a set stands, for people: open ones are told apart by the reviews of their items."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    READY = "ready"
    SCHEDULED = "scheduled"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    DISSOLVED = "dissolved"

    @property
    def label(self) -> Any:
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    Stage.DRAFT: gettext_lazy("in preparation"),
    Stage.IN_REVIEW: gettext_lazy("in review"),
    Stage.READY: gettext_lazy("ready"),
    Stage.SCHEDULED: pgettext_lazy("set", "scheduled"),
    Stage.RELEASED: pgettext_lazy("set", "released"),
    Stage.WITHDRAWN: pgettext_lazy("set", "withdrawn"),
    Stage.DISSOLVED: gettext_lazy("dissolved"),
}
_MEMBER_LABELS = {
    MemberStage.DRAFT: gettext_lazy("draft"),
    MemberStage.IN_REVIEW: gettext_lazy("in review"),
    MemberStage.READY: gettext_lazy("signed, waits"),
    MemberStage.PUBLIC: gettext_lazy("public"),
}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of a set as it stands now."""

    item: BundleItem
    page: Page | None
    standing: MemberStanding
    member: Member | None

    @property
    def is_ready(self) -> bool:
        return self.standing.stage in (MemberStage.READY, MemberStage.PUBLIC) and not (
            self.standing.problem
        )

    @property
    def label(self) -> str:
        return str(_MEMBER_LABELS[self.standing.stage])

    @property
    def title(self) -> str:
        """As it reads now; once the set is over, as it read then."""
        now = self.page.draft_title if self.page is not None and self.item.open else ""
        return now or self.item.title

    @property
    def kind(self) -> str:
        return str(self.page.page_type_display_name) if self.page is not None else ""

    @property
    def is_draft(self) -> bool:
        return self.page is not None and self.standing.stage == MemberStage.DRAFT


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A set with its items. ``stage`` is what people read."""

    bundle: Bundle
    rows: list[ItemRow] = field(default_factory=list)

    @property
    def ready(self) -> int:
        return sum(row.is_ready for row in self.rows)

    @property
    def stage(self) -> Stage:
        if self.bundle.state != Bundle.State.PREPARING:
            return Stage(self.bundle.state)
        if self.rows and self.ready == len(self.rows):
            return Stage.READY
        if any(row.standing.stage != MemberStage.DRAFT for row in self.rows):
            return Stage.IN_REVIEW
        return Stage.DRAFT

    @property
    def pages(self) -> list[Page]:
        return [row.page for row in self.rows if row.page is not None]

    @property
    def writers(self) -> frozenset[int]:
        return frozenset().union(*(row.standing.writers for row in self.rows))

    @property
    def count_text(self) -> str:
        if not self.bundle.is_open:
            return ngettext("%(count)s page", "%(count)s pages", len(self.rows)) % {
                "count": len(self.rows)
            }
        return _("%(ready)s of %(count)s ready") % {"ready": self.ready, "count": len(self.rows)}


def rows_of(bundles: Iterable[Bundle]) -> list[BundleRow]:
    """Sets with their items; of open ones how each stands. The same few queries for many."""
    bundles = list(bundles)
    items = list(
        BundleItem.objects.filter(bundle__in=bundles).select_related(
            "page__locale", "page__content_type", "page__latest_revision"
        )
    )
    open_ones = {bundle.pk for bundle in bundles if bundle.is_open}
    members = members_of(
        item.page for item in items if item.page is not None and item.bundle_id in open_ones
    )
    found = {bundle.pk: BundleRow(bundle) for bundle in bundles}
    for item in items:
        is_open = item.bundle_id in open_ones
        found[item.bundle_id].rows.append(_row(item, members, is_open=is_open))
    return list(found.values())


def _row(item: BundleItem, members: dict[int, Member], *, is_open: bool) -> ItemRow:
    member = members.get(item.page_id) if item.page_id is not None else None
    if member is not None:
        return ItemRow(item, item.page, member.standing, member)
    if is_open:
        return ItemRow(item, None, deleted(), None)
    live = item.page is not None and item.page.live
    return ItemRow(
        item,
        item.page,
        MemberStanding(MemberStage.PUBLIC if live else MemberStage.DRAFT),
        None,
    )


def row_of(bundle: Bundle) -> BundleRow:
    return rows_of([bundle])[0]


def hindrances(row: BundleRow) -> list[str]:
    """What stands against releasing a set now, in plain words; empty: nothing of itself."""
    if not row.rows:
        return [_("The set is empty.")]
    found = []
    embargo = row.bundle.embargo_until
    if embargo is not None and embargo > timezone.now():
        found.append(
            _("The set is not to go public before %(at)s.")
            % {"at": f"{timezone.localtime(embargo):%Y-%m-%d %H:%M}"}
        )
    return found + item_hindrances(row)


def item_hindrances(row: BundleRow) -> list[str]:
    return [
        f"{each.item.title}：{each.standing.problem}" for each in row.rows if each.standing.problem
    ]


def open_item_of(page_pk: int) -> BundleItem | None:
    """The place of a page in an open set."""
    return (
        BundleItem.objects.filter(page=page_pk, open=True, bundle__state__in=Bundle.OPEN)
        .select_related("bundle")
        .first()
    )
