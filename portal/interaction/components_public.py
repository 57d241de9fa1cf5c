"""What visitors and other programs meet of letters: search, lists, a section for homes, API."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.plugin_api import (
    ApiRoutes,
    FixedAddresses,
    ListItem,
    ScheduledJob,
    api_routers,
    components,
    gap_signals,
    hot_topics,
    list_sources,
    page_today,
    scheduled_jobs,
    search_kinds,
    search_sources,
    sitemap_sources,
)

from . import menu_entry, signals_public, switching  # noqa: F401 - entered by being imported
from .api import make_router
from .asked_often import AskedInLetters
from .gap_signals import QuestionsInLetters
from .jobs import CLEAR_UNSENT
from .search_source import ANSWERED_LETTERS, WORD, LetterSource
from .selectors import figures
from .selectors.kinds import open_kinds
from .selectors.ledger import LedgerRow, newest
from .services.drafts import clear_unsent
from .surroundings import address, code_of

# So many answers stand beside the numbers.
_BESIDE = 4


class AnsweredLetters:
    """A list for the block "List from a plugin"."""

    label = _("Newest answered letters")

    def items(self, *, site: int | None, language: str, count: int) -> Sequence[ListItem]:
        code = code_of(site)
        return [
            ListItem(
                title=row.subject,
                url=address("detail", row.number, language=language, site=code),
                date=row.answered_at,
                summary=row.excerpt,
                source=row.unit,
            )
            for row in newest(site, count, language=language)
        ]


class LettersSection:
    """The numbers of the year, the way to a letter, the newest answers: for homes."""

    media = forms.Media(css={"all": ["interaction/public.css"]})

    def __init__(self, site: int, language: str, rows: Sequence[LedgerRow]) -> None:
        self.site, self.language, self.rows = site, language, rows

    def render_html(self, parent_context: Any = None) -> SafeString:
        code = code_of(self.site)

        def url(name: str, *args: object) -> str:
            return address(name, *args, language=self.language, site=code)

        in_chinese = self.language.startswith("zh")
        context = {
            "numbers": figures.summary(site=self.site, year=page_today().year),
            "rows": [(row, url("detail", row.number)) for row in self.rows],
            "write_url": url("write"),
            "status_url": url("status"),
            "public_url": url("public"),
            "figures_url": url("figures"),
            "in_chinese": in_chinese,
        }
        return render_to_string("interaction/public/section.html", context)


class LettersComponent:
    """Nothing where no letters are taken and none is public."""

    label = _("Letters: this year's numbers and the newest answers")

    def render(self, *, site: int | None, context: Mapping[str, Any]) -> LettersSection | None:
        if site is None:
            return None
        language = get_language() or "zh-hans"
        rows = newest(site, _BESIDE, language=language)
        if not rows and not open_kinds(site):
            return None
        return LettersSection(site, language, rows)


search_sources.register(WORD, LetterSource())
search_kinds.register(WORD, ANSWERED_LETTERS)
api_routers.register("letters", ApiRoutes("letters", make_router))
list_sources.register("answered", AnsweredLetters())
components.register("letters", LettersComponent())
hot_topics.register("letters", AskedInLetters())
gap_signals.register("questions", QuestionsInLetters())
scheduled_jobs.register(
    "clear_unsent",
    ScheduledJob(label=CLEAR_UNSENT, work=clear_unsent, every=datetime.timedelta(minutes=30)),
)
sitemap_sources.register("ledger", FixedAddresses("/letters/", "/letters/public/"))
