"""What a section may still send to a machine translator this month."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from portal.foreign.models import ForeignSection, MachineBudget, MachineUse
from portal.plugin_api import capability, translator

WITHOUT_ROW = 200_000  # characters a month, where nobody has set another number
WARN_AT = 80  # per cent


@dataclass(frozen=True, slots=True)
class Standing:
    """Characters of this month."""

    used: int
    limit: int

    @property
    def left(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def percent(self) -> int:
        return 100 if self.limit == 0 else min(self.used * 100 // self.limit, 100)

    @property
    def is_low(self) -> bool:
        return self.percent >= WARN_AT


def month_of(day: datetime.date | None = None) -> datetime.date:
    return (day or timezone.localdate()).replace(day=1)


def standing(section: ForeignSection) -> Standing:
    """How much of the budget of this month is spent."""
    limit = (
        MachineBudget.objects.filter(section=section).values_list("characters", flat=True).first()
    )
    used = (
        MachineUse.objects.filter(section=section, month=month_of())
        .values_list("characters", flat=True)
        .first()
    )
    return Standing(used or 0, WITHOUT_ROW if limit is None else limit)


def has_translator(section: ForeignSection) -> bool:
    """Whether there is a machine for this section at all: for buttons."""
    return capability(translator, section.site_id) is not None and standing(section).limit > 0
