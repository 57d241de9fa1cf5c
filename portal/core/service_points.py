"""Connections with service platforms elsewhere: the registry ``service_adaptors`` and its types.

The page in ``docs/plugins/registries/service_adaptors.md`` says how one is written.
"""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlencode

from portal.plugins.slots import Registry

from .outside import OutsideError, ask_outside


@dataclass(frozen=True, slots=True)
class PlatformConnection:
    """A platform as an administrator entered it. ``secret`` comes from the environment.

    ``allow_private``: the administrator of the installation allows it to lie in an inner network.
    """

    name: str
    address: str
    secret: str = field(default="", repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    allow_private: bool = False
    seconds: float = 10.0

    def ask_json(
        self,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        missing: tuple[int, ...] = (404,),
    ) -> Any:
        """What the platform answers below its address, as JSON; None for a status in ``missing``.

        With a ``body`` it is sent as JSON (POST). Only https, no private networks unless allowed,
        at most 2 MB and ``seconds``; no redirect is followed.

        Raises:
            OutsideError: it does not answer, refuses, or answers something else than JSON.
            PrivateAddress: its name leads into a private network.
        """
        address = f"{self.address.rstrip('/')}/{path.lstrip('/')}"
        if query:
            address = f"{address}?{urlencode(query)}"
        sent = {"Accept": "application/json", **(headers or {})}
        if self.secret:
            sent.setdefault("Authorization", f"Bearer {self.secret}")
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json; charset=utf-8"
        answer = ask_outside(
            "GET" if body is None else "POST",
            address,
            headers=sent,
            body=data,
            seconds=self.seconds,
            allow_private=self.allow_private,
        )
        if answer.status in missing:
            return None
        if not 200 <= answer.status < 300:
            raise OutsideError(f"{self.name} answers with status {answer.status}.")
        try:
            return json.loads(answer.body)
        except ValueError as error:
            raise OutsideError(f"{self.name} answers something that is no JSON.") from error


@dataclass(frozen=True, slots=True)
class PlatformItem:
    """An item of a platform's catalogue. Codes are opaque text, kept as given.

    ``fields`` are the columns of the exchange of guides (docs/editors/services-lists.md).
    """

    base_code: str
    implementation_code: str
    title: str
    changed_at: datetime.datetime
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseStep:
    """What happened with a case: ``at`` is aware, ``text`` as the platform words it."""

    at: datetime.datetime
    text: str


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """How a case stands, for whoever has its number and code; nothing of the person.

    ``state`` as the platform words it; ``due`` by when it is to be done, where that is known.
    """

    number: str
    title: str
    state: str
    unit: str = ""
    is_done: bool = False
    due: datetime.date | None = None
    steps: Sequence[CaseStep] = ()


@dataclass(frozen=True, slots=True)
class CertificateStanding:
    """Whether an electronic certificate (电子证照) holds; nothing of its holder."""

    kind: str
    number: str
    is_valid: bool
    issuer: str = ""
    valid_through: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class PlatformHealth:
    """``note`` says what is wrong, or what was seen, in a sentence for administrators."""

    is_well: bool
    note: str = ""


@runtime_checkable
class ServiceAdaptor(Protocol):
    """Speaks with one kind of platform. Every call may raise ``OutsideError``.

    ``knows`` names what the platform can do: ``items``, ``push``, ``progress``, ``certificates``;
    the portal calls nothing else, and ``health``.
    """

    label: Any
    knows: frozenset[str]

    def health(self, connection: PlatformConnection) -> PlatformHealth:
        """Ask something cheap that works only if the connection does."""
        ...

    def items(
        self, connection: PlatformConnection, *, since: datetime.datetime | None
    ) -> Iterable[PlatformItem]:
        """The items that changed since then (None: all), the oldest change first."""
        ...

    def push(
        self, connection: PlatformConnection, items: Sequence[PlatformItem]
    ) -> Mapping[str, str]:
        """Hand items over; implementation code → why it was refused. Empty: all were taken."""
        ...

    def progress(
        self, connection: PlatformConnection, *, number: str, code: str
    ) -> CaseProgress | None:
        """How a case stands; None unless both fit, without saying which does not."""
        ...

    def certificate(
        self, connection: PlatformConnection, *, kind: str, number: str
    ) -> CertificateStanding | None:
        """Look a certificate up in the platform's library; None where it has none."""
        ...


service_adaptors: Registry[ServiceAdaptor] = Registry(
    "service_adaptors",
    ServiceAdaptor,  # type: ignore[type-abstract]
    doc="""
    Kinds of service platforms that a site can be connected with: catalogue of items both ways,
    progress of cases, electronic certificates. The key is stored with each connection: do not
    rename it.
    """,
)
