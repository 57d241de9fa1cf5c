"""Public answers in the search of the portal: each letter with its answer is one result."""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import OutboxEvent, SearchEntry, SearchKind

from .models import Reply
from .selectors.ledger import public_letters, public_replies, public_reply, public_subject
from .surroundings import address, code_of

WORD = "letter"
ANSWERED_LETTERS = SearchKind(_("Answered letters"), order=85)


class LetterSource:
    """Keys are ``letter:<pk>``; texts are the masked ones."""

    word = WORD
    kinds: Sequence[str] = ("letter.published", "letter.moved")

    def keys(self, events: Sequence[OutboxEvent]) -> Iterable[str]:
        return {event.key for event in events}

    def entries(self, keys: Sequence[str]) -> Iterable[SearchEntry]:
        """Two queries."""
        pks = [int(key.partition(":")[2]) for key in keys if key.partition(":")[2].isdecimal()]
        released = public_replies().order_by("released_at", "pk")
        letters = (
            public_letters()
            .filter(pk__in=pks)
            .prefetch_related(Prefetch("replies", queryset=released, to_attr="released"))
        )
        for letter in letters:
            replies: list[Reply] = letter.released
            answers = [public_reply(reply) for reply in replies]
            yield SearchEntry(
                key=f"{WORD}:{letter.pk}",
                kind=WORD,
                language=letter.language,
                url=address(
                    "detail",
                    letter.number,
                    language="zh-hans" if letter.language.startswith("zh") else letter.language,
                    site=code_of(letter.site_id),
                ),
                title=public_subject(letter),
                body="\n".join([letter.masked_text, *answers]),
                summary=answers[-1][:200] if answers else "",
                site=letter.site_id,
                number=letter.number,
                agencies=[letter.unit_id] if letter.unit_id else [],
                date=letter.answered_at,
                weight=0.8,  # beside a rule or a guide the answer to one person comes later
            )

    def all_keys(self) -> Iterator[str]:
        for pk in public_letters().order_by("pk").values_list("pk", flat=True).iterator():
            yield f"{WORD}:{pk}"
