"""What plugins can do for somebody who talks with the assistant: letters, services, skills.

Capabilities that the assistant asks for and hides itself without, and the registry of skills. Each
has a page in ``docs/plugins/``. Nothing here knows the assistant: whoever leads a conversation may
use them.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from portal.plugins.capabilities import Capability
from portal.plugins.slots import Registry


# --- letters and reports --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DraftKind:
    """A kind of letter or report: ``key`` is stored, ``label`` is in the language asked for."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """What somebody wants to write. Personal data is masked (``***``): the page asks for it.

    ``page`` is the path from which it is written, ``conversation`` the talk that led to it, a
    line each, where the writer wants it added; both may be empty.
    """

    kind: str
    subject: str
    text: str
    language: str
    page: str = ""
    conversation: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as somebody sends it from a form: complete, with whom to answer.

    It is answered in ``language``, at ``email``; there is no telephone number in it. ``page`` is
    the path from which it is written.
    """

    kind: str
    subject: str
    text: str
    language: str
    name: str
    email: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A page of the provider's, filled in: ``url`` begins with ``/``.

    ``token`` names what was prepared for whoever prepared it: 128 random bits at least. Nothing
    counts as sent before a person sends it on that page.
    """

    url: str
    token: str


@dataclass(frozen=True, slots=True)
class DraftRefused:
    """Why something cannot be filled in, for the visitor and in the draft's language."""

    reason: str


@dataclass(frozen=True, slots=True)
class LetterReceipt:
    """A letter that was sent: its number, the code that opens it, its page."""

    number: str
    code: str
    url: str


@dataclass(frozen=True, slots=True)
class LetterStanding:
    """How a letter stands, for whoever has number and code; nothing of its text.

    ``state`` is in the language asked for; ``since`` from when it holds, ``due`` by when an answer
    is owed, None where that is open.
    """

    number: str
    state: str
    url: str
    since: datetime.date | None = None
    due: datetime.date | None = None


@runtime_checkable
class Letters(Protocol):
    """Takes letters to the government on a page of its own, and knows how each stands."""

    def kinds(self, *, site: int | None, language: str) -> Sequence[DraftKind]:
        """The kinds that this site takes; empty: none at present."""
        ...

    def prepare(self, draft: LetterDraft, *, site: int | None) -> PreparedPage | DraftRefused:
        """A page with this letter filled in. Nothing is sent; unsent drafts end by themselves."""
        ...

    def outcome(self, token: str, *, site: int | None) -> LetterReceipt | None:
        """What became of a prepared letter; None as long as it was not sent, and for no token."""
        ...

    def send(
        self, letter: Letter, *, site: int | None, visitor: str
    ) -> LetterReceipt | DraftRefused:
        """Take a letter that its writer has just sent.

        ``visitor`` is a hash of who sends ("" where unknown). What is refused is not kept.
        """
        ...

    def status(
        self, *, number: str, code: str, site: int | None, language: str, visitor: str
    ) -> LetterStanding | None:
        """How a letter stands; None unless both fit, without saying which does not.

        ``visitor`` is a hash of who asks ("" where unknown): the provider bounds how often one may
        guess.
        """
        ...


letters: Capability[Letters] = Capability("letters", Letters)  # type: ignore[type-abstract]


@dataclass(frozen=True, slots=True)
class ErrorReportDraft:
    """What is wrong with a page: its path ("" where unknown), the kind, the words about it."""

    kind: str
    text: str
    language: str
    page: str = ""


@runtime_checkable
class ErrorReports(Protocol):
    """Takes reports of errors on pages (找错) on a page of its own."""

    def kinds(self, *, site: int | None, language: str) -> Sequence[DraftKind]:
        """The kinds of errors to choose from; empty: no reports are taken at present."""
        ...

    def prepare(self, draft: ErrorReportDraft, *, site: int | None) -> PreparedPage | DraftRefused:
        """A page with this report filled in. Nothing is sent."""
        ...


error_reports: Capability[ErrorReports] = Capability(
    "error_reports",
    ErrorReports,  # type: ignore[type-abstract]
)


# --- services -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ServiceGuide:
    """A public guide to a service. ``unit`` handles it; ``facts`` are (label, value), such as the
    time limit and the fee, in the language of the guide."""

    key: str
    title: str
    url: str
    summary: str = ""
    unit: str = ""
    facts: Sequence[tuple[str, str]] = ()


@runtime_checkable
class ServiceGuides(Protocol):
    """Finds services by what people want to get done."""

    def find(
        self, text: str, *, site: int | None, language: str, count: int = 5
    ) -> Sequence[ServiceGuide]:
        """The guides that fit best, at most ``count``; none rather than what does not fit.

        Args:
            text: what somebody wants to do, as it was typed.
            site: of this site and of the main one; None: of all.
            language: of the guides, such as ``zh-hans``.
        """
        ...


service_guides: Capability[ServiceGuides] = Capability(
    "service_guides",
    ServiceGuides,  # type: ignore[type-abstract]
)


# --- policies -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DocumentNamed:
    """Another document: ``url`` is "" where it has no public page here."""

    title: str
    number: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class PolicyStanding:
    """How a public document stands on a day.

    ``document`` is the primary key of its page; ``standing`` a value of ``Standing``. All days are
    the first of the new state but ``valid_through``, the last one in force. ``ended_by`` is what
    repealed or replaced it, ``amended_by`` what amended it, where that is known.
    """

    document: int
    title: str
    number: str
    url: str
    standing: str
    bodies: Sequence[str] = ()
    issued_on: datetime.date | None = None
    in_force_from: datetime.date | None = None
    valid_through: datetime.date | None = None
    ended_on: datetime.date | None = None
    is_replaced: bool = False
    ended_by: DocumentNamed | None = None
    amended_on: datetime.date | None = None
    amended_by: DocumentNamed | None = None


@runtime_checkable
class PolicyStandings(Protocol):
    """Tells whether documents are in force, by what people call them."""

    def find(
        self, words: str, *, site: int | None, language: str, day: datetime.date, count: int = 5
    ) -> Sequence[PolicyStanding]:
        """Public documents that ``words`` name: a title, a part of one, or a document number.

        The best first, at most ``count``; one alone where a number or a whole title fits exactly.
        Those that are no longer in force are found as well. ``site``: of this site and of the main
        one; None: of all. Of what ``day`` says nothing had been issued yet is left out.
        """
        ...

    def read(self, document: int, *, day: datetime.date) -> PolicyStanding | None:
        """The same of one document by its page; None where it is not public."""
        ...


policy_standing: Capability[PolicyStandings] = Capability(
    "policy_standing",
    PolicyStandings,  # type: ignore[type-abstract]
)


# --- skills ---------------------------------------------------------------------------------------
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST_SKILL_NAME = 30


@dataclass(frozen=True, slots=True)
class SkillField:
    """Something that a skill must know before it acts.

    ``name`` is a word of small letters; ``label`` names it in the overview, ``ask`` asks for it,
    ``hint`` says how to write it. ``choices`` are (key, label): empty for free text of at most
    ``longest`` characters. Labels and questions are lazy translations.
    """

    name: str
    label: Any
    ask: Any
    hint: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    longest: int = 200
    can_skip: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.name) > LONGEST_SKILL_NAME:
            raise ValueError(f"{self.name!r} is no name for a field of a skill")


@dataclass(frozen=True, slots=True)
class SkillReply:
    """What a skill says, as plain text in the visitor's language; ``links`` are (label, address)
    that begin with ``/`` or ``https://``."""

    text: str
    links: Sequence[tuple[str, str]] = ()


@runtime_checkable
class DialogueSkill(Protocol):
    """One more thing that the assistant can do.

    ``title`` stands on a button. ``examples`` are sentences by language code with which people ask
    for it: twenty at least, ten of them Chinese, different in words, none of them what people say
    for other things. ``fields`` are asked in their order. ``confirms``: the visitor looks over
    what was gathered and says yes before ``act`` is called: True for whatever changes anything.
    """

    @property
    def title(self) -> Any: ...

    @property
    def examples(self) -> Mapping[str, Sequence[str]]: ...

    @property
    def fields(self) -> Sequence[SkillField]: ...

    @property
    def confirms(self) -> bool: ...

    def check(
        self, field: str, value: str, *, values: Mapping[str, str], site: int | None, language: str
    ) -> str:
        """Why a value cannot be taken, in a sentence for the visitor; "" where it can."""
        ...

    def act(self, values: Mapping[str, str], *, site: int | None, language: str) -> SkillReply:
        """Do it. ``values`` has every field, "" for those left out. Personal data is masked."""
        ...


class _Skills(Registry[DialogueSkill]):
    """Refuses names of which no intent can be made."""

    def _check(self, name: str, item: DialogueSkill) -> None:
        super()._check(name, item)
        if not _NAME.fullmatch(name) or len(name) > LONGEST_SKILL_NAME:
            raise ValueError(f"{name!r} is no name for a skill: small letters, at most 30")
        names = [field.name for field in item.fields]
        if len(set(names)) < len(names):
            raise ValueError(f"the skill {name} asks for a field twice")


dialogue_skills: Registry[DialogueSkill] = _Skills(
    "dialogue_skills",
    DialogueSkill,  # type: ignore[type-abstract]
    doc="""
    What the assistant can do beside answering: an intent with its examples, the fields of a form,
    and what is done in the end. The assistant is trained anew when they change
    (``portal export_skills``).
    """,
)
