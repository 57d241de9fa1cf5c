"""What a model makes of documents: the store of record of the search by meaning."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentVector(models.Model):
    """The vector of one document, by one model.

    Never changed but replaced: what is new has a higher ``id``, and that is what the index files of
    the machines follow. ``seq`` is the state of the document that was read; ``text`` the digest of
    what was read of it, so that what did not change is not computed again.
    """

    # A plain number, as in the documents themselves: removed rows are noticed by their absence.
    document = models.BigIntegerField(unique=True)
    seq = models.BigIntegerField()
    # "name/version": vectors of two models cannot be compared.
    model = models.CharField(max_length=120)
    text = models.CharField(max_length=32)
    # Little-endian float16 numbers, of length 1 together.
    vector = models.BinaryField()

    class Meta:
        default_permissions = ()
        verbose_name = _("meaning of a search document")
        indexes = [models.Index(fields=["text", "model"], name="search_vector_text")]

    def __str__(self) -> str:
        return f"{self.document} ({self.model})"
