"""Ratings of services (好差评): given without an account, looked at, replied to (R-SVC-23).

One for each visitor, service and day; a second one on the same day takes the place of the first.
Words are public after somebody has looked at them. A bad rating owes a reply, with a deadline.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.plugin_api import (
    Action,
    Clock,
    ClockKind,
    Escalation,
    Limit,
    Terms,
    Unit,
    clocks,
    is_enabled,
    known_limit,
    may,
    public_pages,
    site_of_path,
    sites_allowing,
    take_turn,
)

from .models import GuidePage, GuideRating

SLUG = "services"
# Stored with every clock.
REPLY_CLOCK = f"{SLUG}.rating_reply"
BAD = 2
BEST = 5
LONGEST = 500
LONGEST_REPLY = 1000

SCORES = (
    (5, gettext_lazy("very satisfied")),
    (4, gettext_lazy("satisfied")),
    (3, gettext_lazy("neither")),
    (2, gettext_lazy("dissatisfied")),
    (1, gettext_lazy("very dissatisfied")),
)
# The key is stored.
REASONS = (
    ("clear", gettext_lazy("everything was as the guide says")),
    ("fast", gettext_lazy("quick")),
    ("friendly", gettext_lazy("friendly and competent")),
    ("unclear", gettext_lazy("the guide is hard to understand")),
    ("more_papers", gettext_lazy("more papers were asked for than the guide says")),
    ("late", gettext_lazy("it took longer than promised")),
    ("more_visits", gettext_lazy("I had to come more than once")),
    ("unfriendly", gettext_lazy("unfriendly or not competent")),
    ("online_failed", gettext_lazy("handling online did not work")),
    ("charged", gettext_lazy("more was charged than the guide says")),
)

_limit = known_limit("service_rating_reply")
RATING_REPLY = ClockKind(
    label=gettext_lazy("Reply to a bad rating"),
    due_label=gettext_lazy("Reply by"),
    terms=Terms(
        limit=_limit.limit,
        reminders=(Limit(1, Unit.WORKING_DAYS),),
        escalations=(Escalation(Limit(0, Unit.WORKING_DAYS), "site_admin"),),
    ),
    basis=_limit.basis,
    verified=_limit.verified,
)


# --- who may --------------------------------------------------------------------------------------
def may_reply(user: Any, rating: GuideRating) -> bool:
    """The office that handles the service, and who edits pages of its site."""
    if not getattr(user, "is_active", False) or not is_enabled(SLUG, rating.site_id):
        return False
    unit = getattr(user, "organisation_id", None)
    of_the_office = unit is not None and unit == rating.page.owner_unit_id
    return of_the_office or may(user, Action.PAGE_CHANGE, rating.site_id)


def may_look(user: Any, rating: GuideRating) -> bool:
    """Whether words are shown is not decided by the office that they are about."""
    return is_enabled(SLUG, rating.site_id) and may(user, Action.PAGE_CHANGE, rating.site_id)


def ratings_for(user: Any) -> QuerySet[GuideRating]:
    """What an account may see in the admin: of its sites, and of the services of its unit."""
    found = GuideRating.objects.select_related("page", "page__owner_unit", "site", "replied_by")
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    if sites is None:
        return found
    own = Q(site__in=sites)
    if getattr(user, "organisation_id", None):
        own |= Q(page__owner_unit=user.organisation_id)
    return found.filter(own)


def sees_ratings(user: Any) -> bool:
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    return sites is None or bool(sites) or bool(getattr(user, "organisation_id", None))


# --- giving ---------------------------------------------------------------------------------------
def public_guide(pk: int) -> GuidePage | None:
    """The public guide that a rating is about; None where there is none, or services are off."""
    page = (
        GuidePage.objects.filter(public_pages(), pk=pk, live=True, alias_of=None)
        .select_related("owner_unit", "locale")
        .first()
    )
    if page is None or not is_enabled(SLUG, site_of_path(page.path)):
        return None
    return page


@transaction.atomic
def rate(
    *,
    page: GuidePage,
    score: int,
    reasons: Sequence[str],
    text: str,
    language: str,
    visitor: str,
    at: datetime.datetime | None = None,
) -> GuideRating:
    """Keep a rating, or change the one of today; a bad one begins its deadline.

    ``visitor`` is the hash of ``visitor_of``. A rating that was replied to is not changed any
    more: the next one is another.
    """
    take_turn()
    # Whoever rates the same service waits here: two sends of one form stay one rating.
    locked = GuidePage.objects.select_for_update().get(pk=page.pk)
    site = site_of_path(locked.path)
    if site is None:
        raise ValidationError(_("This service cannot be rated."))
    moment = at or timezone.now()
    known = [key for key, _label in REASONS]
    values = {
        "score": score,
        "reasons": [key for key in known if key in reasons],
        "text": text.strip()[:LONGEST],
        "language": language,
        "at": moment,
        "shown": None,
    }
    day = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    rating = GuideRating.objects.filter(
        page=locked, voter=visitor, at__gte=day, at__lt=day + datetime.timedelta(days=1), reply=""
    ).first()
    if rating is None:
        rating = GuideRating(page=locked, site_id=site, voter=visitor)
    for name, value in values.items():
        setattr(rating, name, value)
    rating.save()
    _follow_score(rating)
    return rating


def subject_of(rating: GuideRating) -> str:
    return f"service_rating:{rating.pk}"


def _follow_score(rating: GuideRating) -> None:
    clock = clocks.open(REPLY_CLOCK, subject_of(rating))
    if rating.score <= BAD and clock is None:
        clocks.start(
            kind=REPLY_CLOCK,
            subject=subject_of(rating),
            site=rating.site_id,
            label=rating.page.title,
            url=reverse("services_rating", args=[rating.pk]),
            unit=rating.page.owner_unit,
            started_at=min(rating.at, timezone.now()),
        )
    elif rating.score > BAD and clock is not None:
        clocks.stop(clock=clock, outcome="changed by the visitor")


# --- looking, replying ----------------------------------------------------------------------------
@transaction.atomic
def decide(*, rating: GuideRating, shown: bool) -> bool:
    """Whether the words are public, as ``rating`` has them; rights are asked by ``may_look``.

    False where the visitor has changed them meanwhile: nobody has looked at those.
    """
    same = GuideRating.objects.filter(pk=rating.pk, text=rating.text)
    return bool(same.update(shown=shown))


@transaction.atomic
def reply(*, rating: GuideRating, text: str, by: Any) -> GuideRating:
    """The office's reply, which is public with the rating; ends its deadline.

    Raises:
        ValidationError: nothing was written, or too much.
    """
    words = text.strip()
    if not words:
        raise ValidationError(_("Write a reply."))
    if len(words) > LONGEST_REPLY:
        raise ValidationError(
            _("The reply is longer than %(most)d characters.") % {"most": LONGEST_REPLY}
        )
    found = GuideRating.objects.select_for_update().get(pk=rating.pk)
    found.reply, found.replied_by, found.replied_at = words, by, timezone.now()
    found.save(update_fields=["reply", "replied_by", "replied_at"])
    clock = clocks.open(REPLY_CLOCK, subject_of(found))
    if clock is not None:
        clocks.stop(clock=clock, outcome="replied", by=by)
    return found


def open_clocks(ratings: Sequence[GuideRating]) -> dict[str, Clock]:
    """The running deadlines of ratings by subject. One query."""
    subjects = [subject_of(rating) for rating in ratings if rating.score <= BAD]
    found = Clock.objects.filter(kind=REPLY_CLOCK, subject__in=subjects)
    return {clock.subject: clock for clock in found if clock.is_open}


# --- in public ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Figures:
    """How a service was rated. ``by_score``: (score, label, number, share in percent)."""

    count: int
    average: float | None
    replied: int
    owed: int
    by_score: Sequence[tuple[int, str, int, int]]


@dataclass(frozen=True, slots=True)
class RatingPart:
    """What the page of a guide says of its ratings, and where one rates."""

    figures: Figures
    rate_url: str
    ratings_url: str


def figures_of(page_pk: int) -> Figures:
    """One query."""
    asked = {f"n_{score}": Count("pk", filter=Q(score=score)) for score, _label in SCORES}
    found = GuideRating.objects.filter(page=page_pk).aggregate(
        **asked,
        replied=Count("pk", filter=~Q(reply="") & Q(score__lte=BAD)),
    )
    numbers = {score: found[f"n_{score}"] for score, _label in SCORES}
    count = sum(numbers.values())
    bad = sum(number for score, number in numbers.items() if score <= BAD)
    total = sum(score * number for score, number in numbers.items())
    return Figures(
        count=count,
        average=round(total / count, 1) if count else None,
        replied=found["replied"],
        owed=bad - found["replied"],
        by_score=[
            (score, str(label), numbers[score], round(100 * numbers[score] / count) if count else 0)
            for score, label in SCORES
        ],
    )


def part_for(page: GuidePage) -> RatingPart:
    """For ``services/rating_part.html`` on the page of a guide. One query."""
    return RatingPart(
        figures=figures_of(page.pk),
        rate_url=reverse("services_language:rate", args=[page.pk]),
        ratings_url=reverse("services_language:ratings", args=[page.pk]),
    )


def public_ratings(page_pk: int) -> QuerySet[GuideRating]:
    """Those with something to read: words that were looked at, or a reply. The newest first."""
    return GuideRating.objects.filter(page=page_pk).filter(
        (Q(shown=True) & ~Q(text="")) | ~Q(reply="")
    )


def reason_labels(keys: Sequence[str]) -> list[str]:
    labels = dict(REASONS)
    return [str(labels[key]) for key in keys if key in labels]
