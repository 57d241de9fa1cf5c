"""The bytes that are hashed: one canonical form, the same on every database."""

import datetime
import json
from collections.abc import Mapping
from typing import Any

from portal.plugin_api import evidence_hash

FIRST_CHAIN = "0" * 64


def canonical(value: Any) -> str:
    """JSON with sorted keys and without spaces: two databases that agree give the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment(at: datetime.datetime) -> str:
    """A time as it stands in leaves: UTC with microseconds."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest_of(fields: Mapping[str, str]) -> str:
    """The fingerprint of an item: over the hash of each of its fields."""
    return evidence_hash("portal-evidence-item\n" + canonical(dict(fields)))


def leaf_bytes(
    *, seq: int, key: str, action: str, digest: str, at: datetime.datetime, event: int | None
) -> bytes:
    """One entry as it is hashed, written to the file and given to citizens."""
    leaf = {
        "v": 1, "seq": seq, "key": key, "action": action, "digest": digest,
        "at": moment(at), "event": event,
    }  # fmt: skip
    return canonical(leaf).encode()


def chained(before: str, leaf: str) -> str:
    """What binds an entry (by its leaf's hash) to all before it."""
    return evidence_hash(f"{before}\n{leaf}")


def statement(
    *, log: str, day: datetime.date, size: int, root: str, at: datetime.datetime
) -> bytes:
    """The text that is signed each day."""
    lines = ("portal-evidence-root v1", log, day.isoformat(), str(size), root, moment(at))
    return "".join(f"{line}\n" for line in lines).encode()


def key_statement(*, log: str, public_key: str, at: datetime.datetime) -> bytes:
    """The text by which a key hands over to the next."""
    lines = ("portal-evidence-key v1", log, evidence_hash(public_key), moment(at))
    return "".join(f"{line}\n" for line in lines).encode()
