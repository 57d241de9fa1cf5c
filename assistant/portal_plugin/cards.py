"""Approved answers as counter cards: what a plugin that makes cards is given of an entry."""

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.selectors.knowledge import ZH_HANS, Answerable, answerable, in_language
from portal.plugin_api import CardText

# Key in the registry ``card_sources``; part of the cards' addresses.
SOURCE = "assistant.entries"
_LONGEST_KEY = 12


class EntryCards:
    """Entries by their primary key. Nothing of a visitor: cards are of entries, not of receipts."""

    def card_text(self, key: str, *, language: str) -> CardText | None:
        """An entry that is public and in force now and has a Chinese text; else None."""
        if not (key.isascii() and key.isdecimal() and len(key) <= _LONGEST_KEY):
            return None
        entry = answerable([int(key)]).get(int(key))
        if entry is None:
            return None
        chinese = in_language(entry, ZH_HANS)
        if not chinese.is_asked_language:
            return None
        worded = in_language(entry, language)
        return _card_text(chinese.entry, worded.entry if worded.is_asked_language else None)


def _card_text(chinese: Answerable, foreign: Answerable | None) -> CardText:
    unit = QuestionPage.objects.select_related("owner_unit").get(pk=chinese.page).owner_unit
    shown = foreign or chinese
    is_english = foreign is not None and foreign.language == "en"
    return CardText(
        key=str(shown.page),
        page=shown.page,
        title=(foreign.question or foreign.title) if foreign else "",
        chinese_title=chinese.question or chinese.title,
        html=foreign.answer_html if foreign else "",
        chinese_html=chinese.answer_html,
        is_behind=foreign is not None and foreign.is_stale,
        contacts=f"{unit.full_name}\n{unit.address}\n{unit.phone}" if unit else "",
        sources=[source.page for source in chinese.sources if source.page is not None],
        names=[(unit.full_name, unit.english_name)] if unit and is_english else (),
    )
