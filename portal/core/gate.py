"""The publish gate: the one door to the public, and the one record of what went through it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex, Revision

from . import (
    extension_points,
    followers,
    listing,
    media_checks,
    outbox,
    publications,
    structure,
    withheld_files,
)
from .models import Basis
from .reviews import grounds, rounds
from .reviews.grounds import Ground
from .reviews.holding import holder_of
from .turns import take_turn

# What visitors can see of Wagtail's own page fields; all that a type adds to them is public.
_CONTENT_OF_PAGE = frozenset(
    {"title", "seo_title", "search_description", "show_in_menus", "expire_at"}
)
# Where it is in the tree: changed by moving and adding, never by saving.
_PLACE_OF_PAGE = ("path", "depth", "numchild", "url_path")
# Say whether and where a page is public.
_STATE_OF_PAGE = frozenset({"live", "live_revision", "last_published_at", "slug", "url_path"})


# From when until when something is in force; None: open.
type Interval = tuple[datetime.datetime | None, datetime.datetime | None]


@dataclass(frozen=True, slots=True)
class PublishProblem:
    """Why a page may not (or should think twice to) become public.

    ``field`` names the form field where the editor can mend it; None means the page as a whole.
    ``url`` is the address in the admin where it can be mended, if that is another one.
    """

    message: str
    field: str | None = None
    blocking: bool = True
    code: str = ""
    url: str = ""


class PublishRefused(ValidationError):
    """The gate said no. Nothing was written; ``problems`` says why."""

    def __init__(self, page: Page, problems: list[PublishProblem]) -> None:
        self.page = page
        self.problems = problems
        told: dict[str, list[str]] = {}
        for problem in problems:
            told.setdefault(problem.field or NON_FIELD_ERRORS, []).append(str(problem.message))
        super().__init__(told)


@dataclass(frozen=True, slots=True)
class StoredState:
    """What the database says of a page before it is saved."""

    exists: bool = False
    live: bool = False
    version: int | None = None
    published_at: datetime.datetime | None = None
    content: dict[str, Any] = field(default_factory=dict)
    place: dict[str, Any] = field(default_factory=dict)


def concerns_public(page: Page, update_fields: Iterable[str] | None) -> bool:
    """Whether a save of these fields (None: all) could change what is public."""
    if update_fields is None:
        return True
    content = _content_fields(page._meta.concrete_model)
    names = {name for item in content for name in (item.name, item.attname)}
    return not (names | _STATE_OF_PAGE).isdisjoint(update_fields)


def stored_state(page: Page, update_fields: Iterable[str] | None = None) -> StoredState:
    """What is stored, as far as a save of ``update_fields`` (None: all) would replace it."""
    if page.pk is None:
        return StoredState()
    fields = [
        item
        for item in _content_fields(page._meta.concrete_model)
        if update_fields is None or not {item.name, item.attname}.isdisjoint(update_fields)
    ]
    row = (
        type(page)
        ._base_manager.filter(pk=page.pk)
        .values(
            "live",
            "live_revision_id",
            "last_published_at",
            *_PLACE_OF_PAGE,
            *(item.attname for item in fields),
        )
        .first()
    )
    if row is None:
        return StoredState()
    content = {item.attname: item.get_prep_value(row[item.attname]) for item in fields}
    return StoredState(
        True,
        row["live"],
        row["live_revision_id"],
        row["last_published_at"],
        content,
        {name: row[name] for name in _PLACE_OF_PAGE},
    )


def keep_place(page: Page, before: StoredState) -> None:
    """Save a page where it is now: somebody may have moved it or added children meanwhile.

    Treebeard's columns are saved with all others; stale ones would damage the tree.
    """
    if not before.exists:
        return
    page.numchild = before.place["numchild"]
    if page.path != before.place["path"]:
        for name in _PLACE_OF_PAGE:
            setattr(page, name, before.place[name])


@cache
def _content_fields(model: Any) -> tuple["models.Field[Any, Any]", ...]:
    return tuple(
        item
        for item in model._meta.concrete_fields
        if not item.primary_key and (item.model is not Page or item.name in _CONTENT_OF_PAGE)
    )


def _content_differs(page: Page, before: StoredState) -> bool:
    deferred = page.get_deferred_fields()
    return any(
        item.get_prep_value(getattr(page, item.attname)) != before.content[item.attname]
        for item in _content_fields(page._meta.concrete_model)
        if item.attname in before.content and item.attname not in deferred
    )


def problems_of(page: Page, *, parent: Page | None = None) -> list[PublishProblem]:
    """Everything that speaks against publishing: the type's own demands, then the plugins'."""
    found = [
        PublishProblem(str(message), field)
        for field, message in getattr(page, "publish_problems", lambda _parent: [])(parent)
    ]
    found += [
        PublishProblem(str(message), field, code="media")
        for field, message in media_checks.problems_of(page)
    ]
    path = page.path or (parent.path if parent is not None else "")
    page.place_path = path  # where checks look for what it inherits, before it has a place
    site_pk = structure.current().site_pk_for(path)
    result: list[PublishProblem] = extension_points.publish_checks.apply(
        found, page=page, site=site_pk
    )
    return result


def becomes_public(page: Page, before: StoredState) -> bool:
    """Whether saving shows the public something that it did not see before.

    Wagtail names a new version, except for aliases; programs that save a public page do neither.
    """
    return page.live and (
        not before.live
        or before.version != page.live_revision_id
        or before.published_at != page.last_published_at
        or _content_differs(page, before)
    )


def review_missing() -> PublishProblem:
    """What is said to whoever would publish without the reviews."""
    message = _("This becomes public after its three reviews. Submit it for review.")
    return PublishProblem(message, code="review")


def _held_back(page: Page, before: StoredState, ground: Ground | None) -> PublishProblem | None:
    """What waits for a set becomes public with it only, whatever way somebody tries.

    What follows mechanically (a repeal, words that were public before) is not held back, nor what
    the operator does to what is public already.
    """
    free = {Basis.CONSEQUENCE, Basis.REFERENCE} | ({Basis.OPERATOR} if before.live else set())
    if ground is not None and ground.basis in free:
        return None
    holder = holder_of(page) if before.exists else None
    if holder is None:
        return None
    message = _(
        "This page is in the set “%(set)s” and goes public with it. To publish it by itself, take "
        "it out of the set first."
    )
    return PublishProblem(message % {"set": holder}, code="held")


def ground_of(page: Page) -> Ground | None:
    """Why a page may be public in the version that is about to be saved; None: it may not."""
    ground = grounds.release_ground()
    if ground is not None:
        return ground
    if page.alias_of_id is not None and _is_faithful(page):
        return Ground(Basis.REFERENCE, f"page:{page.alias_of_id}")
    review = rounds.signed_round(page)
    return Ground(Basis.REVIEWED, str(review.pk)) if review is not None else None


def _is_faithful(alias: Page) -> bool:
    """Whether an alias says what its source says in public, where that is public."""
    model: Any = type(alias)
    source = model._base_manager.filter(pk=alias.alias_of_id, live=True).first()
    if source is None:
        return False
    own = {"slug", "alias_of", "owner", "locale", "translation_key"}
    return all(
        item.get_prep_value(getattr(alias, item.attname))
        == item.get_prep_value(getattr(source, item.attname))
        for item in _content_fields(model)
        if item.name not in own
    )


def check(page: Page, before: StoredState) -> Ground | None:
    """Refuse a save that would publish what may not be public.

    Returns:
        Why it may be public; None where nothing new becomes public.

    Raises:
        PublishRefused: with every blocking problem at once.
    """
    if not becomes_public(page, before):
        return None
    blocking = [problem for problem in problems_of(page) if problem.blocking]
    ground = ground_of(page)
    if ground is None:
        blocking.append(review_missing())
    held = _held_back(page, before, ground)
    if held is not None:
        blocking.append(held)
    if blocking:
        raise PublishRefused(page, blocking)
    return ground


def check_plan(revision: Revision) -> None:
    """Refuse to plan what nobody reviewed: the scheduler publishes what it finds.

    Raises:
        PublishRefused: the version is to go live later, and was not signed.
    """
    stated = revision.content.get("go_live_at")
    if isinstance(stated, str):  # as it is stored; a version just made has it as it is
        stated = parse_datetime(stated)
    if stated is None or stated <= timezone.now() or grounds.release_ground() is not None:
        return
    if rounds.round_for(revision) is None:
        raise PublishRefused(revision.content_object, [review_missing()])


def record(page: Page, before: StoredState, ground: Ground | None = None) -> None:
    """Write what is now true: publication, listing, structure, outbox; then tell the plugins.

    Called in the transaction that saved the page. Safe to call for a page that did not change.

    Args:
        ground: what ``check`` said.
    """
    found = structure.current()
    structural = bool(getattr(page, "structure_kind", ""))
    if structural:
        structure.touch()
    site_pk = found.site_pk_for(page.path)
    if becomes_public(page, before):
        at = page.last_published_at or timezone.now()
        publications.open_publication(page, site_pk, at=max(at, timezone.now()), ground=ground)
        if ground is not None and ground.basis == Basis.REVIEWED:
            rounds.released(int(ground.key))
        # Its files are public from now on, and not when a background task comes to it.
        ReferenceIndex.create_or_update_for_object(page)
        withheld_files.bring_back_for(page)
        followers.tell_published([page], site_pk)
        _tell("page.updated" if before.live else "page.published", page, site_pk)
        if before.exists and before.version == page.live_revision_id:
            _aliases_show_the_same(page)
    elif before.live and not page.live:
        publications.close_publication(page)
        rounds.end_rounds(page)
        followers.tell_withdrawn(page, site_pk)
        _tell("page.withdrawn", page, site_pk)
        _aliases_go_too(page)
    if page.live or before.live:
        listing.sync(page, found)


def _aliases_show_the_same(page: Page) -> None:
    """A program has saved a public page: Wagtail updates aliases with new versions only."""
    if page.alias_of_id is None and page.aliases.exists():
        page.update_aliases()


def _aliases_go_too(page: Page) -> None:
    """As Wagtail's action does, for programs that withdraw a page by saving it."""
    for alias in page.aliases.filter(live=True):
        alias.unpublish(log_action=False)


def withdraw(page: Page) -> None:
    """For paths that unpublish without saving the specific page (expiry by the scheduler)."""
    with transaction.atomic():
        take_turn()
        if publications.close_publication(page):
            rounds.end_rounds(page)
            site_pk = structure.current().site_pk_for(page.path)
            followers.tell_withdrawn(page, site_pk)
            _tell("page.withdrawn", page, site_pk)
            listing.sync(page.specific)
            if getattr(page.specific_class, "structure_kind", ""):
                structure.touch()


def _tell(kind: str, page: Page, site_pk: int | None) -> None:
    payload: dict[str, Any] = {
        "page": page.pk,
        "type": page.specific_class._meta.label_lower if page.specific_class else "",
        "title": page.title,
        "url_path": page.url_path,
        "language": page.locale.language_code,
        "version": page.live_revision_id,
        "site": site_pk,
    }
    outbox.append(kind, publications.item_key(page), payload)
    event = (
        extension_points.page_withdrawn
        if kind == "page.withdrawn"
        else extension_points.page_published
    )
    event.send(site=site_pk, page=page)
