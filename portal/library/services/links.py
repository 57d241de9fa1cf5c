"""Links that lead nowhere. Read with the texts; looked at each night, without the network."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import batched
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from portal.library.asking import Portal
from portal.library.files import KINDS, model_of
from portal.library.models import LibraryRecord, Link, Problem, State
from portal.library.reading_links import Found, links_of
from portal.library.record_json import address_of
from portal.plugin_api import just_seen, public_pages

_PORTION = 500
# So many addresses of the portal itself are asked in one night, the longest waiting first.
MOST_ASKED = 2000
_MOST_REDIRECTS = 3


def own_hosts() -> set[str]:
    """Names by which the portal answers."""
    found = {root.host.lower() for root in just_seen().roots}
    return found | {(urlsplit(settings.BASE_URL).hostname or "").lower()} - {""}


# --- reading --------------------------------------------------------------------------------------
def follow(records: Mapping[int, LibraryRecord], pages: Iterable[Any]) -> None:
    """Bring what is stored in line with the links of pages; what was found about a link is kept.

    Args:
        records: by the key of their page.
        pages: specific pages, each with a record.
    """
    hosts = own_hosts()
    wanted: dict[int, set[Found]] = {}
    for page in pages:
        record = records[page.pk]
        record.page = page
        wanted[record.pk] = links_of(page, address_of(record))
    known: dict[int, dict[Found, int]] = {}
    for pk, record_pk, kind, target in Link.objects.filter(record__in=wanted).values_list(
        "pk", "record_id", "kind", "target"
    ):
        known.setdefault(record_pk, {})[Found(kind, target)] = pk
    gone = [
        pk
        for record_pk, links in known.items()
        for link, pk in links.items()
        if link not in wanted[record_pk]
    ]
    for part in batched(gone, _PORTION):
        Link.objects.filter(pk__in=part).delete()
    Link.objects.bulk_create(
        [
            Link(record_id=pk, kind=link.kind, target=link.target, host=_host(link, hosts))
            for pk, links in wanted.items()
            for link in sorted(links - known.get(pk, {}).keys())
        ],
        batch_size=_PORTION,
    )
    LibraryRecord.objects.filter(pk__in=wanted, links_read=False).update(links_read=True)


def _host(link: Found, hosts: set[str]) -> str:
    if link.kind != Link.Kind.ADDRESS:
        return ""
    host = (urlsplit(link.target).hostname or "").lower()
    return "" if host in hosts else host[:255]


def read_missing(site: int | None, *, limit: int = 5000) -> int:
    """Links of public pages that were there before links were read; how many pages."""
    rows = LibraryRecord.objects.filter(state=State.PUBLIC, site=site, links_read=False)
    waiting = list(rows.filter(page__isnull=False).values_list("page_id", flat=True)[:limit])
    for part in batched(waiting, _PORTION):
        _read(part)
    return len(waiting)


@transaction.atomic
def _read(pks: Sequence[int]) -> None:
    records = {record.page_id or 0: record for record in LibraryRecord.objects.filter(page__in=pks)}
    follow(records, Page.objects.filter(pk__in=list(records)).specific())


# --- looking, without the network -----------------------------------------------------------------
def check_inside(site: int | None) -> int:
    """Look at the links of a site's public pages that stay inside; how many lead nowhere."""
    links = Link.objects.filter(record__site=site, record__state=State.PUBLIC, host="")
    _check(links.filter(kind=Link.Kind.PAGE), _page_problems)
    for kind in KINDS:
        _check(links.filter(kind=kind), partial(_file_problems, model_of(kind)))
    _check_addresses(links.filter(kind=Link.Kind.ADDRESS))
    return links.exclude(problem="").count()


def _check(
    links: "QuerySet[Link]", problems_of: Callable[[Collection[str]], Mapping[str, str]]
) -> None:
    rows = links.order_by("pk").values_list("pk", "target", "problem")
    for part in batched(rows.iterator(chunk_size=_PORTION), _PORTION):
        found = problems_of({target for _pk, target, _before in part})
        changed: dict[str, list[int]] = {}
        for pk, target, before in part:
            if found[target] != before:
                changed.setdefault(found[target], []).append(pk)
        for problem, pks in changed.items():
            note(pks, problem)


def note(pks: Collection[int], problem: str) -> None:
    """Write what became of links; ``since`` is when this problem was first seen."""
    since = timezone.now() if problem else None
    Link.objects.filter(pk__in=pks).update(problem=problem, since=since)


def _check_addresses(links: "QuerySet[Link]") -> None:
    portal, found = Portal(), dict[str, str]()
    waiting = links.order_by(F("checked_at").asc(nulls_first=True), "pk")
    for pk, target, before in waiting.values_list("pk", "target", "problem")[:MOST_ASKED]:
        if target not in found:
            found[target] = _problem_at(portal, target)
        if found[target] != before:
            note([pk], found[target])
        Link.objects.filter(pk=pk).update(checked_at=timezone.now())


def _page_problems(targets: Collection[str]) -> dict[str, str]:
    there = Page.objects.filter(pk__in=targets)
    known = {str(pk) for pk in there.values_list("pk", flat=True)}
    seen = there.filter(Q(live=True) & public_pages()).values_list("pk", flat=True)
    public = {str(pk) for pk in seen}
    return {
        target: Problem.NONE if target in public
        else Problem.HIDDEN if target in known
        else Problem.GONE
        for target in targets
    }  # fmt: skip


def _file_problems(model: Any, targets: Collection[str]) -> dict[str, str]:
    storage = model._meta.get_field("file").storage
    names = model.objects.filter(pk__in=targets).values_list("pk", "file")
    there = {str(pk) for pk, name in names if name and storage.exists(name)}
    return {target: Problem.NONE if target in there else Problem.NO_FILE for target in targets}


def _problem_at(portal: Portal, target: str) -> str:
    """What the portal itself answers; an address of stored files is looked up in the storage."""
    hosts = own_hosts()
    for _step in range(_MOST_REDIRECTS + 1):
        parts = urlsplit(target)
        if (parts.hostname or "").lower() not in hosts:
            return Problem.NONE  # it leads away from the portal, and works
        media = urlsplit(settings.MEDIA_URL).path
        if media and parts.path.startswith(media):
            name = parts.path.removeprefix(media)
            return Problem.NONE if _is_stored(name) else Problem.NO_FILE
        status, place = portal.status(target)
        if status in (404, 410):
            return Problem.NOT_FOUND
        if status >= 400:
            # Signing in, or a method that only forms use: there is something.
            return Problem.FAILS if status >= 500 else Problem.NONE
        if not place:
            return Problem.NONE
        target = urljoin(target, place)
    return Problem.FAILS


def _is_stored(name: str) -> bool:
    try:
        return default_storage.exists(unquote(name))
    except SuspiciousFileOperation:
        return False
