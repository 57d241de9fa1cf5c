"""Evidence in the public API, below ``/api/v1/evidence``: proofs and signed roots."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from portal.plugin_api import ApiId, ApiLanguage, ApiMissing, ApiMoment, public_tree

from .models import Entry, Root
from .selectors.proofs import (
    consistency_between,
    latest_roots,
    proof_of,
    public_page,
    root_to_json,
    standing_of,
)

NOT_IN_LOG = _("There is no such public page in the log.")
NO_ROOT = _("No root was signed for this day.")
MOST_ROOTS = 400


class Wording(Schema):
    language: ApiLanguage | None = Field(None, description="Of the words of an error.")


class ConsistencyQuery(Wording):
    since: datetime.date | None = Field(
        None, description="Prove that this root continues the one of an earlier day."
    )


class RootDetail(Schema):
    day: datetime.date
    size: int = Field(description="The root is over so many entries, from the first on.")
    root: str = Field(description="SHA-256 (hex), Merkle tree as in RFC 6962.")
    signed_at: ApiMoment
    statement: str = Field(description="The text that is signed, UTF-8, five lines and a sixth.")
    signature: str = Field(description="Base64.")
    algorithm: str
    key: str = Field(description="SHA-256 (hex) of the public key's PEM text.")
    public_key: str = Field(description="PEM.")
    consistency: list[str] = Field(
        default=[], description="Nodes (hex) of the proof of RFC 6962, 2.1.2, with `since`."
    )


class RootListing(Schema):
    items: list[RootDetail]


class Proof(Schema):
    seq: int
    leaf: str = Field(description="The entry, byte by byte as it is hashed (UTF-8).")
    leaf_hash: str = Field(description="SHA-256 (hex) of a zero byte and the leaf.")
    root: RootDetail | None = Field(description="The first root over it; null until it is signed.")
    inclusion: list[str] = Field(description="Nodes (hex) of the proof of RFC 6962, 2.1.1.")


class PageEvidence(Schema):
    page: int
    title: str
    key: str
    digest: str = Field(description="The fingerprint that was entered.")
    action: str
    at: ApiMoment
    is_as_published: bool = Field(description="Whether the page equals it at this moment.")
    url: str = Field(description="The same for people.")
    proof: Proof


def make_router() -> Router:
    """The router for the registry ``api_routers``; a new one with each call."""
    router = Router(tags=["evidence"])
    router.get(
        "/pages/{int:page_id}",
        response=PageEvidence,
        operation_id="get_page_evidence",
        summary="Whether a page is as it was published, with its proof",
    )(get_page_evidence)
    router.get(
        "/entries/{int:seq}",
        response=Proof,
        operation_id="get_entry",
        summary="One entry of the log with its proof",
    )(get_entry)
    router.get(
        "/roots",
        response=RootListing,
        operation_id="list_roots",
        summary="The signed roots, the newest first",
    )(list_roots)
    router.get(
        "/roots/{day}",
        response=RootDetail,
        operation_id="get_root",
        summary="The root of a day; with `since` the proof that it continues an earlier one",
    )(get_root)
    return router


def get_page_evidence(
    request: HttpRequest, page_id: Path[ApiId], query: Query[Wording]
) -> PageEvidence:
    page = public_page(page_id)
    tree = public_tree(request)
    if page is None or tree.node_around(page.path) is None:
        raise ApiMissing(NOT_IN_LOG)
    standing = standing_of(page_id)
    if standing is None:
        raise ApiMissing(NOT_IN_LOG)
    entry = standing.entry
    return PageEvidence(
        page=page_id,
        title=page.title,
        key=entry.key,
        digest=entry.digest,
        action=entry.action,
        at=timezone.localtime(entry.at),
        is_as_published=standing.is_same,
        url=request.build_absolute_uri(f"{reverse('evidence:verify')}?page={page_id}"),
        proof=_proof(entry),
    )


def get_entry(request: HttpRequest, seq: int, query: Query[Wording]) -> Proof:
    entry = Entry.objects.filter(seq=seq).first() if seq < 2**62 else None
    if entry is None:
        raise ApiMissing(NOT_IN_LOG)
    return _proof(entry)


def list_roots(request: HttpRequest, query: Query[Wording]) -> RootListing:
    return RootListing(items=[_root(root) for root in latest_roots(MOST_ROOTS)])


def get_root(
    request: HttpRequest, day: Path[datetime.date], query: Query[ConsistencyQuery]
) -> RootDetail:
    """Errors name no reason beyond the day: there is one root a day at most."""
    found = _root_of(day)
    if query.since is None:
        return _root(found)
    earlier = _root_of(query.since)
    if earlier.size > found.size:
        raise ApiMissing(NO_ROOT)
    return _root(found, consistency=consistency_between(earlier, found))


def _root_of(day: datetime.date) -> Root:
    found = Root.objects.select_related("key").filter(day=day).first()
    if found is None:
        raise ApiMissing(NO_ROOT)
    return found


def _root(root: Root, **more: Any) -> RootDetail:
    return RootDetail(**root_to_json(root), **more)


def _proof(entry: Entry) -> Proof:
    values = proof_of(entry)
    if values["root"] is not None:
        values["root"] = RootDetail(**values["root"])
    return Proof(**values)
