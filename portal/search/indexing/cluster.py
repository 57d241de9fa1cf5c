"""Generations as indexes of an OpenSearch cluster, with an alias for the one in use.

Several machines may run an indexer: a lease in the database says which of them writes.
"""

import datetime
import time
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from django.db.models import Q
from django.utils import timezone

from portal.search.engine.contract import EngineUnavailable
from portal.search.engine.opensearch_client import told
from portal.search.engine.opensearch_engine import OpenSearchWriter
from portal.search.engine.opensearch_mapping import mapping
from portal.search.engine.tantivy_schema import schema_hash
from portal.search.models import Replica

from .plan import Identity, Plan
from .stores import Generation

LEASE = datetime.timedelta(seconds=30)
RENEW_SECONDS = 5.0
GRACE_SECONDS = 60.0


def alias_of(origin: str) -> str:
    """The name under which a portal's index in use is asked: several may share a cluster."""
    return f"portal-search-{origin[:8]}"


class ClusterStore:
    """The indexes of one portal in a cluster."""

    def __init__(self, client: Any, origin: str, name: str, holder: str) -> None:
        self.name = name
        self._client, self._origin, self._holder = client, origin, holder
        self._alias = alias_of(origin)
        self._renewed_at = -RENEW_SECONDS
        self._holds = False
        self._kept: set[str] = set()
        self._retired: dict[str, float] = {}
        self._tidied_at = -GRACE_SECONDS

    def claim(self) -> bool:
        now = time.monotonic()
        if self._holds and now - self._renewed_at < RENEW_SECONDS:
            return True
        at = timezone.now()
        Replica.objects.get_or_create(name=self.name)
        # A lease from the future is one from before a clock was set back.
        free = Q(holder="") | Q(holder=self._holder) | Q(held_at=None)
        free |= Q(held_at__lt=at - LEASE) | Q(held_at__gt=at + LEASE)
        rows = Replica.objects.filter(free, name=self.name)
        self._holds = bool(rows.update(holder=self._holder, held_at=at))
        self._renewed_at = now
        return self._holds

    def release(self) -> None:
        if self._holds:
            Replica.objects.filter(name=self.name, holder=self._holder).update(holder="")
            self._holds = False

    def in_use(self) -> Generation | None:
        name = self._aliased()
        if name is None:
            return None
        found = self._open(name)
        return found if found.identity.schema == schema_hash() else None

    def unfinished(self, plan: Plan) -> Generation:
        prefix, current = f"portal-search-{plan.identity.name}.", self._aliased()
        with told():
            names = sorted(self._client.indices.get(index=f"{prefix}*", allow_no_indices=True))
        for name in names:
            if name != current:
                return self._open(name)
        serial = 1 + max((int(name.rpartition(".")[2]) for name in names), default=0)
        name = f"{prefix}{serial}"
        meta = {"identity": asdict(plan.identity), "words": sorted(plan.words)}
        with told():
            self._client.indices.create(index=name, body=mapping(meta))
        return self._open(name)

    def use(self, generation: Generation) -> None:
        actions: list[dict[str, Any]] = [
            {"add": {"index": generation.name, "alias": self._alias}},
        ]
        before = self._aliased()
        if before not in (None, generation.name):
            actions.insert(0, {"remove": {"index": before, "alias": self._alias}})
        with told():
            self._client.indices.update_aliases(body={"actions": actions})
        self._kept = {generation.name}

    def discard(self, generation: Generation) -> None:
        self._kept.discard(generation.name)
        with suppress(EngineUnavailable), told():
            self._client.indices.delete(index=generation.name, ignore_unavailable=True)

    def complaint(self) -> str:
        """The cluster looks after its own files."""
        return ""

    def tidy(self) -> None:
        now = time.monotonic()
        if now - self._tidied_at < GRACE_SECONDS / 2:
            return
        self._tidied_at = now
        current = self._aliased()
        with told():
            pattern = f"portal-search-*-{self._origin[:8]}-*"
            names = list(self._client.indices.get(index=pattern, allow_no_indices=True))
            for name in names:
                if name == current or name in self._kept:
                    self._retired.pop(name, None)
                elif self._retired.setdefault(name, now) + GRACE_SECONDS <= now:
                    self._client.indices.delete(index=name, ignore_unavailable=True)
                    del self._retired[name]

    def has_room(self) -> bool:
        """The cluster says so itself, by refusing to write."""
        return True

    def _open(self, name: str) -> Generation:
        meta = meta_of(self._client, name)
        generation = Generation(
            name,
            Identity(**meta["identity"]),
            frozenset(meta["words"]),
            OpenSearchWriter(self._client, name),
        )
        self._kept.add(name)
        self._retired.pop(name, None)
        return generation

    def _aliased(self) -> str | None:
        with told():
            if not self._client.indices.exists_alias(name=self._alias):
                return None
            found = self._client.indices.get_alias(name=self._alias)
        return next(iter(found), None)


def meta_of(client: Any, index: str) -> dict[str, Any]:
    """What the portal has written down of an index, or of what an alias stands for.

    Raises:
        EngineUnavailable: there is none, or it is no index of the portal.
    """
    with told():
        mappings = client.indices.get_mapping(index=index)
    for held in mappings.values():
        meta: dict[str, Any] = held["mappings"].get("_meta", {})
        if "identity" in meta and "words" in meta:
            return meta
    raise EngineUnavailable("The search cluster has no index of this portal yet.")
