"""Whether people take part and learn what came of it, for the report of all functions."""

import datetime
from collections.abc import Sequence

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import Measure, MeasureUnit, measured_functions

from .models import Activity

LEAST_WITH_RESULT = 0.95
LEAST_VOICES = 20.0


class ParticipationMeasured:
    """Entered in the registry ``measured_functions``."""

    title = gettext_lazy("Participation")
    order = 50

    def measures(
        self, *, site: int | None, first: datetime.date, last: datetime.date
    ) -> Sequence[Measure]:
        ended = Activity.objects.filter(page__live=True, closes_at__date__range=(first, last))
        if site is not None:
            ended = ended.filter(site=site)
        found = ended.aggregate(
            number=Count("pk"),
            voices=Sum("received", default=0),
            results=Count("pk", filter=Q(result_at__isnull=False)),
        )
        number = found["number"]
        if not number:
            return []
        url = reverse("participation_counts")
        return [
            Measure(key="ended", label=_("Activities that ended"), value=number),
            Measure(
                key="voices",
                label=_("Voices for each activity"),
                value=found["voices"] / number,
                unit=MeasureUnit.NUMBER,
                of=number,
                at_least=LEAST_VOICES,
                advice=_("Few took part: say earlier and in plainer words what is asked."),
                url=url,
            ),
            Measure(
                key="results",
                label=_("Activities with a published result"),
                value=found["results"] / number,
                unit=MeasureUnit.SHARE,
                of=number,
                at_least=LEAST_WITH_RESULT,
                advice=_("Publish the results that are owed."),
                url=url,
            ),
        ]


measured_functions.register("participation", ParticipationMeasured())
