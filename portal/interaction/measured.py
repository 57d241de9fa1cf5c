"""How well letters are answered, for the report of all functions."""

import datetime
from collections.abc import Sequence

from django.db.models import Avg, Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import Measure, MeasureUnit, measured_functions

from .models import NOT_VALID_STATES, Letter, LetterRating

LEAST_IN_TIME = 0.95
LEAST_PUBLIC = 0.5
LEAST_SCORE = 4.0
MOST_REOPENED = 0.1


class LettersMeasured:
    """Entered in the registry ``measured_functions``."""

    title = gettext_lazy("Letters")
    order = 40

    def measures(
        self, *, site: int | None, first: datetime.date, last: datetime.date
    ) -> Sequence[Measure]:
        letters, ratings = Letter.objects.all(), LetterRating.objects.all()
        if site is not None:
            letters, ratings = letters.filter(site=site), ratings.filter(letter__site=site)
        # As moments, not as days: a function of a column cannot be looked up in an index.
        zone = timezone.get_current_timezone()
        begin = datetime.datetime.combine(first, datetime.time(), tzinfo=zone)
        end = datetime.datetime.combine(
            last + datetime.timedelta(days=1), datetime.time(), tzinfo=zone
        )
        received = (
            letters.filter(received_at__gte=begin, received_at__lt=end)
            .exclude(state__in=NOT_VALID_STATES)
            .count()
        )
        done = letters.filter(answered_at__gte=begin, answered_at__lt=end).aggregate(
            number=Count("pk"),
            in_time=Count("pk", filter=Q(in_time=True)),
            public=Count("pk", filter=Q(published_at__isnull=False)),
            reopened=Count("pk", filter=Q(reopened__gt=0)),
        )
        rated = ratings.filter(at__gte=begin, at__lt=end).aggregate(
            number=Count("pk"), score=Avg("score")
        )
        number = done["number"]
        if not received and not number:
            return []
        url = reverse("interaction_desk_figures")

        def share(part: int) -> float | None:
            return part / number if number else None

        return [
            Measure(key="received", label=_("Valid letters received"), value=received),
            Measure(
                key="in_time",
                label=_("Letters answered in time"),
                value=share(done["in_time"]),
                unit=MeasureUnit.SHARE,
                of=number,
                at_least=LEAST_IN_TIME,
                advice=_("Look at the units whose letters were late."),
                url=url,
            ),
            Measure(
                key="public",
                label=_("Answers that are public"),
                value=share(done["public"]),
                unit=MeasureUnit.SHARE,
                of=number,
                at_least=LEAST_PUBLIC,
                advice=_("Decide about the answers of which nobody has decided yet."),
                url=reverse("interaction_all"),
            ),
            Measure(
                key="score",
                label=_("How content the writers are"),
                value=rated["score"],
                unit=MeasureUnit.SCORE,
                of=rated["number"],
                at_least=LEAST_SCORE,
                advice=_("Read the answers that were rated low: did they say what was asked?"),
                url=url,
            ),
            Measure(
                key="reopened",
                label=_("Letters that were reopened"),
                value=share(done["reopened"]),
                unit=MeasureUnit.SHARE,
                of=number,
                at_most=MOST_REOPENED,
                advice=_("Answer the whole question the first time; the reply guard helps."),
                url=url,
            ),
        ]


measured_functions.register("letters", LettersMeasured())
