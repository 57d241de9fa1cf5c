"""The check: log file, table, tree, signatures, and what is public now. In portions, resumable.

Each stage is a generator of findings that moves its place (plain JSON) on as it goes, so that a run
can stop after any portion and go on in another process. Memory does not grow with the log.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from portal.evidence.models import Run

from . import checks_items, checks_log, checks_store
from .findings import Found, note, settle_unseen
from .following import catch_up

type Place = dict[str, Any]


@dataclass(slots=True)
class Report:
    """What one call has done."""

    checked: dict[str, int] = field(default_factory=dict)
    findings: list[Found] = field(default_factory=list)
    seconds: float = 0.0
    is_finished: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "finished": self.is_finished,
            "seconds": round(self.seconds, 3),
            "checked": self.checked,
            "findings": [found.to_json() for found in self.findings],
        }


def verify(
    *,
    repair: bool = False,
    run: Run | None = None,
    seconds: float | None = None,
    say: Callable[[str], None] | None = None,
) -> Report:
    """Check everything, or a portion.

    Args:
        repair: put right what can be put right from here.
        run: go on with this one; None: a new one.
        seconds: stop after about so long and keep the place in the run.
        say: called with lines of progress.
    """
    began = time.monotonic()
    report = Report()
    run = run or Run.objects.create()
    catch_up()
    stages = [*checks_log.STAGES, *checks_items.stages(), *checks_store.STAGES]
    done: list[str] = run.place.setdefault("done", [])
    for stage in stages:
        if stage.name in done:
            continue
        place: Place = run.place.setdefault(stage.name, {})
        for step in stage.work(place, repair):
            report.checked[stage.name] = report.checked.get(stage.name, 0) + step.checked
            run.checked += step.checked
            for found in step.findings:
                note(found)
                report.findings.append(found)
                run.found += 1
            if say is not None and step.says:
                say(f"{stage.name}: {step.says}")
            if seconds is not None and time.monotonic() - began > seconds:
                run.save()
                report.seconds = time.monotonic() - began
                return report
        done.append(stage.name)
        run.save()
    run.finished_at = timezone.now()
    run.place = {}
    run.save()
    settle_unseen(run.began_at)
    report.is_finished = True
    report.seconds = time.monotonic() - began
    return report
