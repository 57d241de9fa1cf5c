"""What the desk shows: queues, lists, what lies beside a letter. Nothing here writes."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.interaction.masking import masked
from portal.interaction.models import (
    OPEN_STATES,
    UNPUBLISHED,
    Advice,
    Letter,
    LetterSender,
    LetterState,
    Reply,
    ReplyState,
    ReplyTemplate,
    Transfer,
)
from portal.interaction.permissions import (
    SLUG,
    own_units,
    visible_letters,
    waiting_for_translator,
)
from portal.interaction.typed import row_key
from portal.plugin_api import (
    Action,
    CapabilityUnavailable,
    Clock,
    DirectAnswer,
    Passage,
    ServiceGuide,
    capability,
    direct_answers,
    is_enabled,
    passages,
    service_guides,
    sites_allowing,
)
from portal.text.segmentation import query_tokens

from .seen import hiding

S = LetterState
_LOOKED_THROUGH = 2_000
_SHOWN = 4
COUNTED = 100  # more need not be told apart: who has so many works through a narrowed list
_ASKED = 300


# What is open, in words that the index of open letters answers to.
WAITING = Q(state__in=OPEN_STATES, closed_at__isnull=True)


# --- queues ---------------------------------------------------------------------------------------
def _at_sites(action: Action, user: Any) -> Q:
    sites = sites_allowing(user, action)
    if sites is None:
        return Q()
    return Q(site__in=sites) if sites else Q(pk__in=[])


def my_letters(user: Any) -> QuerySet[Letter]:
    """Open letters that wait for this account: something can be done with them, by it, now."""
    units = own_units(user)
    runs = sites_allowing(user, Action.SITE_SETTINGS)
    desk = _at_sites(Action.LETTERS_DESK, user) & (
        Q(state__in=(S.RECEIVED, S.ACCEPTED)) | Q(needs_translation=True, state__in=OPEN_STATES)
    )
    handler = _at_sites(Action.LETTERS_HANDLE, user) & (
        Q(holder=user.pk, state__in=(S.ASSIGNED, S.HANDLING))
        | Q(unit__in=units, holder__isnull=True, state__in=(S.ASSIGNED, S.HANDLING))
    )
    head = _at_sites(Action.LETTERS_REVIEW, user) & Q(state=S.IN_REVIEW)
    if runs is not None:
        head &= Q(unit__in=units) | Q(site__in=runs)
    releaser = _at_sites(Action.LETTERS_RELEASE, user) & Q(state=S.APPROVED)
    coming = Transfer.objects.filter(
        to_unit__in=units, confirmed_at__isnull=True, declined_at__isnull=True
    )
    asked = Advice.objects.filter(unit__in=units, given_at__isnull=True)
    unit_work = _at_sites(Action.LETTERS_HANDLE, user) | _at_sites(Action.LETTERS_REVIEW, user)
    beside = unit_work & (Q(pk__in=coming.values("letter")) | Q(pk__in=asked.values("letter")))
    # Who drafted does not approve or release: the own drafts wait for somebody else.
    own_drafts = Reply.objects.filter(
        drafted_by=user.pk,
        released_at__isnull=True,
        state__in=(ReplyState.IN_REVIEW, ReplyState.APPROVED),
    )
    reviews = (head | releaser) & ~Q(pk__in=own_drafts.values("letter"))
    to_translate = waiting_for_translator(user)
    return Letter.objects.filter(WAITING, desk | handler | reviews | beside | to_translate)


def for_list(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """With what a list shows, without texts and without who wrote."""
    return letters.select_related("site", "unit", "holder", "clock").defer(
        "text", "chinese_text", "masked_text", "conversation"
    )


@dataclass(frozen=True, slots=True)
class DeskFilters:
    """What the list is narrowed to; "" does not narrow."""

    state: str = ""
    kind: str = ""
    unit: str = ""
    site: str = ""
    due: str = ""
    channel: str = ""
    language: str = ""
    q: str = ""

    @classmethod
    def of(cls, sent: Any) -> "DeskFilters":
        return cls(
            **{
                name: sent.get(name, "").replace("\0", " ").strip()[:80]
                for name in cls.__dataclass_fields__
            }
        )


DUE = ("overdue", "soon", "extended", "reopened", "unpublished", "waiting_long")


def narrowed(letters: QuerySet[Letter], asked: DeskFilters) -> QuerySet[Letter]:
    found = letters
    if asked.state == "open":
        found = found.filter(WAITING)
    elif asked.state:
        found = found.filter(state=asked.state)
    for name in ("kind", "channel", "language"):
        if getattr(asked, name):
            found = found.filter(**{name: getattr(asked, name)})
    for name in ("unit", "site"):
        if getattr(asked, name):
            found = found.filter(**{name: row_key(getattr(asked, name))})
    found = _by_due(found, asked.due)
    return _having(found, asked.q) if asked.q else found


def _by_due(found: QuerySet[Letter], due: str) -> QuerySet[Letter]:
    now = timezone.now()
    match due:
        case "overdue":
            return found.filter(WAITING, due_at__lt=now)
        case "soon":
            soon = now + datetime.timedelta(days=3)
            return found.filter(WAITING, due_at__gte=now, due_at__lt=soon)
        case "extended":
            return found.filter(is_deferred=True)
        case "reopened":
            return found.filter(reopened__gt=0)
        case "unpublished":
            return found.filter(UNPUBLISHED)
        case "waiting_long":
            return found.filter(WAITING, received_at__lt=now - datetime.timedelta(days=60))
    return found


def _having(found: QuerySet[Letter], words: str) -> QuerySet[Letter]:
    """With this number, or with all these words in subject or text, among the newest."""
    if len(words) > 5 and words.isascii():
        exact = found.filter(number=words.upper())
        if exact.exists():
            return exact
    newest = found.order_by("-received_at", "-pk").values("pk")[:_LOOKED_THROUGH]
    hits = found.filter(pk__in=newest)
    for word in words.split()[:5]:
        hits = hits.filter(
            Q(subject__icontains=word) | Q(text__icontains=word) | Q(chinese_text__icontains=word)
            | Q(number__icontains=word)
        )  # fmt: skip
    return hits


def in_order(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """The most urgent first."""
    return letters.order_by(F("due_at").asc(nulls_last=True), "pk")


@dataclass(frozen=True, slots=True)
class Counts:
    """For the first page and the menu; "" for nothing, so that nothing is shown."""

    mine: int
    overdue: int
    escalated: int


def counts(user: Any) -> Counts:
    """One query for what waits, one for what is late."""
    mine = my_letters(user).order_by().values("pk")[:COUNTED].count()
    late = visible_letters(user).filter(WAITING, due_at__lt=timezone.now())
    # Asked of each late letter: a join would begin with all alarms that there ever were.
    shown_to_head = Clock.objects.filter(pk=OuterRef("clock"), alarms__what="escalated")
    escalated = late.filter(Exists(shown_to_head)).order_by().values("pk")
    return Counts(mine, late.order_by().values("pk")[:COUNTED].count(), escalated[:COUNTED].count())


# --- beside a letter ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AnsweredLike:
    """A letter that is alike, with the reply that was sent."""

    letter: Letter
    reply: Reply
    common: int
    subject: str
    text: str


@dataclass(slots=True)
class Material:
    """What helps to answer. Each part is empty where nobody gives it."""

    passages: Sequence[Passage] = ()
    guides: Sequence[ServiceGuide] = ()
    answer: DirectAnswer | None = None
    similar: list[AnsweredLike] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.passages or self.guides or self.answer or self.similar)


def material(letter: Letter, user: Any) -> Material:
    """Policies, guides, approved answers and answered letters that a letter is about. The words
    are masked before they go to another part of the portal."""
    names = list(LetterSender.objects.filter(letter=letter).values_list("name", flat=True))
    whole = letter.chinese_text or f"{letter.subject}\n{letter.text}"
    words = masked(whole, filter(None, names))[:_ASKED]
    subject = (
        masked(letter.subject, filter(None, names))[:100]
        if not letter.chinese_text
        else words[:100]
    )
    site, language = letter.site_id, "zh-hans"
    return Material(
        passages=_ask(passages, site, lambda it: it.passages(
            words, site=site, language=language, count=_SHOWN), ()),
        guides=_ask(service_guides, site, lambda it: it.find(
            subject, site=site, language=language, count=_SHOWN), ()),
        answer=_ask(direct_answers, site, lambda it: it.direct_answer(
            subject, site=site, language=language), None),
        similar=similar(letter, user),
    )  # fmt: skip


def _ask(point: Any, site: int, question: Any, nothing: Any) -> Any:
    provider = capability(point, site)
    if provider is None:
        return nothing
    try:
        return question(provider)
    except CapabilityUnavailable:
        return nothing


_ENOUGH = 3


def similar(letter: Letter, user: Any, count: int = 3) -> list[AnsweredLike]:
    """Answered letters with most words in common, of those that the account may read."""
    wanted = _words(letter.chinese_text or f"{letter.subject} {letter.text}")
    if not wanted:
        return []
    rows = visible_letters(user).filter(state=S.ANSWERED, site=letter.site_id)
    # By receipt: for that order there is an index, and it is nearly that of the answers.
    rows = rows.exclude(pk=letter.pk).order_by("-received_at", "-pk")
    found = []
    for pk, subject, text in rows.values_list("pk", "subject", "text")[:500]:
        # Of the text the beginning: what it is about stands there.
        common = len(wanted & _words(f"{subject} {text[:200]}"))
        if common >= _ENOUGH:
            found.append((common, pk))
    found.sort(reverse=True)
    best = {pk: common for common, pk in found[:count]}
    replies = (
        Reply.objects.filter(letter__in=best, state=ReplyState.RELEASED)
        .select_related("letter", "unit")
        .order_by("pk")
    )
    newest = {reply.letter_id: reply for reply in replies}
    found_rows = []
    for pk, reply in newest.items():
        hide = hiding(user, reply.letter)
        found_rows.append(
            AnsweredLike(
                reply.letter, reply, best[pk], hide(reply.letter.subject), hide(reply.text)
            )
        )
    return sorted(found_rows, key=lambda row: -row.common)


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in query_tokens(text) if len(word) > 1)


def templates_for(letter: Letter) -> list[ReplyTemplate]:
    """Those of the unit and of the site for this kind."""
    rows = ReplyTemplate.objects.filter(site=letter.site_id, is_active=True)
    rows = rows.filter(Q(unit__isnull=True) | Q(unit=letter.unit_id))
    return [row for row in rows if not row.kinds or letter.kind in row.kinds]


def writes_anywhere(user: Any, action: Action) -> bool:
    sites = sites_allowing(user, action)
    return sites is None or any(is_enabled(SLUG, pk) for pk in sites)
