"""What the index is made from: the truth that every worker reads.

``IndexedEntry`` and ``IndexGeneration`` are written by ``index.services`` only, in the transaction
that publishes, changes or withdraws a question.
"""

import uuid

from django.db import models


class IndexedEntry(models.Model):
    """One public question as the index reads it; flat, so that ten thousand come in one query.

    ``page`` is the primary key of its ``QuestionPage`` (no foreign key: the row outlives it).
    ``key`` is what reports call the entry. ``group`` is the page that it translates, else itself.
    ``site`` 0 is all sites. ``seq`` is the number of the last change. ``embedded`` names the models
    whose vectors of all its texts are stored. Rows that are not ``live``
    say that an entry is gone: without its texts, until every index has been made without it.
    """

    page = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=80, db_index=True)
    seq = models.BigIntegerField(db_index=True)
    live = models.BooleanField(default=True)
    group = models.BigIntegerField(default=0)
    language = models.CharField(max_length=12, default="")
    site = models.BigIntegerField(default=0)
    topic = models.CharField(max_length=60, default="", blank=True)
    audience = models.CharField(max_length=120, default="", blank=True)
    title = models.CharField(max_length=255, default="", blank=True)
    question = models.TextField(default="", blank=True)
    phrasings = models.JSONField(default=list, blank=True)
    answer = models.TextField(default="", blank=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    embedded = models.CharField(max_length=200, default="", blank=True, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class IndexGeneration(models.Model):
    """The one row (pk 1) that a worker reads with each question.

    ``seq`` is the number of the newest change. A worker that knows less than ``floor`` reads
    everything anew: the traces of what went before are swept away. ``epoch`` names this database:
    index files that were made from another one are not read.
    """

    seq = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)
    epoch = models.UUIDField(default=uuid.uuid4)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.seq)


class TextVector(models.Model):
    """What a model makes of a text: never changes, and is shared by all entries with that text.

    ``text`` is the digest of the text and of its part (``retrieval.texts.text_key``); ``vector``
    are little-endian float16 numbers of length 1.
    """

    text = models.UUIDField()
    model = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    vector = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["text", "model", "version"], name="assistant_one_vector"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.text}"
