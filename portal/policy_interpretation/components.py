"""What this plugin enters into the portal's registries."""

import datetime
from collections.abc import Sequence

from portal.plugin_api import (
    ApiRoutes,
    FixedAddresses,
    OutboxEvent,
    ScheduledJob,
    api_routers,
    clock_kinds,
    components,
    dashboard_panels,
    demo_content,
    dependants,
    evidence_sources,
    list_sources,
    outbox_consumers,
    scheduled_jobs,
    search_cards,
    search_labels,
    search_sources,
    sitemap_sources,
    watched_texts,
)

from .api import make_router
from .apps import (
    COLLECT_HOT_QUESTIONS,
    COMPARE_FIGURES,
    FOLLOW_CASES,
    FOLLOW_OBLIGATIONS,
    GO_ON_IMPORTING,
)
from .deadlines import INTERPRETATION, OPINION_KINDS
from .demo_content import DemoPolicies
from .dependants import Documents, PlainAddresses, Products
from .disclosure_follower import CatalogueFollower
from .disclosure_panels import DisclosureReminders
from .evidence import ClauseTexts
from .importing import queue
from .library_search import LibrarySearch
from .lists import Refutations, Responses
from .obligation_follower import ObligationFollower
from .obligation_panels import OwedInterpretations
from .panels import CasesPanel, ValidityPanel
from .search_cards import DocumentCards, InterpretationCards
from .search_clauses import ClauseSource
from .search_labels import Forms, Themes
from .services import cascade, opinion
from .services.obligations import recompute_site
from .watch.dashboard import DifferingFigures
from .watch.services import nightly
from .watch.sources import Interpretations, Translations


class CaseFollower:
    """Opens cases of what the calendar ended, and looks again where an item changed."""

    name = "policy_cases"
    kinds: Sequence[str] = (
        "page.validity",
        "page.published",
        "page.updated",
        "page.withdrawn",
        "page.deleted",
    )

    def handle(self, events: Sequence[OutboxEvent]) -> None:
        ended = {event.key for event in events if event.kind == "page.validity"}
        changed = {event.key for event in events} - ended
        cascade.follow_changes(ended=ended, changed=changed)


api_routers.register("policies", ApiRoutes("policies", make_router))
sitemap_sources.register("library", FixedAddresses("/policies/", "/policies/interpretations/"))
dependants.register("products", Products())
dependants.register("documents", Documents())
dependants.register("plain_addresses", PlainAddresses())
dashboard_panels.register("cases", CasesPanel())
dashboard_panels.register("validity", ValidityPanel())
search_sources.register("clauses", ClauseSource())
outbox_consumers.register("cases", CaseFollower())
scheduled_jobs.register(
    "follow_cases",
    ScheduledJob(label=FOLLOW_CASES, work=cascade.follow_site, at=datetime.time(0, 20)),
)

dashboard_panels.register("differing_figures", DifferingFigures())
scheduled_jobs.register(
    "compare_figures",
    ScheduledJob(label=COMPARE_FIGURES, work=nightly, at=datetime.time(2, 10)),
)
watched_texts.register("interpretations", Interpretations())
watched_texts.register("translations", Translations())
demo_content.register("policies", DemoPolicies())

evidence_sources.register("clauses", ClauseTexts())
clock_kinds.register("interpretation", INTERPRETATION)
for _name, _kind in OPINION_KINDS.items():
    clock_kinds.register(_name, _kind)
list_sources.register("responses", Responses())
list_sources.register("refutations", Refutations())
dashboard_panels.register("owed_interpretations", OwedInterpretations())
outbox_consumers.register("obligations", ObligationFollower())
outbox_consumers.register("catalogue", CatalogueFollower())
dashboard_panels.register("disclosure_reminders", DisclosureReminders())
scheduled_jobs.register(
    "follow_obligations",
    ScheduledJob(label=FOLLOW_OBLIGATIONS, work=recompute_site, at=datetime.time(0, 40)),
)

components.register("library_search", LibrarySearch())
search_cards.register("documents", DocumentCards())
search_cards.register("interpretations", InterpretationCards())


scheduled_jobs.register(
    "go_on_importing",
    ScheduledJob(
        label=GO_ON_IMPORTING,
        work=queue.go_on_with_interrupted,
        every=datetime.timedelta(minutes=10),
    ),
)
scheduled_jobs.register(
    "collect_hot_questions",
    ScheduledJob(label=COLLECT_HOT_QUESTIONS, work=opinion.collect, at=datetime.time(0, 50)),
)
search_labels.register("themes", Themes())
search_labels.register("forms", Forms())
