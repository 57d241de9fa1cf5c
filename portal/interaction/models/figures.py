"""What the history of letters adds up to, month by month: read instead of the history itself."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class LetterFigure(models.Model):
    """How often something happened. Written with the step that it counts, so that it can be made
    anew from the history alone (``portal.interaction.services.counting.rebuild``).

    A row is about a site in a month, or about one kind, theme or unit of it in a year: then
    ``month`` is the first of that year, and two of the three are empty.

    ``bucket`` is what the measure is spread over: working days until the answer, a score; else 0.
    """

    site = models.ForeignKey("core.SiteRecord", on_delete=models.CASCADE, related_name="+")
    month = models.DateField()  # its first day
    kind = models.CharField(max_length=14, blank=True)
    unit = models.ForeignKey(
        "core.Organisation", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )  # the index of its own would be taken for those below
    theme = models.CharField(max_length=12, blank=True)
    measure = models.CharField(max_length=10)
    bucket = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["site", "month", "measure", "kind", "unit", "theme", "bucket"],
                name="interaction_figure_once",
            ),
            models.UniqueConstraint(
                fields=["site", "month", "measure", "kind", "theme", "bucket"],
                condition=models.Q(unit__isnull=True),
                name="interaction_figure_no_unit",
            ),
        ]

        indexes: ClassVar[list[Any]] = [
            # Each table of the figures is read from its own index, without the rows of the others.
            *(
                models.Index(
                    fields=["month", "site", *parts, "measure", "bucket", "count"],
                    condition=condition,
                    name=f"interaction_figure_{name}",
                )
                for name, parts, condition in (
                    ("whole", (), Q(kind="", theme="", unit__isnull=True)),
                    ("kind", ("kind",), ~Q(kind="")),
                    ("theme", ("theme",), ~Q(theme="")),
                    ("unit", ("unit",), Q(unit__isnull=False)),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.measure}: {self.count}"
