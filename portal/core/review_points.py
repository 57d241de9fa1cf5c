"""Extension points of the reviews. Each has a page in ``docs/plugins/``."""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from wagtail.models import Page

from portal.plugins.events import Event
from portal.plugins.sites import SiteLike
from portal.plugins.slots import Registry

if TYPE_CHECKING:
    from .models import ReviewRound


@Event.define
def review_moved(*, review: "ReviewRound", site: SiteLike) -> None:
    """An item went a step on in its review: handed in, signed, returned, taken back, released.

    Sent after the commit. ``review.state`` says how it stands now.

    Args:
        review: the round of review of one version of an item.
        site: the site that the item belongs to.
    """


@runtime_checkable
class ReleaseHold(Protocol):
    """Holds back what is signed until it goes live together with other things."""

    def holds(self, page: Page) -> str | None:
        """The name of the set that this page waits for; None: it goes live by itself."""
        ...


release_holds: Registry[ReleaseHold] = Registry(
    "release_holds",
    ReleaseHold,  # type: ignore[type-abstract]
    doc="""
    Asked when the last review of an item is signed, and with each publication. A page that is held
    stays signed (its version is settled) until ``go_live`` is called for its round, by whoever
    holds it, who says ``None`` for so long; no other way leads to the public.
    """,
)
