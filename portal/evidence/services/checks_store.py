"""The store of finished pages, where there is one on this machine: each file as it was stored."""

from collections.abc import Iterator
from typing import Any

from portal.evidence.places import folder
from portal.evidence.sources.files import hashes
from portal.plugin_api import CapabilityUnavailable, PageStore, page_store

from .findings import Found, last_check_before
from .stages import Stage, Step

PORTION = 200
_DISCARD = "Run portal verify --repair: the file is taken out and made anew from the database."


def _store(place: dict[str, Any], repair: bool) -> Iterator[Step]:
    if place.get("end"):
        return
    store = page_store.provider()
    if store is None:
        place["end"] = True
        yield Step(says="no store of finished pages on this machine")
        return
    try:
        yield from _pages(store, place, repair)
        place["end"] = True
        yield _strangers(store, repair)
    except CapabilityUnavailable:
        place["end"] = True
        yield Step(findings=[Found("store-unreadable", "page_store")])


def _pages(store: PageStore, place: dict[str, Any], repair: bool) -> Iterator[Step]:
    good = last_check_before()
    step = Step()
    after = place.get("after", "")
    for stored in store.stored_pages():
        if stored.address <= after:
            continue
        step.checked += 1
        place["after"] = stored.address
        found = None
        if not stored.path.is_file():
            found = ("stored-gone", "", "the file is not there")
        else:
            whole, _portions = hashes(stored.path)
            if whole != stored.digest:
                detail = f"{stored.address} is not what was stored"
                found = ("stored-changed", "", detail)
        if found is not None:
            restored = ""
            if repair and store.discard(stored.address):
                restored = "Taken out of the store; it is made anew for its next visitor."
            step.findings.append(
                Found(found[0], str(stored.path), found[1], found[2], _DISCARD, good, restored)
            )
        if step.checked == PORTION:
            step.says = stored.address
            yield step
            step = Step()
    if step.checked:
        yield step


def _strangers(store: PageStore, repair: bool) -> Step:
    """Files that nobody put there are taken out, and kept for whoever looks into it."""
    step = Step()
    for path in list(store.strangers()):
        restored = ""
        if repair and path.is_file():
            whole, _portions = hashes(path)
            aside = folder() / "strangers"
            aside.mkdir(parents=True, exist_ok=True, mode=0o700)
            target = aside / f"{whole[:16]}-{path.name}"
            target.write_bytes(path.read_bytes())
            target.chmod(0o600)
            path.unlink()
            restored = f"Moved to {target}."
        step.findings.append(
            Found("stored-stranger", str(path), "", "nobody stored this file", _DISCARD,
                  None, restored)
        )  # fmt: skip
    return step


STAGES = (Stage("store", _store),)
