"""How well the assistant does, for the report of all functions."""

import datetime
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import Measure, MeasureUnit

from .figures_panels import FiguresQuery
from .selectors.figures import figures

LEAST_ANSWERED = 0.7
LEAST_USEFUL = 0.7
SLOWEST = 3.0


class AssistantMeasured:
    """Entered in the registry ``measured_functions``."""

    title = gettext_lazy("Assistant")
    order = 30

    def measures(
        self, *, site: int | None, first: datetime.date, last: datetime.date
    ) -> Sequence[Measure]:
        sites = None if site is None else frozenset({site})
        total = figures(FiguresQuery(sites, "", first, last)).total
        if not total.asked:
            return []
        url, gaps = reverse("assistant_figures"), reverse("assistant_gaps")
        votes = total.useful + total.not_useful
        return [
            Measure(key="questions", label=_("Questions"), value=total.asked),
            Measure(
                key="answered",
                label=_("Questions that were answered"),
                value=total.answer_rate,
                unit=MeasureUnit.SHARE,
                of=total.asked,
                at_least=LEAST_ANSWERED,
                advice=_("Work off the gaps: what people ask and nobody has answered yet."),
                url=gaps,
            ),
            Measure(
                key="useful",
                label=_("Answers called useful"),
                value=total.satisfaction,
                unit=MeasureUnit.SHARE,
                of=votes,
                at_least=LEAST_USEFUL,
                advice=_("Look at the answers that were called of no use, and why."),
                url=url,
            ),
            Measure(
                key="slow",
                label=_("Nineteen of twenty answers within"),
                value=None if total.p95 is None else total.p95 / 1000,
                unit=MeasureUnit.SECONDS,
                of=total.asked,
                at_most=SLOWEST,
                advice=_("Tell whoever runs the server: answers take too long."),
                url=url,
            ),
        ]
