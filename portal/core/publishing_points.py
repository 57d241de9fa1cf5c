"""What plugins around publishing offer each other: stored pages, visits, receipts, evidence."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django.utils.translation import gettext
from wagtail.models import Page

from portal.plugins.capabilities import Capability
from portal.plugins.filters import Filter
from portal.plugins.sites import SiteLike
from portal.plugins.slots import Registry

from .outbox import progress

if TYPE_CHECKING:
    from .models import OutboxEvent


@dataclass(frozen=True, slots=True)
class StoredPage:
    """One finished page in the store.

    ``address``: host and path, such as ``www.yunhu.example/news/``. ``path``: the file with its
    HTML. ``digest``: SHA-256 (hex) of that HTML as it was when it was stored. ``page``: pk of the
    Wagtail page that is shown, None where it is no page.
    """

    address: str
    path: Path
    digest: str
    page: int | None


@runtime_checkable
class PageStore(Protocol):
    """The store of finished pages on this machine."""

    def stored_pages(self) -> Iterator[StoredPage]:
        """All that is stored and to be served, by address."""
        ...

    def discard(self, address: str) -> bool:
        """Take one page out; it is rendered anew for its next visitor. False: it was not there."""
        ...

    def strangers(self) -> Iterator[Path]:
        """Files in the store's folder that nobody put there."""
        ...


page_store: Capability[PageStore] = Capability("page_store", PageStore)  # type: ignore[type-abstract]


@runtime_checkable
class Visits(Protocol):
    """How often public addresses were read, without anything about who read them."""

    def most_visited(
        self, *, site: int | None, days: int, limit: int, language: str = ""
    ) -> Sequence[tuple[str, int, int | None]]:
        """(address as host and path, visits, page pk or None), the most visited first."""
        ...

    def of_pages(self, pages: Sequence[int], *, days: int) -> Mapping[int, int]:
        """Visits of pages by pk; those without any are left out. One query."""
        ...


visits: Capability[Visits] = Capability("visits", Visits)  # type: ignore[type-abstract]


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What one part says of a publication.

    ``state``: ``done``, ``waiting``, ``failed`` or ``none`` (does not concern this one). ``at``:
    when it was done. ``detail``: a sentence for the editor. ``tries``: how often it was tried in
    vain. ``url``: where to look, "" where there is nothing.
    """

    label: str
    state: str
    at: datetime.datetime | None = None
    detail: str = ""
    tries: int = 0
    url: str = ""


@runtime_checkable
class ReceiptPart(Protocol):
    """One part of a publishing receipt: where the change has arrived.

    A part with ``by_people = True`` waits for the work of people: it is never late.
    """

    order: int

    def lines(self, publication: Any, *, event: int) -> Sequence[ReceiptLine]:
        """What has become of a publication (``core.Publication``) in this part.

        Args:
            publication: the row; open or already closed.
            event: sequence number of its outbox event.
        """
        ...


receipt_parts: Registry[ReceiptPart] = Registry(
    "receipt_parts",
    ReceiptPart,  # type: ignore[type-abstract]
    doc="Where a publication has arrived: lines of its receipt.",
)


def consumer_line(
    label: str, consumer: str, *, event: int, done: str = "", url: str = ""
) -> ReceiptLine:
    """The line of a consumer of the outbox: done, waiting, or failed with its tries.

    When it went through the event is not known to it; the receipt notes when it saw it done.

    Args:
        consumer: its ``name``.
        done: what to say where it has gone through the event.
    """
    found = progress(consumer, event)
    if found.is_done:
        return ReceiptLine(label, "done", detail=done, url=url)
    if not event or not found.is_known:
        return ReceiptLine(
            label, "waiting", detail=gettext("The process that does this has not begun."), url=url
        )
    if found.tries:
        said = gettext("Stopped by an error (%(error)s); tried %(tries)s times, it goes on trying.")
        detail = said % {"error": found.error, "tries": found.tries}
        return ReceiptLine(label, "failed", detail=detail, tries=found.tries, url=url)
    said = gettext("Has not come to it yet: %(number)s events to go.")
    return ReceiptLine(label, "waiting", detail=said % {"number": found.behind}, url=url)


@Filter.define(version=1)
def release_links(
    links: list[tuple[str, str]], /, *, page: Page, site: SiteLike
) -> list[tuple[str, str]]:
    """What the message offers that tells a releaser that a page is public now.

    Args:
        links: (label, address) pairs; return a list with yours added.
        page: the page, live.
        site: the site that it belongs to.
    """
    return links


# --- evidence -------------------------------------------------------------------------------------
def evidence_hash(value: str | bytes) -> str:
    """SHA-256 (hex) of a value in its canonical form: what evidence keeps of it."""
    return hashlib.sha256(value.encode() if isinstance(value, str) else value).hexdigest()


def evidence_value(value: Any) -> str:
    """The hash of a value of a row: of JSON with sorted keys, the same on every database."""

    def plain(one: Any) -> Any:
        if isinstance(one, datetime.datetime):
            return one.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return str(one)

    return evidence_hash(
        json.dumps(value, default=plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    )


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """Something public as it stands now.

    ``fields``: place (a field, a clause, a file) to the hash of what stands there
    (``evidence_hash``): all of them are bound by the item's fingerprint. ``details``: finer places
    that only help to find a change, such as blocks of a text or portions of a file.
    """

    pk: int
    fields: Mapping[str, str]
    details: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class EvidenceSource(Protocol):
    """Things of one kind whose public state is entered in the tamper-evident log.

    ``kind``: one word, the beginning of the keys (``page`` of ``page:17``). ``label``: for people.
    ``table``: where the values lie, for whoever has to restore one. ``events``: the kinds of outbox
    events after which something may have changed, each with the fields that may (None: any). A
    field that differs without such an event is a finding.
    """

    @property
    def kind(self) -> str: ...

    @property
    def label(self) -> object: ...

    @property
    def table(self) -> str: ...

    @property
    def events(self) -> Mapping[str, frozenset[str] | None]: ...

    def concerned(self, events: "Sequence[OutboxEvent]") -> Iterable[int]:
        """Primary keys of what these events, all of one kind, may have changed, removed or made."""
        ...

    def keys(self, *, after: int, limit: int) -> Sequence[int]:
        """The next primary keys of what is public, in rising order."""
        ...

    def present(self, pks: Sequence[int]) -> Iterable[EvidenceItem]:
        """Of these what is public, as it stands now. A constant number of queries."""
        ...

    def advice(self, pk: int) -> str:
        """In a sentence, how something of this kind is restored."""
        ...


evidence_sources: Registry[EvidenceSource] = Registry(
    "evidence_sources",
    EvidenceSource,  # type: ignore[type-abstract]
    doc="What is entered in the tamper-evident log, by kind.",
)


@runtime_checkable
class SignatureProvider(Protocol):
    """Signs the daily roots of the tamper-evident log, such as by a hardware module or SM2.

    Public keys are texts (PEM), signatures bytes. The first provider in the order signs; what
    others signed before is verified by whoever knows the ``algorithm``.
    """

    algorithm: str

    def public_key(self) -> str:
        """The key that signs now; made where there is none yet."""
        ...

    def sign(self, statement: bytes) -> bytes:
        """A signature by the key that signs now."""
        ...

    def verify(self, statement: bytes, signature: bytes, public_key: str) -> bool:
        """Whether a signature of this algorithm holds."""
        ...

    def prepare_key(self) -> str:
        """Make the next key, where none is prepared yet; its public key. It does not sign yet."""
        ...

    def adopt_key(self, public_key: str) -> None:
        """From now on the prepared key signs, and no other. Again, it changes nothing."""
        ...


signature_provider: Capability[SignatureProvider] = Capability(
    "signature_provider",
    SignatureProvider,  # type: ignore[type-abstract]
)
