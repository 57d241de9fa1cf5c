#!/usr/bin/env python3
"""Checks the proof of a page on your own computer. Python 3.9 or newer, nothing to install.

    python3 check_proof.py proof.json [--key key.pem]

``proof.json`` is what ``/api/v1/evidence/pages/NUMBER`` gives, ``key.pem`` the public key that you
got from the site (``/verify/key.pem``) at another time or from somebody you trust; without it the
key in the proof is believed. Exit code 0: the proof holds. 1: it does not. 2: it cannot be read.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from typing import Any

# --- Merkle tree (RFC 6962) -----------------------------------------------------------------------


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root that a proof leads to; None where it is not one for this place."""
    if not 0 <= index < size:
        return None
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if node & 1 or node == last:
            found = node_hash(step, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return found if last == 0 else None


# --- Ed25519 (RFC 8032, section 6) ----------------------------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def add(a: Any, b: Any) -> Any:
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    aa, bb = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    cc, dd = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = bb - aa, dd - cc, dd + cc, bb + aa
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(scalar: int, point: Any) -> Any:
    found: Any = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            found = add(found, point)
        point = add(point, point)
        scalar >>= 1
    return found


def same(a: Any, b: Any) -> bool:
    return bool((a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0)


def point_of(raw: bytes) -> Any:
    """A point from its 32 bytes; None where they are none."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P)
    if x2 % P == 0:
        x: Any = 0 if not sign else None
    else:
        x = pow(x2, (P + 3) // 8, P)
        if (x * x - x2) % P != 0:
            x = x * SQRT_M1 % P
        if (x * x - x2) % P != 0:
            return None
        if x & 1 != sign:
            x = P - x
    return None if x is None else (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    return same(times(s, BASE), add(r, times(h, a)))


def key_bytes(pem: str) -> bytes:
    """The 32 bytes of an Ed25519 public key in PEM."""
    lines = [line for line in pem.strip().splitlines() if not line.startswith("-----")]
    raw = base64.b64decode("".join(lines))
    if len(raw) != 44 or raw[:12] != bytes.fromhex("302a300506032b6570032100"):
        raise ValueError("this is no Ed25519 public key")
    return raw[12:]


# --- the proof ------------------------------------------------------------------------------------


def check(told: Any, pem: str | None = None) -> list[str]:
    """What speaks against a proof, as sentences; an empty list: it holds."""
    proof = told.get("proof", told)
    root = proof["root"]
    if root is None:
        return ["The entry is not signed yet: ask again tomorrow."]
    wrong: list[str] = []
    leaf = proof["leaf"].encode()
    entry = json.loads(leaf)
    if "digest" in told and (entry["digest"], entry["key"]) != (told["digest"], told["key"]):
        wrong.append("The entry is not the one of this page.")
    steps = [bytes.fromhex(step) for step in proof["inclusion"]]
    found = root_from_proof(leaf_hash(leaf), entry["seq"], root["size"], steps)
    if found is None or found.hex() != root["root"]:
        wrong.append("The proof does not lead from the entry to the root.")
    lines = root["statement"].split("\n")
    if lines[0] != "portal-evidence-root v1" or lines[2:5] != [
        root["day"],
        str(root["size"]),
        root["root"],
    ]:
        wrong.append("What was signed is not this root.")
    if root["algorithm"] != "Ed25519":
        return [*wrong, "This program knows Ed25519 only, not " + root["algorithm"] + "."]
    public = key_bytes(pem if pem is not None else root["public_key"])
    if not signature_holds(public, root["statement"].encode(), base64.b64decode(root["signature"])):
        wrong.append("The signature is not by this key.")
    if told.get("is_as_published") is False:
        wrong.append("The portal itself says that the page differs from what was published.")
    return wrong


def say(text: str | None) -> None:
    sys.stdout.write(f"{text}\n")


def main(arguments: list[str]) -> int:
    pem = None
    if "--key" in arguments:
        place = arguments.index("--key")
        if place + 1 >= len(arguments):
            say(__doc__)
            return 2
        with open(arguments[place + 1], encoding="utf-8") as file:
            pem = file.read()
        arguments = arguments[:place] + arguments[place + 2 :]
    if len(arguments) != 1:
        say(__doc__)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            told = json.load(file)
        wrong = check(told, pem)
    except (OSError, ValueError, KeyError, TypeError) as error:
        say(f"The proof cannot be read: {error!r}")
        return 2
    for sentence in wrong:
        say(sentence)
    if not wrong:
        entry = json.loads(told.get("proof", told)["leaf"])
        say(f"The proof holds: entry {entry['seq']}, {entry['key']}, {entry['at']}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
