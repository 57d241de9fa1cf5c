"""What pages have for search: the facts that the tree knows, and what each type says of itself."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from wagtail.models import Page

from . import publications, structure
from .extension_points import trust_labels
from .models import Organisation, OutboxEvent, Publication, Standing
from .search_points import SearchEntry
from .structure import Node, Structure

page_event_kinds = (
    "page.published",
    "page.updated",
    "page.withdrawn",
    "page.deleted",
    "page.validity",
    "page.moved",
    "page.access",
)
# What is below is seen, or told of, in another way as well.
_REACH_DOWN = frozenset({"page.published", "page.withdrawn", "page.moved", "page.access"})
# Structural pages that results can be narrowed to.
_COLUMNS = frozenset({"column", "topic", "sub_site"})
# A path in the tree and an ``url_path``, of a page or of an alias of it, with its primary key.
type _Place = tuple[int, str, str]


def page_entries(pks: Collection[int]) -> Iterator[SearchEntry]:
    """The entries of those of these pages that the public sees; aliases have none of their own.

    What is shown by reference elsewhere is one entry, found in all those places. A few queries for
    each type of page, whatever their number.
    """
    found = structure.current()
    places = _places(pks, found)
    shown = Page.objects.filter(pk__in=places, live=True, alias_of=None).specific(defer=False)
    by_type: dict[type[Page], list[Any]] = defaultdict(list)
    for page in shown:
        if hasattr(page, "search_values"):
            by_type[type(page)].append(page)
    standings = _standings(places)
    made_by = _made_by(places, found)
    for model, pages in by_type.items():
        model.prepare_for_search(pages)
        for page in pages:
            values = page.search_values()
            if values.get("kind"):
                trust = values.get("trust") or made_by.get(page.pk, "human")
                yield _entry(
                    page, values, places[page.pk], standings.get(page.pk, {}), trust, found
                )


def pages_of_events(events: Sequence[OutboxEvent]) -> Iterator[int]:
    """The pages that outbox events are about, as the originals of aliases, deleted ones too; and
    those below them where the event reaches down."""
    events = [event for event in events if event.kind in page_event_kinds]
    pks = {pk for event in events if (pk := event.payload.get("page"))}
    originals = dict(Page.objects.filter(pk__in=pks).values_list("pk", "alias_of"))
    for event in events:
        pk = event.payload.get("page")
        if pk:
            yield event.payload.get("alias_of") or originals.get(pk) or pk
    reaching = {
        event.payload["page"]
        for event in events
        if event.kind in _REACH_DOWN and event.payload.get("page")
    }
    paths = Page.objects.filter(pk__in=reaching, numchild__gt=0).order_by("path")
    yield from pages_below(paths.values_list("path", flat=True))


def pages_below(paths: Iterable[str]) -> Iterator[int]:
    """The live pages at or below treebeard paths, as the originals of aliases."""
    for path in dict.fromkeys(paths):
        rows = Page.objects.filter(path__startswith=path, live=True).order_by("path")
        for pk, alias_of in rows.values_list("pk", "alias_of").iterator(chunk_size=2000):
            yield alias_of or pk


def _places(pks: Collection[int], found: Structure) -> dict[int, list[_Place]]:
    """Where the public sees each page: at its own place first, then by reference."""
    own = Page.objects.filter(pk__in=pks, alias_of=None, live=True)
    aliases = Page.objects.filter(alias_of__in=pks, live=True).order_by("pk")
    rows = [
        *((pk, pk, path, url_path) for pk, path, url_path in _paths(own)),
        *(
            (alias_of, pk, path, url_path)
            for alias_of, pk, path, url_path in aliases.values_list(
                "alias_of", "pk", "path", "url_path"
            )
        ),
    ]
    places: dict[int, list[_Place]] = defaultdict(list)
    for original, pk, path, url_path in rows:
        hidden = path.startswith(found.hidden_paths)
        if not hidden and found.root_for_url_path(url_path) is not None:
            places[original].append((pk, path, url_path))
    return places


def _made_by(places: Mapping[int, list[_Place]], found: Structure) -> dict[int, str]:
    """Who made the texts of translations; asked at each site, for it may be off at one."""
    by_site: dict[int | None, list[int]] = defaultdict(list)
    for pk, (where, *_) in places.items():
        by_site[found.site_pk_for(where[1])].append(pk)
    return {
        pk: label.made_by
        for site, pks in by_site.items()
        for pk, label in trust_labels(pks, site).items()
    }


def _paths(pages: Any) -> Iterable[_Place]:
    rows: Iterable[_Place] = pages.values_list("pk", "path", "url_path")
    return rows


def _standings(pks: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    rows = Publication.objects.filter(page_id__in=list(pks), closed=False)
    return {row.pop("page_id"): row for row in rows.values("page_id", *_STANDING)}


_STANDING = ("valid_from", "valid_until", "standing")


def _entry(
    page: Any,
    values: Mapping[str, Any],
    places: list[_Place],
    standing: Mapping[str, Any],
    trust: str,
    found: Structure,
) -> SearchEntry:
    pk, path, url_path = places[0]
    sites = list(dict.fromkeys(found.site_pk_for(where[1]) for where in places))
    columns = dict.fromkeys(node.pk for where in places for node in _above(where, found))
    site = sites[0]
    return SearchEntry(
        key=publications.item_key(page),
        kind=values["kind"],
        language=page.written_in,
        url=found.url(url_path, _main_host(found)),
        title=values.get("title") or page.title,
        body=values.get("text", ""),
        summary=values.get("summary", ""),
        site=site,
        more_sites=[other for other in sites[1:] if other is not None],
        page=pk,
        aliases=[alias for alias in values.get("aliases", ()) if alias and alias != page.title],
        number=values.get("number", ""),
        columns=list(columns),
        theme=values.get("theme", ""),
        agencies=list(values.get("agencies") or _unit(path, site, found)),
        form=values.get("form", ""),
        date=values.get("date"),
        standing=standing.get("standing") or Standing.IN_FORCE,
        valid_from=standing.get("valid_from"),
        valid_until=standing.get("valid_until"),
        public_until=page.expire_at,
        trust=trust,
        weight=values.get("weight", 1.0),
        extra=dict(values.get("extra", {})),
    )


def _above(place: _Place, found: Structure) -> list[Node]:
    """The structural pages above a place, the nearest last, without the page itself."""
    nearest = found.nearest(place[1])
    if nearest is None:
        return []
    nodes = [*nearest.ancestors(), nearest]
    return [node for node in nodes if node.kind in _COLUMNS and node.path != place[1]]


def _unit(path: str, site: int | None, found: Structure) -> list[int]:
    """The unit that keeps the nearest column, else the owner of the site."""
    node = found.nearest(path)
    while node is not None:
        if unit := node.extra.get("owner_unit_id"):
            return [unit]
        node = node.parent
    record = found.records.get(site or 0)
    return [record.owner_id] if record is not None and record.owner_id else []


def _main_host(found: Structure) -> str:
    """Addresses are told as the main site shows them: whole only for sites of their own."""
    return next((root.host for root in found.roots if root.is_default), "")


def site_roots(sites: Collection[int]) -> list[str]:
    """The treebeard paths of the homes of sites, in all their languages."""
    found = structure.current()
    roots = [node for node in found.nodes.values() if node.site_pk in sites]
    return sorted(node.path for node in roots if node.kind in ("home", "sub_site"))


def own_names() -> Iterator[str]:
    """What the portal's units are called, in full and for short."""
    rows = Organisation.objects.order_by("pk").values_list("full_name", "short_name")
    for names in rows.iterator():
        yield from names


def all_sites() -> list[int]:
    """The primary keys of all site records."""
    return sorted(structure.current().records)
