"""The answer above the results of a search: only what is sure, and nothing is kept of the query."""

from django.apps import apps

from assistant.dialogue.routing import route
from assistant.portal_plugin.selectors.knowledge import in_language
from assistant.portal_plugin.services import switch
from assistant.portal_plugin.services.answers import Question
from assistant.retrieval.contract import Decision
from portal.plugin_api import DirectAnswer

from . import languages
from .finding import Search, find


class KnowledgeBase:
    """The provider of ``direct_answer``."""

    def direct_answer(self, query: str, *, site: int | None, language: str) -> DirectAnswer | None:
        """The approved text that answers a query; None where the index would ask back."""
        routed = route(query)
        spoken = languages.known(language) or "zh-hans"
        if routed.status is not None or switch.pause_at(site) is not None:
            return None
        main = apps.get_model("core", "SiteRecord").objects.filter(kind="portal")
        question = Question(
            "",
            site=site,
            main_site=main.values_list("pk", flat=True).first(),
        )
        found = find(Search(routed.question, spoken, sites=question.sites))
        if found.decision is not Decision.ANSWER:
            return None
        worded = in_language(found.matches[0].entry, spoken)
        entry = worded.entry
        return DirectAnswer(
            question=entry.question or entry.title,
            html=entry.answer_html,
            text=entry.answer_text,
            language=worded.language,
            url=entry.url,
            trust=str(entry.trust),
            owner=entry.owner,
            valid_from=entry.valid_from,
            valid_until=entry.valid_until,
        )
