"""Scheduled jobs: the daily root, the nightly check in portions."""

import datetime

from django.utils import timezone

from .models import Run
from .services.following import catch_up
from .services.sealing import missing_baselines, take_baseline
from .services.signing import sign_day
from .services.verification import verify

# How long a portion may take: others wait in the same process.
SECONDS = 60.0
NIGHT = (datetime.time(1, 0), datetime.time(5, 30))


def sign_root(_site: int | None) -> None:
    """Sign the root over everything that happened until now."""
    catch_up()
    sign_day()


def check_portion(_site: int | None) -> None:
    """At night, a portion: the one that was begun goes on, one whole check for each night.

    A check that did not end in its night goes on in the next one. What was public before the log
    began is taken in first, at any time of the day.
    """
    if missing_baselines():
        catch_up()
        take_baseline()
    now = timezone.localtime()
    if not NIGHT[0] <= now.time() < NIGHT[1]:
        return
    run = Run.objects.order_by("-pk").first()
    if run is not None and run.finished_at is not None:
        if timezone.localtime(run.began_at).date() == now.date():
            return
        run = None
    verify(run=run, seconds=SECONDS)
