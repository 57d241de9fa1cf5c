"""What can be found, as the database has it: the store of record that every index follows."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """One ``SearchEntry``. Indexes are copies of these rows, made anew from them at any time.

    ``seq`` grows with every change of any row and never goes back (``Sequence``): an index that has
    read up to 17 reads what is above. What can be found no longer stays for some days as
    ``is_removed``, without its texts, so that indexes hear of it.
    """

    key = models.CharField(max_length=120, unique=True)
    # The key without what comes after "#": a whole and its parts in one look.
    whole = models.CharField(max_length=120, db_index=True)
    seq = models.BigIntegerField(unique=True)
    is_removed = models.BooleanField(default=False)
    checksum = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=12)
    # Plain numbers: an index row must not hold back the deletion of what it tells of.
    site = models.BigIntegerField(null=True)
    more_sites = models.JSONField(default=list)
    page = models.BigIntegerField(null=True, db_index=True)
    parent = models.CharField(max_length=120, blank=True, db_index=True)
    url = models.CharField(max_length=600)
    title = models.CharField(max_length=300)
    aliases = models.JSONField(default=list)
    number = models.CharField(max_length=120, blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    theme = models.CharField(max_length=60, blank=True)
    agencies = models.JSONField(default=list)
    form = models.CharField(max_length=60, blank=True)
    date = models.DateTimeField(null=True)
    standing = models.CharField(max_length=20, blank=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    public_from = models.DateTimeField(null=True)
    public_until = models.DateTimeField(null=True)
    trust = models.CharField(max_length=20, default="human")
    weight = models.FloatField(default=1)
    extra = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        verbose_name = _("search document")

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class Sequence(models.Model):
    """The last ``seq`` that was given; one row, moved under the lock of ``take_turn``."""

    last = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        verbose_name = _("search sequence")

    def __str__(self) -> str:
        return str(self.last)


class Replica(models.Model):
    """One index that follows the rows: of a machine (its directory), or of the search cluster."""

    name = models.CharField(max_length=120, unique=True)
    position = models.BigIntegerField(default=0)
    generation = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=200, blank=True)
    # Who writes an index that several machines could write.
    holder = models.CharField(max_length=120, blank=True)
    held_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("search index of a machine")

    def __str__(self) -> str:
        return f"{self.name} @ {self.position}"


class Stale(models.Model):
    """A key whose row is to be looked at again, a little later: a moved column has thousands."""

    key = models.CharField(max_length=120, unique=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("search document to look at again")

    def __str__(self) -> str:
        return self.key


class FileText(models.Model):
    """The text of an uploaded file, read once in the background; ``reason``: why there is none."""

    file = models.BigIntegerField(unique=True)
    file_hash = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    reason = models.CharField(max_length=60, blank=True)
    read_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("text of a file")

    def __str__(self) -> str:
        return f"file:{self.file}"


class IndexPlan(models.Model):
    """What indexes are to be made of, for all machines; one row.

    ``words`` are those of the portal's own (units, leaders, services, editors' words), one a line,
    as they were when they were looked at last: indexes are not made anew for each new word.
    ``origin`` tells this database from another, ``epoch`` grows when indexes shall be made anew.
    ``forgotten`` is the highest ``seq`` of a removed row that is gone: an index that has read less
    can never learn of it, and is made anew.
    """

    origin = models.UUIDField(default=uuid.uuid4)
    epoch = models.PositiveIntegerField(default=1)
    words = models.TextField(blank=True)
    forgotten = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("plan of search indexes")

    def __str__(self) -> str:
        return f"{self.origin} {self.epoch}"
