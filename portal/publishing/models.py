"""What changed in the database since the stores looked, and which stores there are."""

from django.db import models
from django.db.models.functions import Now


class RowChange(models.Model):
    """A row that was written, noted by the database itself in the same transaction.

    ``old`` and ``new`` hold the columns by which statements find rows (JSON, as text); ``old`` is
    empty for a new row, ``new`` for one that is gone. Rows are kept for a day (``triggers``).
    """

    id = models.BigAutoField(primary_key=True)
    table = models.CharField(max_length=100)
    old = models.TextField(null=True)  # noqa: DJ001 - none is another thing than empty
    new = models.TextField(null=True)  # noqa: DJ001
    at = models.DateTimeField(db_default=Now())

    class Meta:
        # Read by number only, and written with every row of the portal: no further index.
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk} {self.table}"


class StoreMachine(models.Model):
    """A store of pages: one for each machine and data folder, and how far it has looked."""

    name = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255)
    position = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.host} ({self.name[:8]})"
