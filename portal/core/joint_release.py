"""Going public together: what can take part in it, and previews of a whole set.

Both are extension points, with pages in ``docs/plugins/``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from django.db.models import Model
from wagtail.models import Page

from portal.plugins.events import Event
from portal.plugins.sites import SiteLike
from portal.plugins.slots import Registry


@Event.define
def release_held(*, page: Page, site: SiteLike) -> None:
    """A page waits from now on to go public together with others.

    Its version is settled once it is handed in: see ``review_moved``. Sent after the commit.

    Args:
        page: the page, public or not.
        site: the site that it belongs to.
    """


class MemberStage(StrEnum):
    """How far something is that is to go public with others."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    READY = "ready"  # all its own reviews are signed
    PUBLIC = "public"  # nothing of it waits


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """How one member of a joint release stands.

    ``step`` names the step that waits, ``waits_for`` who has to act, ``url`` where; ``problem``
    says in a sentence what hinders the release now ("" for nothing), ``note`` what is worth
    knowing.
    ``writers`` are the accounts that wrote or handed in the version: they do not release it.
    ``revision`` is the version that would go public; None: the newest.
    """

    stage: MemberStage
    step: str = ""
    waits_for: str = ""
    url: str = ""
    problem: str = ""
    note: str = ""
    writers: frozenset[int] = frozenset()
    revision: int | None = None


@runtime_checkable
class BundleMembers(Protocol):
    """Things of one kind that can go public together with others, each after its own reviews."""

    def standings(self, *, pages: Sequence[Page]) -> Mapping[int, MemberStanding]:
        """By primary key; pages that others are in charge of are left out. A few queries."""
        ...

    def hand_in(self, *, page: Page, user: Any) -> None:
        """Hand one in for its own reviews.

        Raises:
            ValidationError, PermissionDenied: it was not handed in.
        """
        ...

    def release(self, *, page: Page, user: Any) -> None:
        """Make public what was signed, in the caller's transaction.

        Raises:
            ValidationError: it is not signed, or the publish gate found something.
        """
        ...

    def try_out(self, *, page: Page, user: Any) -> None:
        """As ``release``, also of what is not signed yet; the caller undoes all of it.

        Raises:
            ValidationError: what would stand against it.
        """
        ...

    def let_go(self, *, page: Page) -> None:
        """The set holds the page no longer: what was signed for it waits for nothing."""
        ...


bundle_members: Registry[BundleMembers] = Registry(
    "bundle_members",
    BundleMembers,  # type: ignore[type-abstract]
    doc="""
    What can take part in a joint release: who knows how far it is, hands it in and makes it public
    after its own reviews. Asked in the order of the plugins: the first that knows a page has it.
    """,
)


@runtime_checkable
class PreviewSet(Protocol):
    """Sets of pages whose preview is shared by one link. ``number`` names a set of the plugin."""

    def subject(self, *, number: int) -> Model | None:
        """The set: its text is the heading, its history notes the links. None: there is none."""
        ...

    def url(self, *, number: int) -> str:
        """Where the set is in the admin."""
        ...

    def pages(self, *, number: int) -> Mapping[int, str]:
        """Primary key → title of what the links of the set show now; empty: they are over."""
        ...

    def shown(self, *, number: int, page: int) -> Page:
        """One of them as it will be."""
        ...

    def may_share(self, *, number: int, user: Any) -> bool: ...


preview_sets: Registry[PreviewSet] = Registry(
    "preview_sets",
    PreviewSet,  # type: ignore[type-abstract]
    doc="""
    Sets whose drafts can be shown to people without an account by one link that expires. Asked
    with each visit, so that what was taken out of a set is no longer shown by its links.
    """,
)
