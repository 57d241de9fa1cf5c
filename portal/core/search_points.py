"""What the public search learns of the content. Each point has a page in ``docs/plugins/``."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from portal.plugins.capabilities import Capability
from portal.plugins.slots import Registry

if TYPE_CHECKING:
    from .models import OutboxEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchEntry:
    """One thing that the public may find: raw text and facts, as they are in the database.

    ``key`` names it for good (``page:17``, ``clause:17#c-0f1e2d3c4b``, ``file:8``). ``kind`` is
    one of the kinds in ``search_kinds``. ``url`` is its public address, beginning with ``/`` or
    with the origin of a site that has its own. ``page`` is the page that decides whether it may be
    shown (primary key; None for what is no page). ``parent`` is the key of the whole that it is a
    part of (a clause's document, a file's page). ``aliases`` are other names of it, ``number`` a
    document or service number as printed. ``site`` is where it stands, ``more_sites`` show it by
    reference. ``columns`` are the structural pages above it, the nearest last; ``agencies``
    primary keys of units, the one in charge first. ``public_from`` and ``public_until`` bound
    when it may be shown, ``valid_from`` and ``valid_until`` when what it says is in force; open
    where None. ``standing`` is a value of ``Standing``, ``trust`` is ``human``,
    ``reviewed_machine`` or ``machine``. ``weight`` raises or lowers it among equals
    (1: as others). ``extra`` is what a result card shows beyond (JSON; public facts only).
    """

    key: str
    kind: str
    language: str
    url: str
    title: str
    body: str = ""
    summary: str = ""
    site: int | None = None
    more_sites: Sequence[int] = ()
    page: int | None = None
    parent: str = ""
    aliases: Sequence[str] = ()
    number: str = ""
    columns: Sequence[int] = ()
    theme: str = ""
    agencies: Sequence[int] = ()
    form: str = ""
    date: datetime.datetime | None = None
    standing: str = "in_force"
    valid_from: datetime.datetime | None = None
    valid_until: datetime.datetime | None = None
    public_from: datetime.datetime | None = None
    public_until: datetime.datetime | None = None
    trust: str = "human"
    weight: float = 1.0
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchKind:
    """A kind of result: how visitors read it, and where it stands among the kinds (low first)."""

    label: Any
    order: int = 100


@runtime_checkable
class SearchSource(Protocol):
    """Gives what one kind of content has for search.

    ``word`` is what its keys begin with (``page``): no other source may use it. ``kinds`` are the
    kinds of outbox events that it wants to hear of. The parts of a whole have its key, ``#`` and
    a name of their own: ``clause:17`` asks for all of ``clause:17#…``.
    """

    word: str
    kinds: Sequence[str]

    def keys(self, events: "Sequence[OutboxEvent]") -> Iterable[str]:
        """The keys of all entries that these events may have changed, ended ones too."""
        ...

    def entries(self, keys: Sequence[str]) -> Iterable[SearchEntry]:
        """What is public under these keys, now or from a set moment on. A key that is left out is
        not to be found any more; others may be given beside them (parts of a whole). Few queries,
        whatever the number of keys."""
        ...

    def all_keys(self) -> Iterator[str]:
        """Every key that ``entries`` would answer, in a stable order: for rebuilding."""
        ...


search_sources: Registry[SearchSource] = Registry(
    "search_sources",
    SearchSource,  # type: ignore[type-abstract]
    doc="""
    Sources of what the public search finds: pages, clauses, files, and what plugins have. Asked by
    the outbox process after each change, and by ``portal rebuild_index search`` for everything.
    Only what everybody may read: the index knows no accounts. Keys begin with a word of their own
    (``page:``, ``clause:``), which no other source may use.
    """,
)

search_kinds: Registry[SearchKind] = Registry(
    "search_kinds",
    SearchKind,
    doc="""
    Kinds of search results, with the words that visitors read on tabs and cards. The name is what
    ``SearchEntry.kind`` holds and part of addresses: do not rename it.
    """,
)


# --- what is shown of results ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CardLink:
    """A way on from a result. ``note`` says what kind of thing it leads to, or when it is from."""

    label: Any
    url: str
    note: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCard:
    """What a result shows beyond its title, its text and its date.

    ``text`` stands in place of the words around what was looked for. ``facts`` are pairs of label
    and value; a telephone number stands in ``phone`` and can be dialled. ``links`` lead on from the
    result, below ``links_label``. ``picture`` is the address of a small upright picture of a
    person. All are text, never markup.
    """

    text: Any = ""
    facts: Sequence[tuple[Any, Any]] = ()
    phone: str = ""
    links: Sequence[CardLink] = ()
    links_label: Any = ""
    picture: str = ""


@runtime_checkable
class SearchCards(Protocol):
    """Knows more of results of some ``kinds`` (names in ``search_kinds``)."""

    kinds: Sequence[str]

    def cards(
        self, pages: Mapping[str, int], *, site: int | None, language: str
    ) -> Mapping[str, SearchCard]:
        """Cards by key of the result.

        Args:
            pages: the primary key of its page by key of each result, all of ``kinds``, all public.
            site: the site that is asked.
            language: of the words to use, such as ``zh-hans``.
        """
        ...


search_cards: Registry[SearchCards] = Registry(
    "search_cards",
    SearchCards,  # type: ignore[type-abstract]
    doc="""
    What results of some kinds show beyond title, text and date: the validity and interpretations of
    a policy, the telephone of an institution. Asked once for the results of a page, with all that
    are of its kinds: few queries, whatever their number. A source that fails costs its cards.
    """,
)


# --- where one searches and asks ------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SearchPlace:
    """The address of a search form (GET) and the name of its field; ``site``: the code that goes
    with it as ``site``, "" where the host says enough."""

    url: str
    field: str = "q"
    site: str = ""


@runtime_checkable
class SearchPlaces(Protocol):
    """Says where the public searches; whoever has a field of his own in homes leaves it out then,
    for one question with one field."""

    def search_place(self, *, site: int | None, language: str) -> SearchPlace: ...


search_places: Capability[SearchPlaces] = Capability(
    "search_place",
    SearchPlaces,  # type: ignore[type-abstract]
)


@dataclass(frozen=True, slots=True)
class AskPlace:
    """The address that takes a question (POST, without a token), the name of its field, and what
    else goes with it."""

    url: str
    field: str
    hidden: Sequence[tuple[str, str]] = ()


@runtime_checkable
class AskPlaces(Protocol):
    """Answers questions in whole sentences: a way on from a search that found nothing."""

    def ask_place(self, *, site: int | None, language: str) -> AskPlace | None:
        """None where questions are not answered just now."""
        ...


ask_places: Capability[AskPlaces] = Capability(
    "ask_place",
    AskPlaces,  # type: ignore[type-abstract]
)


@runtime_checkable
class SearchLabels(Protocol):
    """Knows how visitors read values of one dimension, such as ``theme``."""

    facet: str

    def labels(self, values: Sequence[str], *, language: str) -> Mapping[str, str]:
        """Labels by value, in the language that is active; one query at most. What is not known
        is left out."""
        ...


search_labels: Registry[SearchLabels] = Registry(
    "search_labels",
    SearchLabels,  # type: ignore[type-abstract]
    doc="""
    Labels of values by which search results are narrowed and that the core does not know: names of
    themes by their codes. ``facet`` is the dimension (``theme``, ``form``). Asked once for each
    search with results, for all values at once. Without a label a value is shown as it is.
    """,
)
