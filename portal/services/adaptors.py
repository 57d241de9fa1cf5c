"""The sample adaptor: a platform that answers JSON, on the web or as the file that comes with it.

Written to be copied: an adaptor for a real platform differs in addresses and in the names of its
fields. Without an address it reads ``sandbox.json``, so that a city can be shown without a network;
``portal service_sandbox`` serves the same file over HTTP.
"""

import datetime
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import (
    CaseProgress,
    CaseStep,
    CertificateStanding,
    OutsideError,
    PlatformConnection,
    PlatformHealth,
    PlatformItem,
)

SANDBOX = Path(__file__).parent / "sandbox.json"


@cache
def sandbox() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(SANDBOX.read_text(encoding="utf-8"))
    return found


class JsonPlatform:
    """``GET items?since=`` and ``health``; ``POST items``, ``cases`` and ``certificates``."""

    label = _("Sample platform (JSON)")
    knows = frozenset({"items", "push", "progress", "certificates"})

    def health(self, connection: PlatformConnection) -> PlatformHealth:
        if not connection.address:
            return PlatformHealth(True, "The file that comes with the portal.")
        found = connection.ask_json("health", missing=())
        is_well = isinstance(found, dict) and found.get("state") == "ok"
        return PlatformHealth(is_well, "" if is_well else "The platform says that it is not well.")

    def items(
        self, connection: PlatformConnection, *, since: datetime.datetime | None
    ) -> Iterable[PlatformItem]:
        if connection.address:
            query = {"since": since.isoformat()} if since else None
            rows = connection.ask_json("items", query=query, missing=())
        else:
            rows = sandbox()["items"]
        found = [_item(row) for row in _rows(rows)]
        found = [item for item in found if since is None or item.changed_at > since]
        return sorted(found, key=lambda item: item.changed_at)

    def push(
        self, connection: PlatformConnection, items: Sequence[PlatformItem]
    ) -> Mapping[str, str]:
        if not connection.address:
            return {}
        sent = [
            {
                "base_code": item.base_code,
                "implementation_code": item.implementation_code,
                "title": item.title,
                "changed_at": item.changed_at.isoformat(),
                "fields": dict(item.fields),
            }
            for item in items
        ]
        answer = connection.ask_json("items", body={"items": sent}, missing=())
        refused = answer.get("refused") if isinstance(answer, dict) else None
        return {str(code): str(reason) for code, reason in (refused or {}).items()}

    def progress(
        self, connection: PlatformConnection, *, number: str, code: str
    ) -> CaseProgress | None:
        if connection.address:
            # In the body: numbers and codes do not belong into the logs of servers on the way.
            row = connection.ask_json("cases", body={"number": number, "code": code})
        else:
            row = _case(sandbox()["cases"], connection, number, code)
        return _progress(row) if row else None

    def certificate(
        self, connection: PlatformConnection, *, kind: str, number: str
    ) -> CertificateStanding | None:
        if connection.address:
            row = connection.ask_json("certificates", body={"kind": kind, "number": number})
        else:
            rows = sandbox()["certificates"]
            row = next((r for r in rows if (r["kind"], r["number"]) == (kind, number)), None)
        if not row:
            return None
        return CertificateStanding(
            kind=str(row["kind"]),
            number=str(row["number"]),
            is_valid=row.get("is_valid") is True,
            issuer=str(row.get("issuer") or ""),
            valid_through=parse_date(str(row.get("valid_through") or "")),
        )


def case_of(rows: Sequence[Mapping[str, Any]], number: str, code: str) -> Mapping[str, Any] | None:
    """The case with this number, if the code is its own; the comparison takes the same time."""
    row = next((row for row in rows if row["number"] == number), None)
    fits = hmac.compare_digest(str(row["code"] if row else "").encode(), code.encode())
    return row if row is not None and fits else None


def _case(
    rows: Sequence[Mapping[str, Any]], connection: PlatformConnection, number: str, code: str
) -> Mapping[str, Any] | None:
    """Of the file's systems the one that the options name; all where they name none."""
    system = connection.options.get("system")
    return case_of([row for row in rows if system in (None, row.get("system"))], number, code)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    rows = value.get("items") if isinstance(value, dict) else value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise OutsideError("The platform's list of items is no list.")
    return rows


def _item(row: Mapping[str, Any]) -> PlatformItem:
    try:
        return PlatformItem(
            base_code=str(row["base_code"]),
            implementation_code=str(row["implementation_code"]),
            title=str(row["title"]),
            changed_at=_moment(row["changed_at"]),
            fields=row.get("fields") or {},
        )
    except (KeyError, TypeError) as error:
        raise OutsideError(f"An item of the platform lacks {error}.") from error


def _progress(row: Mapping[str, Any]) -> CaseProgress:
    try:
        return CaseProgress(
            number=str(row["number"]),
            title=str(row["title"]),
            state=str(row["state"]),
            unit=str(row.get("unit") or ""),
            is_done=row.get("is_done") is True,
            due=parse_date(str(row.get("due") or "")),
            steps=[CaseStep(_moment(step["at"]), str(step["text"])) for step in row["steps"]],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise OutsideError("The platform's answer about a case cannot be read.") from error


def _moment(value: Any) -> datetime.datetime:
    try:
        found = parse_datetime(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise OutsideError(f"The platform gives {value!r} as a time.")
    return found
