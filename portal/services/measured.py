"""How well services are liked and answered for, for the report of all functions."""

import datetime
from collections.abc import Sequence

from django.db.models import Avg, Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import Measure, MeasureUnit, measured_functions

from .models import GuideRating

LEAST_SCORE = 4.0
LEAST_REPLIED = 0.95
BAD = 2


class ServicesMeasured:
    """Entered in the registry ``measured_functions``."""

    title = gettext_lazy("Services")
    order = 10

    def measures(
        self, *, site: int | None, first: datetime.date, last: datetime.date
    ) -> Sequence[Measure]:
        ratings = GuideRating.objects.filter(at__date__range=(first, last))
        if site is not None:
            ratings = ratings.filter(site=site)
        bad = Q(score__lte=BAD)
        found = ratings.aggregate(
            number=Count("pk"),
            mean=Avg("score"),
            bad=Count("pk", filter=bad),
            replied=Count("pk", filter=bad & Q(replied_at__isnull=False)),
        )
        if not found["number"]:
            return []
        url = reverse("services_ratings")
        return [
            Measure(key="ratings", label=_("Ratings of services"), value=found["number"]),
            Measure(
                key="score",
                label=_("Mean rating"),
                value=found["mean"],
                unit=MeasureUnit.SCORE,
                of=found["number"],
                at_least=LEAST_SCORE,
                advice=_("Read what people say of the services that they rate lowest."),
                url=url,
            ),
            Measure(
                key="replied",
                label=_("Bad ratings that were replied to"),
                value=found["replied"] / found["bad"] if found["bad"] else None,
                unit=MeasureUnit.SHARE,
                of=found["bad"],
                at_least=LEAST_REPLIED,
                advice=_("Reply to the bad ratings that wait."),
                url=url,
            ),
        ]


measured_functions.register("services", ServicesMeasured())
