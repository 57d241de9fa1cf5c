"""What other parts of the portal do with letters: the capabilities ``letters`` and
``error_reports``. The words go to a page of ours or to the intake; nothing is sent for anybody.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, override

from portal.plugin_api import (
    DraftKind,
    DraftRefused,
    ErrorReportDraft,
    Letter,
    LetterDraft,
    LetterReceipt,
    LetterStanding,
    PreparedPage,
    error_reports,
    letters,
    main_site_pk,
)

from . import limits
from .forms_public import LONGEST_SUBJECT, LONGEST_TEXT, written
from .models import Channel, ErrorKind, LetterKind
from .models import Letter as LetterRow
from .selectors.kinds import ENTRIES, is_spoken_at, open_kinds
from .services.drafts import prepare_draft
from .services.intake import Sender, code_of, find_by_code, receive, token_hash
from .surroundings import address, own_path
from .surroundings import code_of as site_code


def _kinds(site: int | None, language: str) -> Sequence[LetterKind]:
    return open_kinds(site) if is_spoken_at(site, language) else ()


class LettersOfThePortal:
    """``portal.plugin_api.Letters``, see ``docs/plugins/capabilities/letters.md``."""

    def kinds(self, *, site: int | None, language: str) -> Sequence[DraftKind]:
        """Errors on pages have a capability of their own."""
        with override(language):
            return [
                DraftKind(kind.value, str(ENTRIES[kind][0]))
                for kind in _kinds(_site(site), language)
                if kind != LetterKind.ERROR
            ]

    def prepare(self, draft: LetterDraft, *, site: int | None) -> PreparedPage | DraftRefused:
        place = _site(site)
        if place is None or draft.kind not in _kinds(place, draft.language):
            return _not_taken(draft.language)
        token = prepare_draft(
            site=place,
            kind=draft.kind,
            subject=written(draft.subject)[:LONGEST_SUBJECT],
            text=written(draft.text)[:LONGEST_TEXT],
            language=draft.language,
            page_path=own_path(draft.page),
            conversation=written(draft.conversation),
        )
        return _page(token, place, draft.language)

    def outcome(self, token: str, *, site: int | None) -> LetterReceipt | None:
        letter = LetterRow.objects.filter(token_hash=token_hash(token)).first() if token else None
        if letter is None:
            return None
        return LetterReceipt(letter.number, code_of(letter, token), _status_url(letter))

    def send(
        self, letter: Letter, *, site: int | None, visitor: str
    ) -> LetterReceipt | DraftRefused:
        place = _site(site)
        if place is None or letter.kind not in _kinds(place, letter.language):
            return _not_taken(letter.language)
        with override(letter.language):
            if limits.wait_for_letter(visitor, place):
                return DraftRefused(
                    gettext("Too many letters were sent. Please try again in an hour.")
                )
            try:
                received = receive(
                    site=place,
                    kind=letter.kind,
                    subject=written(letter.subject),
                    text=written(letter.text),
                    language=letter.language,
                    sender=Sender(name=written(letter.name), email=letter.email),
                    channel=Channel.WEB,
                    page_path=own_path(letter.page),
                    visitor=visitor,
                )
            except ValidationError as error:
                return DraftRefused(" ".join(error.messages))
        return LetterReceipt(received.letter.number, received.code, _status_url(received.letter))

    def status(
        self, *, number: str, code: str, site: int | None, language: str, visitor: str
    ) -> LetterStanding | None:
        letter = find_by_code(number=number, code=code, visitor=visitor)
        if letter is None:
            return None
        since = letter.steps.order_by("-seq").values_list("at", flat=True).first()
        with override(language):
            state = str(letter.get_state_display())
        return LetterStanding(
            number=letter.number,
            state=state,
            url=address("status", language=language, site=site_code(letter.site_id)),
            since=timezone.localdate(since) if since else None,
            due=timezone.localdate(letter.due_at) if letter.due_at and letter.is_open else None,
        )


class ErrorsOfThePortal:
    """``portal.plugin_api.ErrorReports``."""

    def kinds(self, *, site: int | None, language: str) -> Sequence[DraftKind]:
        if LetterKind.ERROR not in _kinds(_site(site), language):
            return ()
        with override(language):
            return [DraftKind(kind.value, str(kind.label)) for kind in ErrorKind]

    def prepare(self, draft: ErrorReportDraft, *, site: int | None) -> PreparedPage | DraftRefused:
        place = _site(site)
        is_taken = draft.kind in ErrorKind.values and LetterKind.ERROR in _kinds(
            place, draft.language
        )
        if place is None or not is_taken:
            return _not_taken(draft.language)
        with override(draft.language):
            subject = str(ErrorKind(draft.kind).label)
        token = prepare_draft(
            site=place,
            kind=LetterKind.ERROR,
            subject=subject,
            text=written(draft.text)[:LONGEST_TEXT],
            language=draft.language,
            page_path=own_path(draft.page),
            error_kind=draft.kind,
        )
        return _page(token, place, draft.language)


def _site(site: int | None) -> int | None:
    """Letters go to a site: without one to the main one."""
    return site if site is not None else main_site_pk()


def _page(token: str, site: int, language: str) -> PreparedPage:
    return PreparedPage(address("draft", token, language=language, site=site_code(site)), token)


def _status_url(letter: LetterRow) -> str:
    return address(
        "status", language=letter.language, site=site_code(letter.site_id), number=letter.number
    )


def _not_taken(language: str) -> DraftRefused:
    with override(language):
        return DraftRefused(gettext("Letters of this kind are not taken here at present."))


letters.provide(LettersOfThePortal())
error_reports.provide(ErrorsOfThePortal())
